"""Asking the partners, and what they answer: dots, consent, objections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import GONE, issue_link, use_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Dialogue, Partner, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.language.words import in_all_languages
from majlis.network.models import Person
from majlis.outbox.actions import Letter, draft_batch
from majlis.outbox.models import Batch
from majlis.steps.define.models import Consent, ConsentRound, Vote
from majlis.steps.define.rules import DOTS, can_speak, gate, is_focal_point, standing, tying_conditions
from majlis.web.refused import Forbidden, NotThere, Refused
from majlis.web.sentences import Sentence

CONSENT = "define.consent"
NOT_READY = _("Partners cannot be asked yet: %(missing)s")
NO_FOCAL_POINT = _("There is no focal point to ask in %(cities)s. Name one first.")
NOT_YOURS = _("Only the focal point of this city may answer for it.")
TOO_MANY_DOTS = _("You gave %(given)s dots; there are %(limit)s to give. Take some away.")
ODD_DOTS = _("Dots are whole numbers from 0 to %(limit)s.")
OTHER_TOPICS = _("The sub-topics have changed meanwhile. Please look at them again.")
NO_REASON = _("An objection needs a reason: what would have to change so that you can live with the sub-topics?")


@transaction.atomic
def ask_consent(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a mail to every partner's focal point, with a link to give dots and consent. Sending is a second act.

    Refuses while a topic lacks a need or vision, a partner is covered by none, or a city has no focal point.
    """
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)
    now = standing(dialogue)
    missing = [condition.sentence for condition in tying_conditions(now) if not condition.is_met]
    if missing:
        raise Refused(NOT_READY, missing=[in_all_languages(each) for each in missing])
    batch = draft_batch(
        by=by, kind="define.consent", scope=dialogue.scope,
        letters=_letters(dialogue, now.partners, "define/mail/consent", f"define.consent:{now.digest[:16]}"),
    )  # fmt: skip
    ConsentRound.objects.update_or_create(dialogue=dialogue, of_topics=now.digest, defaults={"batch": batch})
    record(
        act="define.ask_consent", by=by, scope=dialogue.scope, subject=batch,
        sentence=Sentence(_("The partners are asked for their consent to the sub-topics")),
        facts={"topics": [topic.name.in_all() for topic in now.topics]},
    )  # fmt: skip
    record_gate(dialogue, Step.DEFINE, gate(dialogue))
    return batch


@transaction.atomic
def remind(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a reminder to those who have not answered; at most one a day each."""
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)
    now = standing(dialogue)
    if not dialogue.consent_rounds.filter(of_topics=now.digest).exists():
        raise Refused(_("The partners have not been asked about these sub-topics yet."))
    if not now.unanswered:
        raise Refused(_("Every partner has answered: there is nobody to remind."))
    today = timezone.now().date().isoformat()
    return draft_batch(
        by=by, kind="define.reminder", scope=dialogue.scope,
        letters=_letters(dialogue, now.unanswered, "define/mail/reminder", f"define.reminder:{now.digest[:16]}:{today}"),
    )  # fmt: skip


def _letters(dialogue: Dialogue, partners: Iterable[Partner], template: str, once: str, **more: object) -> list[Letter]:
    partners = list(partners)
    topics = list(dialogue.topics.all())
    focal = {
        person.city_id: person.account
        for person in Person.objects.filter(
            city__in=[partner.city_id for partner in partners], is_focal_point=True, account__is_active=True
        ).select_related("account")
    }
    lacking = [partner.city.name.in_all() for partner in partners if partner.city_id not in focal]
    if lacking:
        raise Refused(NO_FOCAL_POINT, cities=lacking)
    return [
        Letter(
            account=focal[partner.city_id],
            template=template,
            context={
                "dialogue": dialogue,
                "city": partner.city,
                "topics": topics,
                "dots": DOTS,
                "url": answer_url(dialogue, focal[partner.city_id], partner),
                **more,
            },
            once=f"{once}:partner:{partner.pk}",
        )
        for partner in partners
    ]


def answer_url(dialogue: Dialogue, account: Account, partner: Partner) -> str:
    link = issue_link(account=account, act=CONSENT, subject=partner)
    return settings.PUBLIC_URL + reverse("define:answer", args=[dialogue.slug, link.token])


def partner_of(link: ActionLink) -> Partner:
    """The partner whom this link speaks for; NotThere when its holder is no longer the focal point."""
    number = link.subject.removeprefix("partner:")
    partner = Partner.objects.select_related("city", "dialogue").filter(pk=number).first()
    if link.act != CONSENT or partner is None or not is_focal_point(link.account, partner):
        raise NotThere(GONE)
    return partner


@transaction.atomic
def answer(
    *,
    dots: Mapping[int, int],
    answer: str,
    reason: str | Text = "",
    link: ActionLink | None = None,
    by: Account | None = None,
    partner: Partner | None = None,
) -> Consent:
    """Vote and consent in one go: both count or neither."""
    vote(dots=dots, link=link, by=by, partner=partner)
    return consent(answer=answer, reason=reason, link=link, by=by, partner=partner)


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
    link: ActionLink | None = None,
    by: Account | None = None,
    partner: Partner | None = None,
) -> Consent:
    """Say what a partner thinks of the topics as a whole: agree, live_with, or object with a reason. May be changed
    while the step is open. A reason given as plain words is taken to be in the speaker's language. Who speaks: as in `vote`.
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
    if not now.topics:
        raise Refused(OTHER_TOPICS)
    given = Consent.objects.select_for_update().filter(dialogue=dialogue, partner=partner).first()
    given = given or Consent(dialogue=dialogue, partner=partner)
    given.answer, given.of_topics = answer, now.digest
    if said.body != given.reason.body or answer != Consent.Answer.OBJECT:
        # A new objection asks for a new reply; the old one stands in the journal.
        given.reply, given.replied_at = Text(), None
    given.reason = said
    given.save()
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


def _speaker(link: ActionLink | None, by: Account | None, partner: Partner | None) -> tuple[Account, Partner]:
    """Who speaks for which partner; refused when they may not."""
    if link is not None:
        return link.account, partner_of(link)
    if by is None or partner is None or not can_speak(by, partner):
        raise Forbidden(NOT_YOURS)
    return by, partner


@transaction.atomic
def answer_objection(*, by: Account, consent: Consent, reply: Text) -> Consent:
    """Reply to an objection, and draft a mail with the reply and the way to answer anew to the focal point."""
    dialogue = consent.dialogue
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)
    consent = Consent.objects.select_for_update(of=("self",)).select_related("partner__city").get(pk=consent.pk)
    if consent.answer != Consent.Answer.OBJECT:
        raise Refused(_("This partner does not object any more."))
    if not reply.body.strip():
        raise Refused(_("Write what you answer to the objection."))
    consent.reply, consent.replied_at = reply, timezone.now()
    consent.save(update_fields=["reply", "replied_at"])
    once = f"define.reply:{consent.replied_at:%Y%m%d%H%M%S}"
    letters = _letters(dialogue, [consent.partner], "define/mail/reply", once, consent=consent)
    draft_batch(by=by, kind="define.reply", scope=dialogue.scope, letters=letters)
    record(
        act="define.answer_objection", by=by, scope=dialogue.scope, subject=consent,
        sentence=Sentence(
            _("The objection of %(city)s was answered: %(reply)s"),
            {"city": consent.partner.city.name.in_all(), "reply": reply.in_all()},
        ),
    )  # fmt: skip
    record_gate(dialogue, Step.DEFINE, gate(dialogue))
    return consent
