"""Before the sessions: the network comes in, partners are clustered, topics defined, roles agreed, invitations sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from demo.story import SLUG, Story, text_in
from majlis.accounts.models import ActionLink
from majlis.dialogue import actions as dialogues
from majlis.dialogue.models import Dialogue, Step
from majlis.language.models import Text
from majlis.network import actions as networks
from majlis.network.models import City, Person
from majlis.outbox import actions as outbox
from majlis.outbox.models import Batch
from majlis.solutions import actions as solutions
from majlis.solutions.models import Solution
from majlis.steps.cluster import actions as clusters
from majlis.steps.define import actions as topics
from majlis.steps.invite import actions as invitations
from majlis.steps.invite.models import Invitation, RoleAgreement

DOTS = 5
OBJECTS = "dz-ghardaia"


def network(story: Story) -> Iterator[int]:
    """The workbook comes in by preview and import; then the solutions; then the dialogue is opened with its partners."""
    library = story.read("demo_solutions")["solutions"]
    yield 3 + len(library)
    secretariat = story.secretariat
    if not Dialogue.objects.filter(slug=SLUG).exists():
        content = story.workbook.read_bytes()
        preview = networks.preview_workbook(by=secretariat, filename=story.workbook.name, content=content)
        yield 1
        networks.bring_in(by=secretariat, workbook_import=preview)
        yield 1
    for entry in library:
        city = City.objects.filter(slug=entry["m"]).first()
        if city and not Solution.objects.filter(code=entry["id"].lower()).exists():
            title = Text(entry["lang"], entry["title"]).translated("en", entry["en"], "human")
            blocks = [Text(entry["lang"], block) for block in entry["blocks"]]
            solutions.publish_solution(
                by=secretariat, code=entry["id"].lower(), city=city, title=title, summary=Text(entry["lang"], ""), themes=entry["codes"],
                level=entry["level"], evidence=entry["evidence"], building_blocks=blocks, is_illustrative=True,
            )  # fmt: skip
        yield 1
    _open_dialogue(story)
    yield 1


def _open_dialogue(story: Story) -> None:
    event, words = story.sessions["event"], story.words
    if not Dialogue.objects.filter(slug=SLUG).exists():
        dialogues.create_dialogue(
            by=story.secretariat, slug=SLUG, title=Text.of(event["title"], "de"), organiser=story.in_four("organiser"),
            languages=words["languages"], mode=event["mode"], zone=words["zone"], is_illustrative=True,
        )  # fmt: skip
    dialogue = story.dialogue
    if story.is_done(Step.CLUSTER):
        return
    cities = City.objects.filter(people__isnull=False).distinct()
    dialogues.add_partners(by=story.secretariat, dialogue=dialogue, cities=cities)
    dialogues.add_participants(by=story.secretariat, dialogue=dialogue, people=Person.objects.filter(city__in=cities))
    for account, key in ((story.facilitator, "facilitator"), (story.observer, "observer")):
        title = story.in_four(key)
        person = networks.add_team_member(
            by=story.secretariat, account=account, role_title=title, languages=words["languages"]
        )
        dialogues.add_participants(by=story.secretariat, dialogue=dialogue, people=[person], role=key)


def cluster(story: Story) -> Iterator[int]:
    yield 3
    if story.is_done(Step.CLUSTER):
        return
    dialogue, secretariat = story.dialogue, story.secretariat
    # A first look at what the cities need alone; then with region and vision, as it is adopted.
    clusters.propose(by=secretariat, dialogue=dialogue, weights={"needs": 1}, seed=story.words["seed"])
    proposal = clusters.propose(by=secretariat, dialogue=dialogue, seed=story.words["seed"])
    yield 1
    clusters.adopt(by=secretariat, proposal=proposal)
    yield 1
    clusters.complete(by=secretariat, dialogue=dialogue)
    yield 1


def define(story: Story) -> Iterator[int]:
    """Topics are proposed; every partner votes and consents by the link in its mail."""
    partners = list(story.dialogue.partners.all())
    yield 3 + len(partners)
    if story.is_done(Step.DEFINE):
        return
    dialogue, secretariat = story.dialogue, story.secretariat
    proposed = topics.propose_topics(by=secretariat, dialogue=dialogue)
    last_year = datetime(2026, 6, 30).date()  # noqa: DTZ001 - a day, not a moment
    for topic in proposed:
        topics.set_baseline(
            by=secretariat,
            topic=topic,
            indicator=story.in_four("baseline"),
            value=story.chance.randint(2, 6),
            unit="",
            on=last_year,
        )
    yield 1
    send(story, topics.ask_consent(by=secretariat, dialogue=dialogue))
    yield 1
    for link in links("define.consent"):
        if topics.partner_of(link).city.slug == OBJECTS:
            _object(story, link)
        dots = [0] * len(proposed)
        for _dot in range(DOTS):
            dots[story.chance.randrange(len(dots))] += 1
        topics.vote(link=link, dots={topic.pk: given for topic, given in zip(proposed, dots, strict=True)})
        topics.consent(link=link, answer="agree" if story.chance.random() < 0.8 else "live_with")
        yield 1
    topics.complete(by=secretariat, dialogue=dialogue)
    yield 1


def _object(story: Story, link: ActionLink) -> None:
    """One city objects with a reason and is answered; its consent follows like everybody's."""
    language = link.account.language
    topics.consent(link=link, answer="object", reason=text_in(story.words["objection"], language))
    objection = story.dialogue.objections.get()
    topics.answer_objection(by=story.secretariat, objection=objection, reply=story.in_four("objection_reply"))
    send(story, Batch.objects.get(kind="define.reply"))


def invite(story: Story) -> Iterator[int]:
    """The concept note is written, every partner agrees to its roles, sessions are planned, invitations go out and are answered."""
    yield 4 + story.dialogue.partners.count() + story.dialogue.participants.count()
    if story.is_done(Step.INVITE):
        return
    dialogue, secretariat = story.dialogue, story.secretariat
    for planned in story.sessions["sessions"]:
        starts_at = datetime.fromisoformat(f"{planned['date']}T{planned['start_utc']}+00:00")
        dialogues.plan_session(
            by=secretariat, dialogue=dialogue, code=planned["code"], title=Text.of(planned["title"], "de"), starts_at=starts_at,
            minutes=planned["minutes"], track=planned.get("track"), kind=planned["kind"], agenda=planned["agenda"],
        )  # fmt: skip
    yield 1
    invitations.write_concept_note(
        by=secretariat, dialogue=dialogue, goal=story.in_four("goal"), expected_outcome=story.in_four("expected_outcome"),
        roles=story.in_four("roles"), fields={},
    )  # fmt: skip
    yield 1
    send(story, invitations.ask_agreement(by=secretariat, dialogue=dialogue))
    for link in links("invite.agree"):
        invitations.answer_roles(link=link, answer=RoleAgreement.Answer.AGREED)
        yield 1
    invitations.draft_invitations(by=secretariat, dialogue=dialogue)
    invitations.send_invitations(by=secretariat, dialogue=dialogue)
    outbox.deliver_all()
    yield 1
    sessions = list(dialogue.sessions.values_list("pk", flat=True))
    for link in links("invite.answer"):
        contribution = story.chance.choice(list(Invitation.Contribution))
        words = text_in(story.words["contribution"], link.account.language)
        invitations.answer_invitation(
            link=link,
            answer=Invitation.Answer.YES,
            sessions=sessions,
            contribution=contribution,
            contribution_text=words,
        )
        yield 1
    invitations.complete(by=secretariat, dialogue=dialogue)
    yield 1


def send(story: Story, batch: Batch) -> None:
    """Send a batch as the secretariat does, and hand its mails over as the worker does."""
    outbox.send_batch(by=story.secretariat, batch=batch)
    outbox.deliver_all()


def links(act: str) -> list[ActionLink]:
    """The live links that went out for an act, in the order of their making."""
    return list(ActionLink.objects.filter(act=act, revoked_at=None).select_related("account").order_by("pk"))
