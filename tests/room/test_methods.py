from majlis.language.models import LANGUAGES
from majlis.room.methods import method, methods
from majlis.room.models import Member
from majlis.room.rules import RIGHTS


def test_the_six_shipped_methods() -> None:
    assert list(methods()) == ["KB60", "CODEV90", "TROIKA30", "CLINIC70", "ASSIST90", "KBASYNC10"]


def test_kb60_as_the_domain_describes_it() -> None:
    kb60 = method("KB60")
    assert [phase.key for phase in kb60.phases] == [
        "roles", "case", "clarify", "key_question", "consult", "response", "learning"
    ]  # fmt: skip
    assert [phase.minutes for phase in kb60.phases] == [5, 10, 7, 5, 20, 8, 5]
    assert kb60.minutes == 60
    assert kb60.phases[4].silent == {Member.Role.CASE_GIVER}
    assert (kb60.smallest_group, kb60.ideal_group, kb60.largest_group) == (5, 7, 9)


def test_kb60_speaks_four_languages() -> None:
    for phase in method("KB60").phases:
        assert set(phase.name.in_all()) == set(phase.prompt.in_all()) == set(LANGUAGES)


def test_positions_count_from_one_in_every_method_and_every_artefact_has_rights() -> None:
    for each in methods().values():
        assert [phase.position for phase in each.phases] == list(range(1, len(each.phases) + 1))
        assert {phase.artefact for phase in each.phases} <= set(RIGHTS)
        assert all(phase.minutes > 0 and phase.name and phase.prompt for phase in each.phases)


def test_a_plain_room_has_no_phases() -> None:
    assert method("").phases == ()
    assert method("").phase(1) is None
