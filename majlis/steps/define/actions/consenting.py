"""What partners answer: dots, consent, objections; and what the secretariat replies to these."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import GONE, use_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Partner, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.outbox.actions import draft_batch
from majlis.steps.define.actions.asking import CONSENT, letters
from majlis.steps.define.actions.versioning import keep_answered
from majlis.steps.define.models import Consent, Objection, Vote
from majlis.steps.define.queries import changes_since
from majlis.steps.define.rules import DOTS, can_speak, digest, gate, is_focal_point, standing
from majlis.web.refused import Forbidden, NotThere, Refused
from majlis.web.sentences import Sentence

NOT_YOURS = _("Only the focal point of this city may answer for it.")
TOO_MANY_DOTS = _("You gave %(given)s dots; there are %(limit)s to give. Take some away.")
ODD_DOTS = _("Dots are whole numbers from 0 to %(limit)s.")
OTHER_TOPICS = _("The sub-topics have changed meanwhile. Please look at them again.")
NO_REASON = _("An objection needs a reason: what would have to change so that you can live with the sub-topics?")
NO_REPLY = _("Write what you answer to the objection.")
SETTLED = _("This objection is not open any more.")
NOTHING_CHANGED = _(
    "The sub-topics have not changed since this objection was raised. Change them first, or answer it without a change."
)


@transaction.atomic
def answer(
    *,
    dots: Mapping[int, int],
    answer: str,
    reason: str | Text = "",
    of_topics: str = "",
    link: ActionLink | None = None,
    by: Account | None = None,
    partner: Partner | None = None,
) -> Consent:
    """Vote and consent in one go: both count or neither."""
    vote(dots=dots, link=link, by=by, partner=partner)
    return consent(answer=answer, reason=reason, of_topics=of_topics, link=link, by=by, partner=partner)


@transaction.atomic
def vote(
    *,
    dots: Mapping[int, int],
    link: ActionLink | None = None,
    by: Account | None = None,
    partner: Partner | None = None,
) -> None:
    """Give a partner's dots: {topic id: dots}, at most five in all; what it gave before is replaced.

    Either by `link`, or `by` the focal point (or the secretariat, noting what it was told) for `partner`.
    """
    speaker, partner = _speaker(link, by, partner)
    dialogue = partner.dialogue
    require_open(dialogue, Step.DEFINE)
    topics = {topic.pk: topic for topic in dialogue.topics.all()}
    if not set(dots) <= set(topics):
        raise Refused(OTHER_TOPICS)
    if any(not 0 <= given <= DOTS for given in dots.values()):
        raise Refused(ODD_DOTS, limit=DOTS)
    if sum(dots.values()) > DOTS:
        raise Refused(TOO_MANY_DOTS, given=sum(dots.values()), limit=DOTS)
    Vote.objects.filter(partner=partner, topic__in=topics).delete()
    Vote.objects.bulk_create(Vote(topic=topics[pk], partner=partner, dots=given) for pk, given in dots.items() if given)
    record(
        act="define.vote", by=speaker, scope=dialogue.scope, subject=partner,
        sentence=Sentence(_("%(city)s gave its dots"), {"city": partner.city.name.in_all()}),
        facts={"dots": {str(pk): given for pk, given in dots.items()}},
    )  # fmt: skip
    if link:
        use_link(link)


@transaction.atomic
def consent(
    *,
    answer: str,
    reason: str | Text = "",
    of_topics: str = "",
    link: ActionLink | None = None,
    by: Account | None = None,
    partner: Partner | None = None,
) -> Consent:
    """Say what a partner thinks of the topics as a whole: agree, live_with, or object with a reason. May be changed
    while the step is open. A reason given as plain words is taken to be in the speaker's language. Who speaks: as in `vote`.

    of_topics: digest of the topics that the speaker saw; refused when they have changed since.
    """
    speaker, partner = _speaker(link, by, partner)
    dialogue = partner.dialogue
    require_open(dialogue, Step.DEFINE)
    if answer not in Consent.Answer.values:
        raise Refused(_("Choose one of the three answers."))
    said = reason if isinstance(reason, Text) else Text(speaker.language, reason.strip())
    if answer == Consent.Answer.OBJECT and not said.body.strip():
        raise Refused(NO_REASON)
    now = standing(dialogue)
    if not now.topics or (of_topics and of_topics != now.digest):
        raise Refused(OTHER_TOPICS)
    keep_answered(dialogue)
    given = Consent.objects.select_for_update().filter(dialogue=dialogue, partner=partner).first()
    given = given or Consent(dialogue=dialogue, partner=partner)
    given.answer, given.of_topics, given.reason = answer, now.digest, said
    given.of_own = digest(now.topics, partner.city_id)
    given.save()
    if answer == Consent.Answer.OBJECT:
        _object(partner, said, now.digest)
    else:
        partner.objections.filter(state=Objection.State.OPEN).update(
            state=Objection.State.WITHDRAWN, settled_at=timezone.now()
        )
    words = {
        Consent.Answer.AGREE: _("%(city)s agrees to the sub-topics"),
        Consent.Answer.LIVE_WITH: _("%(city)s can live with the sub-topics"),
        Consent.Answer.OBJECT: _("%(city)s objects to the sub-topics: %(reason)s"),
    }
    record(
        act="define.consent", by=speaker, scope=dialogue.scope, subject=partner,
        sentence=Sentence(words[Consent.Answer(answer)], {"city": partner.city.name.in_all(), "reason": said.in_all()}),
        facts={"answer": answer},
    )  # fmt: skip
    if link:
        use_link(link)
    record_gate(dialogue, Step.DEFINE, gate(dialogue))
    return given


def _object(partner: Partner, reason: Text, of_topics: str) -> None:
    """Keep the objection: a new reason while it is open takes the old one's place; repeating an answered one opens nothing."""
    objections = Objection.objects.filter(partner=partner)
    latest = objections.first()
    if latest and latest.state == Objection.State.OPEN:
        latest.reason, latest.of_topics = reason, of_topics
        latest.save(update_fields=["reason", "of_topics"])
        return
    settled = {Objection.State.ANSWERED, Objection.State.CHANGED}
    is_repeated = (
        latest and latest.state in settled and latest.of_topics == of_topics and latest.reason.body == reason.body
    )
    if not is_repeated:
        Objection.objects.create(dialogue=partner.dialogue, partner=partner, reason=reason, of_topics=of_topics)


@transaction.atomic
def answer_objection(*, by: Account, objection: Objection, reply: Text, led_to_change: bool = False) -> Objection:
    """Reply to an objection, and draft a mail with the reply and the way to answer anew to the focal point.

    led_to_change: the list was changed because of it; refused when it stands as it did.
    """
    dialogue = objection.dialogue
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)
    objection = Objection.objects.select_for_update(of=("self",)).select_related("partner__city").get(pk=objection.pk)
    if objection.state != Objection.State.OPEN:
        raise Refused(SETTLED)
    if not reply.body.strip():
        raise Refused(NO_REPLY)
    changes = changes_since(objection.of_topics, dialogue, standing(dialogue).topics) if led_to_change else []
    if led_to_change and changes == []:
        raise Refused(NOTHING_CHANGED)
    objection.state = Objection.State.CHANGED if led_to_change else Objection.State.ANSWERED
    objection.reply, objection.settled_at = reply, timezone.now()
    objection.save(update_fields=["state", "reply", "settled_at"])
    words = {"objection": objection, "changes": changes or []}
    template = "define/mail/reply_changed" if changes else "define/mail/reply"
    draft_batch(
        by=by, kind="define.reply", scope=dialogue.scope,
        letters=letters(
            dialogue, [objection.partner], f"define.reply:{objection.pk}", lambda partner: (template, words)
        ),
    )  # fmt: skip
    said = (
        _("The objection of %(city)s led to a change of the sub-topics: %(reply)s")
        if led_to_change
        else _("The objection of %(city)s was answered: %(reply)s")
    )
    record(
        act="define.answer_objection", by=by, scope=dialogue.scope, subject=objection,
        sentence=Sentence(said, {"city": objection.partner.city.name.in_all(), "reply": reply.in_all()}),
    )  # fmt: skip
    record_gate(dialogue, Step.DEFINE, gate(dialogue))
    return objection


def partner_of(link: ActionLink) -> Partner:
    """The partner whom this link speaks for; NotThere when its holder is no longer the focal point."""
    number = link.subject.removeprefix("partner:")
    partner = Partner.objects.select_related("city", "dialogue").filter(pk=number).first()
    if link.act != CONSENT or partner is None or not is_focal_point(link.account, partner):
        raise NotThere(GONE)
    return partner


def _speaker(link: ActionLink | None, by: Account | None, partner: Partner | None) -> tuple[Account, Partner]:
    """Who speaks for which partner; refused when they may not."""
    if link is not None:
        return link.account, partner_of(link)
    if by is None or partner is None or not can_speak(by, partner):
        raise Forbidden(NOT_YOURS)
    return by, partner
