"""Whose turn it is in the evaluation."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.rules import can_run
from majlis.outbox.models import Batch, Mail
from majlis.outbox.rules import NOT_ARRIVED
from majlis.steps.evaluate.models import Survey
from majlis.steps.evaluate.queries.commitments import commitments_of
from majlis.steps.evaluate.queries.deliveries import delivery_log
from majlis.steps.evaluate.queries.surveys import open_links, survey_batch
from majlis.steps.evaluate.rules import gate
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

YOU = Sentence(_("your turn"))
SECRETARIAT = Sentence(_("the secretariat's turn"))
MAJLIS = Sentence(_("Majlis is at work"))


def next_action(dialogue: Dialogue, account: Account) -> NextAction | None:
    """The one next thing for this person while the step is open; None when nothing waits or the step is not open."""
    if not dialogue.steps.filter(step=Step.EVALUATE, state=StepRecord.State.OPEN).exists():
        return None
    own = [_answer(link.token, survey) for link, survey in open_links(account) if survey.dialogue_id == dialogue.pk]
    if own:
        return own[0]
    step = _secretariats(dialogue)
    if step is None or can_run(account, dialogue):
        return step
    return NextAction(step.heading, SECRETARIAT)


def waiting(account: Account) -> list[NextAction]:
    """What waits for this person on their page: surveys to answer, commitments to report on."""
    found = [_answer(link.token, survey) for link, survey in open_links(account)]
    for commitment in commitments_of(account):
        words = Sentence(_("Say where your commitment stands: %(what)s"), {"what": commitment.what.in_all()})
        page = reverse("evaluate:page", args=[commitment.partner.dialogue.slug])
        found.append(NextAction(words, YOU, Sentence(_("Report on it")), f"{page}#commitment-{commitment.pk}"))
    return found


def _answer(token: str, survey: Survey) -> NextAction:
    return NextAction(
        Sentence(_("Tell us how the dialogue was for you")), YOU, Sentence(_("Answer the survey")),
        reverse("evaluate:answer", args=[survey.dialogue.slug, token]),
        detail=Sentence(_("It takes about five minutes. Your answers are kept under a pseudonym.")),
    )  # fmt: skip


def _secretariats(dialogue: Dialogue) -> NextAction | None:
    """The secretariat's next thing, in the order in which the work is done."""
    return _survey_turn(dialogue) or _space_turn(dialogue) or _share_turn(dialogue) or _completion(dialogue)


def _post(dialogue: Dialogue, name: str) -> str:
    return reverse(f"evaluate:{name}", args=[dialogue.slug])


def _survey_turn(dialogue: Dialogue) -> NextAction | None:
    survey = dialogue.surveys.filter(code="SV2").first()
    if survey is None:
        words = Sentence(_("Open the end survey"))
        detail = Sentence(_("Everybody who came to a session is asked how it was, in their own language."))
        return NextAction(words, YOU, Sentence(_("Open the survey")), _post(dialogue, "open_survey"), True, detail)
    batch = survey_batch(survey)
    if batch is None and not dialogue.partners.filter(results_delivery__isnull=False).exists():
        words = Sentence(_("Ask the participants for their answers"))
        detail = Sentence(_("The mails are drafted first; you look at them before they leave."))
        return NextAction(words, YOU, Sentence(_("Draft the mails")), _post(dialogue, "ask_survey"), True, detail)
    return _drafts(batch) if batch else None


def _space_turn(dialogue: Dialogue) -> NextAction | None:
    if dialogue.spaces.exists():
        return None
    words = Sentence(_("Open a standing space for further exchange"))
    detail = Sentence(_("A working group, a regular call or a mailing list that goes on after the dialogue."))
    return NextAction(words, YOU, Sentence(_("Name the space")), f"{_post(dialogue, 'page')}#space", False, detail)


def _share_turn(dialogue: Dialogue) -> NextAction | None:
    rows = delivery_log(dialogue)
    lacking = [row for row in rows if row.mail is None or row.mail.state in NOT_ARRIVED]
    if lacking:
        words = Sentence(
            _("Share the results with %(count)s partner"),
            {},
            _("Share the results with %(count)s partners"),
            len(lacking),
        )
        detail = Sentence(_("This closes the survey: from then on its results are shown."))
        return NextAction(words, YOU, Sentence(_("Draft the mails")), _post(dialogue, "share"), True, detail)
    drafted = next((row.mail.batch for row in rows if row.mail and row.mail.state == Mail.State.DRAFT), None)
    if drafted:
        return _drafts(drafted)
    still = [row for row in rows if not row.is_sent]
    if still:
        words = Sentence(_("%(count)s mail is on its way"), {}, _("%(count)s mails are on their way"), len(still))
        return NextAction(words, MAJLIS, Sentence(_("See the delivery log")), _post(dialogue, "deliveries"))
    return None


def _drafts(batch: Batch) -> NextAction | None:
    if batch.state != Batch.State.DRAFT:
        return None
    count = batch.mails.count()
    words = Sentence(_("Look at %(count)s mail and send it"), {}, _("Look at %(count)s mails and send them"), count)
    return NextAction(words, YOU, Sentence(_("To the drafts")), reverse("outbox:batch", args=[batch.pk]))


def _completion(dialogue: Dialogue) -> NextAction | None:
    if not gate(dialogue).is_open:
        return None
    words = Sentence(_("Complete the evaluation"))
    detail = Sentence(_("The report opens after that."))
    return NextAction(words, YOU, Sentence(_("Complete this step")), _post(dialogue, "complete"), True, detail)
