"""Problems for the tests of grouping: the founding dialogue, and anything that hypothesis thinks of."""

from hypothesis import strategies as st

from majlis.algorithms.grouping import WORKING_LEVEL, Lock, Person, Plan, Problem, Round
from majlis.algorithms.grouping.model import sizes

THEMES = ("STR", "PSP", "LIV", "GRN")
TONGUES = ("ar", "fr", "en", "de")


def founding(groups: int = 7, rounds: int = 5, people: int = 44) -> Problem:
    """44 people of 22 delegations; in the three middle rounds one case giver per group."""
    everybody = tuple(
        Person(
            id=number, municipality=f"m{number // 2}", country=f"c{number // 2 % 10}", size_class=f"SZ{number // 2 % 5}",
            languages={TONGUES[number // 2 % 2]: 6, "en": WORKING_LEVEL},
            needs=frozenset({THEMES[number // 2 % 4]}), offers=frozenset({THEMES[(number // 2 + 1) % 4]}),
        )
        for number in range(people)
    )  # fmt: skip
    ids = tuple(range(people))
    givers = [each for each in ids if each % 2 == 0]
    planned = []
    for number in range(rounds):
        classes = {}
        first = (number - 1) * groups
        if 1 <= number <= 3 and first + groups <= len(givers):
            classes = {"case_giver": tuple(givers[first : first + groups])}
        planned.append(Round(ids, groups, classes))
    return Problem(everybody, tuple(planned))


def plain(groups: int, width: int, rounds: int) -> Problem:
    """Social golfers: people who differ in nothing."""
    ids = tuple(range(groups * width))
    return Problem(tuple(map(Person, ids)), (Round(ids, groups),) * rounds)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(4, 16))
    people = tuple(
        Person(
            id=100 + number,
            municipality=draw(st.sampled_from(["", "a", "b", "c", "d"])),
            country=draw(st.sampled_from(["", "x", "y"])),
            size_class=draw(st.sampled_from(["", "SZ1", "SZ2"])),
            role=draw(st.sampled_from(["", "mayor"])),
            languages=draw(st.dictionaries(st.sampled_from(TONGUES), st.integers(1, 6), max_size=3)),
            needs=frozenset(draw(st.sets(st.sampled_from(THEMES), max_size=2))),
            offers=frozenset(draw(st.sets(st.sampled_from(THEMES), max_size=2))),
        )
        for number in range(count)
    )
    rounds = []
    locks = []
    for number in range(draw(st.integers(1, 4))):
        here = draw(st.permutations([person.id for person in people]))[: draw(st.integers(3, count))]
        groups = draw(st.integers(1, len(here) // 2 or 1))
        classes = {}
        if draw(st.booleans()):
            classes["case_giver"] = tuple(here[:groups])
        if len(here) >= 2 * groups and draw(st.booleans()):
            classes["facilitator"] = tuple(here[groups : 2 * groups])
        if draw(st.booleans()):
            locks.append(Lock(here[-1], number, draw(st.integers(0, groups - 1))))
        rounds.append(Round(tuple(here), groups, classes))
    pair = st.lists(st.sampled_from([person.id for person in people]), min_size=2, max_size=2, unique=True)
    pairs = [frozenset(each) for each in draw(st.lists(pair, max_size=3))]
    together = draw(st.integers(0, len(pairs)))
    return Problem(people, tuple(rounds), tuple(locks), tuple(pairs[:together]), tuple(pairs[together:]))


def assert_lawful(problem: Problem, found: Plan) -> None:
    assert len(found.groups) == len(problem.rounds)
    for number, round_ in enumerate(problem.rounds):
        groups = found.groups[number]
        assert sorted(who for group in groups for who in group) == sorted(round_.attendees)
        assert sorted(map(len, groups), reverse=True) == sizes(len(round_.attendees), round_.groups)
        for members in round_.classes.values():
            assert [len(set(group) & set(members)) for group in groups] == [1] * round_.groups
    for lock in problem.locks:
        assert lock.person in found.groups[lock.round][lock.group]
