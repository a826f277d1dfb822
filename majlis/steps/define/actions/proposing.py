"""Proposing sub-topics from the themes of needs and visions: at once, or by a job that a page asked for."""

from __future__ import annotations

from typing import Literal, cast

from django.db import transaction
from django.utils.translation import gettext_noop as _
from procrastinate.contrib.django import app

from majlis.accounts.models import Account
from majlis.algorithms import topics as algorithm
from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.language.models import LANGUAGES, Text
from majlis.language.words import in_all_languages
from majlis.network.models import Statement
from majlis.steps.cluster.terms import families, theme_names, track_names
from majlis.steps.define.actions.versioning import may_shape, note
from majlis.steps.define.meaning import Reading, read
from majlis.steps.define.models import Proposal, Topic
from majlis.steps.define.queries import statements as statements_of
from majlis.steps.define.queries import under_way
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence

THERE_ALREADY = _("There are sub-topics already. Say that they may be replaced, or change them one by one.")
NO_THEMES = _(
    "Sub-topics follow from the themes of needs and visions. At least one need and one vision must have a theme."
)
TWO_THEMES = _("%(one)s; %(other)s")
ODD_COUNT = _("Choose between 1 and 12 sub-topics.")
READING = _("Reading needs and visions")
COMPARING = _("Comparing what has no theme yet, by meaning and in all languages")
GROUPING = _("Grouping them by what they speak of")
BROKEN = _("Something went wrong on our side. Please try again; if it happens again, tell whoever runs Majlis.")


def _may_propose(by: Account | None, dialogue: Dialogue, count: int | None, replace: bool) -> None:
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)
    if dialogue.topics.exists() and not replace:
        raise Refused(THERE_ALREADY)
    if count is not None and not 1 <= count <= 12:
        raise Refused(ODD_COUNT)


@transaction.atomic
def ask_proposal(*, by: Account, dialogue: Dialogue, count: int | None = None, replace: bool = False) -> Proposal:
    """Ask for a proposal; a job works it off. While one is under way, that one is returned."""
    _may_propose(by, dialogue, count, replace)
    proposal = under_way(dialogue)
    if proposal is None:
        proposal = Proposal.objects.create(dialogue=dialogue, count=count, replace=replace, by=by)
        number = proposal.pk
        transaction.on_commit(lambda: app.configure_task("define.propose").defer(proposal_id=number))
    return proposal


def work_off(*, proposal_id: int) -> Proposal | None:
    """Do what a page asked for and keep how far it is. None when the request is gone; a second run changes nothing."""
    proposal = Proposal.objects.select_related("dialogue", "by").filter(pk=proposal_id).first()
    if proposal is None or not proposal.is_under_way:
        return proposal
    try:
        _tell(proposal, 5, READING)
        propose_topics(
            by=cast(Account, proposal.by),
            dialogue=proposal.dialogue,
            count=proposal.count,
            replace=proposal.replace,
            proposal=proposal,
        )
    except Refused as refused:
        _settle(proposal, Proposal.State.FAILED, refused.sentence)
    except Exception:
        _settle(proposal, Proposal.State.FAILED, Sentence(BROKEN))
        raise
    else:
        _settle(proposal, Proposal.State.DONE, None)
    return proposal


def _tell(proposal: Proposal | None, done: int, words: str, reading: Reading | None = None) -> None:
    """Say how far it is, at once and for everybody to see: outside the transaction that makes the topics."""
    if proposal is None:
        return
    proposal.state, proposal.done, proposal.said = Proposal.State.RUNNING, done, Sentence(words).as_json()
    proposal.read = reading.as_json() if reading else {}
    proposal.save(update_fields=["state", "done", "said", "read", "changed_at"])


def _settle(proposal: Proposal, state: Proposal.State, said: Sentence | None) -> None:
    proposal.state, proposal.done, proposal.said = state, 100, said.as_json() if said else {}
    proposal.save(update_fields=["state", "done", "said", "changed_at"])


def propose_topics(
    *,
    by: Account,
    dialogue: Dialogue,
    count: int | None = None,
    replace: bool = False,
    proposal: Proposal | None = None,
) -> list[Topic]:
    """Make topics from the themes of the partners' needs and visions, tied to them and named in four languages.

    Statements without a theme are read by meaning first, which takes seconds: pages use `ask_proposal`. count: how many
    at most; None decides from the number of partners (22 → 3). Existing topics and their dots are replaced only with
    `replace`. proposal: told how far it is, and keeps what was read and why.
    """
    with transaction.atomic():
        _may_propose(by, dialogue, count, replace)
    said = {each.pk: each for each in statements_of(dialogue)}
    _tell(proposal, 15, COMPARING)
    reading = read(list(said.values()))
    _tell(proposal, 70, GROUPING, reading)
    try:
        given = [_as_given(each, reading) for each in said.values()]
        found = algorithm.propose(given, tracks=families(), count=count)
    except algorithm.NoTopics as wrong:
        if not reading.groups:
            raise Refused(NO_THEMES) from wrong
        found = algorithm.Topics((), 0, 0, 0, ())
    return _kept(by, dialogue, found, said, reading, count, replace)


@transaction.atomic
def _kept(
    by: Account,
    dialogue: Dialogue,
    found: algorithm.Topics,
    said: dict[int, Statement],
    reading: Reading,
    count: int | None,
    replace: bool,
) -> list[Topic]:
    """Put the found topics in place of those that stand; what was allowed may not be any more."""
    _may_propose(by, dialogue, count, replace)
    may_shape(by, dialogue)
    existing = list(dialogue.topics.all())
    dialogue.topics.all().delete()
    wanted = [(_name(each), [said[int(key)] for key in each.statements]) for each in found.topics]
    wanted += [(group.name, group.statements) for group in reading.groups]
    made = []
    for position, (name, statements) in enumerate(wanted, 1):
        topic = Topic.objects.create(dialogue=dialogue, position=position, name=name)
        topic.statements.set(statements)
        made.append(topic)
    note(
        act="propose_topics", by=by, dialogue=dialogue,
        sentence=Sentence(_("%(count)s sub-topic was proposed"), {}, _("%(count)s sub-topics were proposed"), len(made)),
        facts={
            "topics": [topic.name.in_all() for topic in made],
            "replaced": [topic.name.in_all() for topic in existing],
            "need_coverage": found.need_coverage,
            "vision_coverage": found.vision_coverage,
            "read_by_meaning": reading.as_json(),
            "together_in_share_of_runs": [round(group.stayed, 2) for group in reading.groups],
        },
    )  # fmt: skip
    return made


def _as_given(statement: Statement, reading: Reading) -> algorithm.Statement:
    """With its own themes, or those that were read from it."""
    kind = cast(Literal["need", "vision"], statement.kind)
    themes = statement.themes or [each.code for each in reading.themes.get(statement.pk, ())]
    return algorithm.Statement(str(statement.pk), kind, str(statement.city_id), frozenset(themes))


def _name(topic: algorithm.Topic) -> Text:
    """A track has its own name; another group of themes is called after the two that are named most."""
    if topic.track:
        return Text.of(track_names(topic.track))
    names = [theme_names(code) for code in topic.codes[:2]]
    if len(names) == 1:
        return Text.of({language: names[0].get(language, "") for language in LANGUAGES})
    return Text.of(in_all_languages(Sentence(TWO_THEMES, {"one": names[0], "other": names[1]})))
