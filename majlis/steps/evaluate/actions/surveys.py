"""Opening a survey, asking for answers, taking them in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import issue_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.rules import can_facilitate, require_open
from majlis.journal.actions import record
from majlis.outbox.actions import Letter, draft_batch
from majlis.outbox.models import Batch
from majlis.steps.evaluate.actions.answers import checked
from majlis.steps.evaluate.models import Response, Survey
from majlis.steps.evaluate.queries.surveys import ANSWER, asked, choices, survey_batch, unanswered
from majlis.steps.evaluate.rules import gate, pseudonym, require_sessions_closed
from majlis.steps.evaluate.terms import questionnaires
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

# The surveys that this step holds; those before the event and months after it belong to other moments.
OFFERED = ("SV1", "SV2")

TEAM_ONLY = _("Only the secretariat and the facilitators of this dialogue may do this.")
ALREADY = _("You have already answered this survey. Thank you.")


@transaction.atomic
def open_survey(*, by: Account, dialogue: Dialogue, code: str = "SV2", days: int = 14) -> Survey:
    """Open a survey of surveys.yaml for `days` days, or return it if it is open already. Raises NotNow before all sessions are closed."""
    _require_team(by, dialogue)
    if code not in OFFERED:
        raise Refused(
            _("There is no survey “%(code)s” in this step. Choose one of %(codes)s."), code=code, codes=list(OFFERED)
        )
    require_open(dialogue, Step.EVALUATE)
    require_sessions_closed(dialogue)
    survey, is_new = Survey.objects.get_or_create(
        dialogue=dialogue, code=code, defaults={"closes_at": timezone.now() + timedelta(days=days)}
    )
    if is_new:
        record(
            act="evaluate.open_survey", by=by, scope=dialogue.scope, subject=survey,
            sentence=Sentence(_("The survey “%(name)s” was opened"), {"name": questionnaires()[code].name.in_all()}),
        )  # fmt: skip
        record_gate(dialogue, Step.EVALUATE, gate(dialogue))
    return survey


@transaction.atomic
def ask_survey(*, by: Account, survey: Survey) -> Batch:
    """Draft one mail with a link to each practitioner who came and has not answered yet.

    Drafts that have not left are returned as they are. After they have left, asking again drafts reminders.
    """
    dialogue = survey.dialogue
    _require_team(by, dialogue)
    require_open(dialogue, Step.EVALUATE)
    _require_running(survey)
    last = survey_batch(survey)
    if last is not None and last.state == Batch.State.DRAFT:
        return last
    people = unanswered(survey)
    if not people:
        words = (
            _("Everybody who came has answered.")
            if asked(dialogue).exists()
            else _("Nobody is recorded as present in a session, so there is nobody to ask.")
        )
        raise Refused(words)
    number = _rounds(survey) + 1
    batch = draft_batch(
        by=by, kind="evaluate.survey", scope=dialogue.scope,
        letters=[_letter(survey, each.person.account, number) for each in people],
    )  # fmt: skip
    record(
        act="evaluate.ask_survey", by=by, scope=dialogue.scope, subject=survey,
        sentence=Sentence(_("%(count)s mail asking for answers was drafted"), {}, _("%(count)s mails asking for answers were drafted"), len(people)),
    )  # fmt: skip
    return batch


@transaction.atomic
def answer_survey(*, link: ActionLink, answers: Mapping[str, Any]) -> Response:
    """Keep one person's answers under their pseudonym. Raises NotNow when they have answered or the survey is closed.

    answers: {item key: value}: a number on a scale, {row: number} of a matrix, True or False, a text, a list of
    solution codes, {kind: [city short names]} of ties. Neither journal nor link notes whose answers they are.
    """
    survey = survey_of(link)
    require_open(survey.dialogue, Step.EVALUATE)
    _require_running(survey)
    name = pseudonym(survey.dialogue, link.account)
    if survey.responses.filter(pseudonym=name).exists():
        raise NotNow(ALREADY)
    kept = checked(questionnaires()[survey.code], answers, choices(survey), language=link.account.language)
    response, is_new = Response.objects.get_or_create(survey=survey, pseudonym=name, defaults={"answers": kept})
    if not is_new:
        raise NotNow(ALREADY)
    record(
        act="evaluate.answer_survey", by=None, scope=survey.dialogue.scope, subject=survey,
        sentence=Sentence(_("An answer to the survey “%(name)s” came in"), {"name": questionnaires()[survey.code].name.in_all()}),
    )  # fmt: skip
    return response


def survey_of(link: ActionLink) -> Survey:
    """The survey that a link answers."""
    survey = Survey.objects.select_related("dialogue").filter(pk=int(link.subject.partition(":")[2])).first()
    if link.act != ANSWER or survey is None:
        raise NotThere(_("There is no such survey."))
    return survey


def _require_team(account: Account | None, dialogue: Dialogue) -> None:
    if not can_facilitate(account, dialogue):
        raise Forbidden(TEAM_ONLY)


def _require_running(survey: Survey) -> None:
    if survey.is_closed(timezone.now()):
        raise NotNow(_("This survey is closed. Its results go to every partner."))


def _rounds(survey: Survey) -> int:
    """How many batches have asked so far."""
    return Batch.objects.filter(mails__once__startswith=f"evaluate.survey:{survey.pk}:").distinct().count()


def _letter(survey: Survey, account: Account, number: int) -> Letter:
    link = issue_link(account=account, act=ANSWER, subject=survey)
    path = reverse("evaluate:answer", args=[survey.dialogue.slug, link.token])
    return Letter(
        account, "evaluate/mail/survey_reminder" if number > 1 else "evaluate/mail/survey",
        {"dialogue": survey.dialogue, "url": settings.PUBLIC_URL + path, "closes_at": survey.closes_at},
        f"evaluate.survey:{survey.pk}:account:{account.pk}:{number}",
    )  # fmt: skip
