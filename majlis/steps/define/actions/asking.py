"""Asking the partners: all about the list, and those who have answered before only about what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import issue_link
from majlis.accounts.models import Account
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Dialogue, Partner, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.words import in_all_languages
from majlis.network.models import Person
from majlis.outbox.actions import Letter, draft_batch
from majlis.outbox.models import Batch
from majlis.steps.define.actions.versioning import keep_answered
from majlis.steps.define.models import ConsentRound
from majlis.steps.define.queries import changes_since
from majlis.steps.define.rules import DOTS, Standing, gate, standing, tying_conditions
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence

CONSENT = "define.consent"
NOT_READY = _("Partners cannot be asked yet: %(missing)s")
NO_FOCAL_POINT = _("There is no focal point to ask in %(cities)s. Name one first.")
NOT_ASKED = _("The partners have not been asked about these sub-topics yet.")
ALL_ANSWERED = _("Every partner has answered: there is nobody to remind.")


@transaction.atomic
def ask_consent(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a mail to the focal point of every partner whose answer to these topics is missing, with a link to give dots
    and consent. Who answered to an earlier list is told only what has changed since. Sending is a second act.

    Refuses while a topic lacks a need or vision, a partner is covered by none, or a city has no focal point.
    """
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)
    now = standing(dialogue)
    missing = [condition.sentence for condition in tying_conditions(now) if not condition.is_met]
    if missing:
        raise Refused(NOT_READY, missing=[in_all_languages(each) for each in missing])
    if not now.unanswered:
        raise Refused(ALL_ANSWERED)
    keep_answered(dialogue)
    once = f"define.consent:{now.digest[:16]}"
    batch = draft_batch(
        by=by, kind="define.consent", scope=dialogue.scope, letters=letters(dialogue, now.unanswered, once, _asking(now, dialogue))
    )  # fmt: skip
    ConsentRound.objects.update_or_create(dialogue=dialogue, of_topics=now.digest, defaults={"batch": batch})
    record(
        act="define.ask_consent", by=by, scope=dialogue.scope, subject=batch,
        sentence=Sentence(_("The partners are asked for their consent to the sub-topics")),
        facts={"topics": [topic.name.in_all() for topic in now.topics]},
    )  # fmt: skip
    record_gate(dialogue, Step.DEFINE, gate(dialogue))
    return batch


Content = Callable[[Partner], tuple[str, Mapping[str, Any]]]


def _asking(now: Standing, dialogue: Dialogue) -> Content:
    """Template and words for each partner: the whole list, or what has changed since it answered."""
    earlier = dict(dialogue.consents.values_list("partner", "of_topics"))
    changes = {digest: changes_since(digest, dialogue, now.topics) for digest in set(earlier.values())}

    def content(partner: Partner) -> tuple[str, Mapping[str, Any]]:
        changed = changes.get(earlier.get(partner.pk, ""))
        if changed:
            return "define/mail/changed", {"changes": changed}
        return "define/mail/consent", {"topics": now.topics}

    return content


@transaction.atomic
def remind(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a reminder to those who have not answered; at most one a day each."""
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)
    now = standing(dialogue)
    if not dialogue.consent_rounds.filter(of_topics=now.digest).exists():
        raise Refused(NOT_ASKED)
    if not now.unanswered:
        raise Refused(ALL_ANSWERED)
    once = f"define.reminder:{now.digest[:16]}:{timezone.now().date().isoformat()}"
    return draft_batch(
        by=by, kind="define.reminder", scope=dialogue.scope,
        letters=letters(dialogue, now.unanswered, once, lambda partner: ("define/mail/reminder", {})),
    )  # fmt: skip


def letters(dialogue: Dialogue, partners: Iterable[Partner], once: str, content: Content) -> list[Letter]:
    """One letter to the focal point of each partner, with its link; refuses where a city has none."""
    partners = list(partners)
    focal = {
        person.city_id: person.account
        for person in Person.objects.filter(
            city__in=[partner.city_id for partner in partners], is_focal_point=True, account__is_active=True
        ).select_related("account")
    }
    lacking = [partner.city.name.in_all() for partner in partners if partner.city_id not in focal]
    if lacking:
        raise Refused(NO_FOCAL_POINT, cities=lacking)
    written = []
    for partner in partners:
        account = focal[partner.city_id]
        template, more = content(partner)
        words = {"dialogue": dialogue, "city": partner.city, "dots": DOTS, "url": _url(dialogue, account, partner)}
        written.append(Letter(account, template, {**words, **more}, f"{once}:partner:{partner.pk}"))
    return written


def _url(dialogue: Dialogue, account: Account, partner: Partner) -> str:
    link = issue_link(account=account, act=CONSENT, subject=partner)
    return settings.PUBLIC_URL + reverse("define:answer", args=[dialogue.slug, link.token])
