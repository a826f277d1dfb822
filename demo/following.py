"""After the sessions: change projects with their gaps, evaluation and follow-up, the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from demo.preparing import links, send
from demo.story import Story, text_in
from majlis.dialogue.models import Step
from majlis.language.models import Text
from majlis.network.models import City, Person
from majlis.projects import actions as projecting
from majlis.projects.models import ChangeProject
from majlis.search import actions as searching
from majlis.steps.evaluate import actions as evaluating
from majlis.steps.report import actions as reporting

FOLLOW_UP = date(2027, 1, 7)  # three months after the last session


def projects(story: Story) -> Iterator[int]:
    """Each idea becomes a change project: what it needs, has and asks for."""
    ideas = story.read("demo_project_ideas")["ideas"]
    yield len(ideas)
    for idea in ideas:
        focal_point = (
            Person.objects.filter(city__slug=idea["m"], is_focal_point=True).select_related("account", "city").first()
        )
        if focal_point and not ChangeProject.objects.filter(code=idea["id"].lower()).exists():
            start_project(story, idea, focal_point)
        yield 1


def start_project(story: Story, idea: dict[str, Any], focal_point: Person) -> None:
    by, city = focal_point.account, focal_point.city
    assert city is not None
    own = by.language if by.language in idea["problem"] else "en"
    project = projecting.start_project(
        by=by, city=city, code=idea["id"].lower(), title=Text.of(idea["title"], own), problem=Text.of(idea["problem"], own),
        objective=Text.of(idea["objective"], own), themes=idea["codes"], scope=story.dialogue.scope, is_illustrative=True,
    )  # fmt: skip
    for kind, required, available, unit in idea["resources"]:
        projecting.state_resource(
            by=by, project=project, type=kind, required=Decimal(required), available=Decimal(available), unit=unit
        )
    projecting.plan_action(
        by=by, project=project, text=text_in(story.words["first_step"], own), responsible=focal_point.role_title,
        starts_on=date(2026, 10, 12), ends_on=date(2026, 12, 18),
    )  # fmt: skip
    for kind in idea["support"]:
        projecting.ask_support(by=by, project=project, type=kind)
    advisors = list(City.objects.filter(slug__in=idea["advisors"]))
    for request, advisor in zip(project.support_requests.all(), advisors, strict=False):
        peer = Person.objects.get(city=advisor, is_focal_point=True)
        projecting.offer_support(by=peer.account, request=request, city=advisor)
        projecting.accept_offer(by=by, request=request)
    for stage in ["validated", "selected"] if idea["selected"] else ["validated"]:
        projecting.move_stage(by=story.secretariat, project=project, stage=stage)


def evaluate(story: Story) -> Iterator[int]:
    """The end survey is asked and answered, commitments are made, a space is opened, results go to every partner."""
    dialogue, secretariat = story.dialogue, story.secretariat
    partners = list(dialogue.partners.select_related("city"))
    yield 4 + len(partners) + dialogue.participants.count()
    if story.is_done(Step.EVALUATE):
        return
    survey = evaluating.open_survey(by=secretariat, dialogue=dialogue, code="SV2")
    send(story, evaluating.ask_survey(by=secretariat, survey=survey))
    for link in links("evaluate.answer"):
        if story.chance.random() < 0.85:
            evaluating.answer_survey(link=link, answers=answers(story))
        yield 1
    for partner in partners:
        owner = partner.delegation.select_related("person__account").get(person__seat=1)
        what = text_in(story.words["commitment"], owner.person.account.language)
        due_on = FOLLOW_UP + timedelta(days=story.chance.randint(0, 60))
        if not partner.commitments.exists():
            evaluating.make_commitment(by=owner.person.account, partner=partner, what=what, due_on=due_on, owner=owner)
        yield 1
    space = story.words["space"]
    if not dialogue.spaces.exists():
        evaluating.open_space(
            by=secretariat, dialogue=dialogue, name=Text.of(space["name"]), purpose=Text.of(space["purpose"])
        )
    yield 1
    send(story, evaluating.share_results(by=secretariat, dialogue=dialogue))
    yield 1
    evaluating.complete(by=secretariat, dialogue=dialogue)
    yield 1


def answers(story: Story) -> dict[str, Any]:
    """One person's plausible answers to the end survey: mostly content, some not."""
    chance = story.chance
    agreed = {
        key: chance.choices([2, 3, 4, 5], [1, 2, 5, 4])[0]
        for key in ("goal", "relevance", "interaction", "safe", "facilitation")
    }
    skills = ["c_analyse", "c_stake", "c_plan", "c_gap", "c_private", "c_fund", "c_peer"]
    before = {skill: chance.randint(1, 4) for skill in skills}
    after = {skill: min(5, level + chance.choice([0, 1, 1, 2])) for skill, level in before.items()}
    return agreed | {
        "nps": chance.choices(range(4, 11), [1, 1, 1, 2, 4, 4, 4])[0],
        "comp_post": after,
        "comp_then": before,
        "gap_named": chance.random() < 0.8,
    }


def report(story: Story) -> Iterator[int]:
    """Every activity gets its entry, the summary is written, and the files go to `out`."""
    yield 4
    dialogue, secretariat = story.dialogue, story.secretariat
    if not story.is_done(Step.REPORT):
        reporting.write_activity_entries(by=secretariat, dialogue=dialogue)
        yield 1
        reporting.write_summary(by=secretariat, dialogue=dialogue)
        yield 1
        reporting.complete(by=secretariat, dialogue=dialogue)
        yield 1
    story.out.mkdir(parents=True, exist_ok=True)
    reporting.write_files(by=secretariat, dialogue=dialogue, folder=story.out)
    yield 1


def search(story: Story) -> Iterator[int]:
    """What the worker would do within half a minute: everything played can be found."""
    yield 1
    searching.refresh()
    yield 1
