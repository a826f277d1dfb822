import pytest

from majlis.room import actions
from majlis.room.methods import method
from majlis.room.models import Card, Member
from majlis.room.rules import needs_for_closing, what_now, writable, writable_for_others
from majlis.web.refused import Forbidden, NotNow, NotThere
from tests.room.conftest import Table
from tests.world import World

ADVICE = {"idea", "experience", "contact", "resource", "warning"}
ASKERS = {"consultant", "note_taker", "time_keeper"}

# The whole of KB60, written out: phase → role → kinds. Whoever is not named writes nothing.
KB60: dict[int, dict[str, set[str]]] = {
    0: {},
    1: {role: {"note"} for role in ASKERS | {"facilitator", "case_giver"}},
    2: {"case_giver": {"note"}, "facilitator": {"note"}},
    3: {role: {"question"} for role in ASKERS} | {"case_giver": {"note"}},
    4: {"case_giver": {"key_question", "note"}, "facilitator": {"note"}},
    5: dict.fromkeys(ASKERS, ADVICE),
    6: {"case_giver": {"takeaway", "next_step", "key_question"}},
    7: {role: {"learning"} for role in ASKERS | {"case_giver", "facilitator", "observer"}},
    8: {},
}


@pytest.mark.parametrize("phase", KB60)
@pytest.mark.parametrize("role", Member.Role.values)
def test_every_role_in_every_phase(phase: int, role: str) -> None:
    assert writable(method("KB60"), phase, role) == KB60[phase].get(role, set())


@pytest.mark.parametrize("phase", range(1, 8))
def test_the_note_taker_writes_for_those_who_speak_and_nobody_else_does(phase: int) -> None:
    everything = set().union(*KB60[phase].values())
    for role in Member.Role.values:
        wanted = everything if role == "note_taker" else set()
        assert writable_for_others(method("KB60"), phase, role) == wanted


@pytest.mark.parametrize("code", ["KB60", "CODEV90", "TROIKA30", "CLINIC70", "ASSIST90", "KBASYNC10"])
def test_in_no_method_does_a_facilitator_advise_or_a_silent_role_write(code: str) -> None:
    how = method(code)
    for phase in how.phases:
        assert not writable(how, phase.position, "facilitator") & ADVICE
        for role in phase.silent:
            assert writable(how, phase.position, role) == set()
        assert writable(how, phase.position, "interpreter") == set()


def test_every_role_is_told_in_words_what_it_may_do() -> None:
    for phase in range(9):
        for role in Member.Role.values:
            assert str(what_now(method("KB60"), phase, role))


def test_the_matrix_holds_in_the_action(table: Table) -> None:
    """Every role tries every kind in every phase of a running room: exactly the matrix goes in."""
    for phase in range(1, 8):
        table.go(phase)
        went_in: dict[str, set[str]] = {}
        for role in Member.Role.values:
            for kind in Card.Kind.values:
                try:
                    table.write(role, kind)
                except Forbidden as refused:
                    assert str(refused)
                else:
                    went_in.setdefault(role, set()).add(kind)
        assert went_in == KB60[phase]


def test_the_silent_case_giver_is_told_why(table: Table) -> None:
    table.go(5)
    with pytest.raises(Forbidden, match="You listen now and write nothing"):
        table.write("case_giver", "idea")


def test_advice_in_the_clarifying_phase_is_refused_with_what_may_be_written(table: Table) -> None:
    table.go(3)
    with pytest.raises(Forbidden, match=r"“Idea” is not written in the phase “Clarifying questions”.*Question"):
        table.write("consultant", "idea")


def test_the_note_taker_writes_for_the_case_giver_only_what_they_may_write(table: Table) -> None:
    table.go(5)
    giver, consultant = table.person("case_giver"), table.person("consultant")
    with pytest.raises(Forbidden):
        table.write("note_taker", "idea", on_behalf_of=giver)
    card = table.write("note_taker", "idea", on_behalf_of=consultant)
    assert (card.author, card.written_by) == (consultant, table.person("note_taker"))
    with pytest.raises(Forbidden, match="Only the note taker"):
        table.write("consultant", "idea", on_behalf_of=table.person("consultant", 1))


def test_nothing_is_written_before_the_start_and_after_the_end(table: Table) -> None:
    with pytest.raises(NotNow, match="prepared"):
        table.write("consultant", "note")
    actions.cancel_room(by=table.who("facilitator"), room=table.room, reason="Nobody came.")
    with pytest.raises(NotNow, match="closed"):
        table.write("consultant", "note")


def test_strangers_the_secretariat_and_the_withdrawn_do_not_write(table: Table, world: World) -> None:
    table.go(1)
    actions.withdraw_member(by=table.who("facilitator"), room=table.room, person=table.person("consultant"))
    for account in (world.account(), world.secretariat, table.who("consultant")):
        with pytest.raises(NotThere):
            actions.join(by=account, room=table.room)


def test_closing_asks_for_key_question_advice_and_step(table: Table) -> None:
    assert [need.is_met for need in needs_for_closing(table.room)] == [False, False, False]
    table.go(4)
    table.write("case_giver", "key_question", "How can we keep young firms?")
    table.go(5)
    for _number in range(3):
        table.write("consultant", "experience")
    assert [need.is_met for need in needs_for_closing(table.fresh())] == [True, True, False]
    table.go(6)
    table.write("case_giver", "next_step")
    assert [need.is_met for need in needs_for_closing(table.fresh())] == [True, True, True]
