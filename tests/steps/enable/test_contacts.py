"""Who meets whom, and how good a plan is, as the facilitator reads it."""

from majlis.steps.enable import actions
from majlis.steps.enable.models import Round, Seat
from majlis.steps.enable.queries.contacts import contacts, one_city, seated
from majlis.steps.enable.queries.quality import read_quality
from tests.steps.enable.setting import at_enable, practitioners
from tests.world import World


def test_the_matrix_says_in_which_rounds(world: World) -> None:
    dialogue = at_enable(world, 4)
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    tables = seated(dialogue)
    matrix = contacts(tables)
    assert [row.name for row in matrix.rows] == ["Agadir", "Dortmund", "Gabès", "Irbid"]
    assert (matrix.rounds, matrix.pairs) == ([1, 2], 6)
    for row, line in enumerate(matrix.rows):
        assert line.cells[row].is_same
        for column, cell in enumerate(line.cells):
            assert cell == matrix.rows[column].cells[row]
            together = [
                nth for (nth, _group), people in tables.items()
                if {matrix.rows[row].city, matrix.rows[column].city} <= {each.person.city_id for each in people}
            ]  # fmt: skip
            if row != column:
                assert (cell.rounds, cell.times) == (tuple(sorted(set(together))), len(together))
    one = one_city(tables, matrix.rows[0].city)
    assert (one.name, len(one.people)) == ("Agadir", 2)
    assert dict(one.met) == {
        row.name: list(cell.rounds)
        for row, cell in zip(matrix.rows, matrix.rows[0].cells, strict=True) if cell.rounds and not cell.is_same
    }  # fmt: skip
    for participant, meetings in one.people:
        for meeting in meetings:
            seat = Seat.objects.get(participant=participant, group__round__number=meeting.round)
            mates = seat.group.seats.exclude(participant=participant).select_related("participant__person__city")
            assert meeting.cities == sorted(str(mate.participant.person.city) for mate in mates)


def test_quality_stands_beside_what_no_plan_can_exceed(world: World) -> None:
    dialogue = at_enable(world, 4, ("S1",))
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    people = {each.pk: each for each in practitioners(dialogue)}
    plan = Round.objects.get().plan
    read = read_quality(plan, people)
    assert (plan["distinct_pairs"], plan["most_pairs"], plan["repeats"]) == (12, 12, 0)
    assert (read.pairs_percent, read.together, read.not_apart) == (100, [], [])
    assert read.benefit_percent is not None and 0 < read.benefit_percent <= 100
    assert (plan["fewest_contacts"], len(read.fewest)) == (3, 8)
    # One group: all of a city sit together, and each violation names them.
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=1)
    read = read_quality(Round.objects.get().plan, people)
    assert [(place.round, place.group, len(place.people)) for place in read.together] == [(1, 1, 2)] * 4
    # Stored before there were bounds of the benefit: what is not known is not shown.
    assert read_quality({"seed": 1, "distinct_pairs": 1, "most_pairs": 2}, people).benefit_percent is None


def test_interpreters_are_named_with_place_and_languages(world: World) -> None:
    dialogue = at_enable(world, 4, ("S1",))
    for number, each in enumerate(practitioners(dialogue)):
        each.person.languages = ["ar"] if number < 5 else ["de"]
        each.person.save(update_fields=["languages"])
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=1)
    plan = Round.objects.get().plan
    read = read_quality(plan, {each.pk: each for each in practitioners(dialogue)})
    assert (plan["interpreters"], plan["least_interpreters"]) == (1, 1)
    assert [(p.round, p.group, p.language, p.interpreted, len(p.people)) for p in read.uncovered] == [
        (1, 1, "ar", ["de"], 3)
    ]
