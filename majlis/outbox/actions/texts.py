"""A dialogue's own words for a kind of mail, in each language: written, reset to the default, taken over by its drafts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import LANGUAGES
from majlis.outbox.actions.stopping import footer
from majlis.outbox.letters import finished
from majlis.outbox.models import Batch, Mail, MailText
from majlis.outbox.rules import is_of_secretariat
from majlis.outbox.terms import MailKind
from majlis.outbox.texts import Words, checked, default_words, filled, kinds
from majlis.web.refused import Forbidden, NotThere
from majlis.web.sentences import Sentence

SECRETARIAT_ONLY = _("Only the secretariat may do this.")
NO_KIND = _("There is no such kind of mail.")
CHUNK = 500


def kind_of(template: str, language: str) -> MailKind:
    """The kind with this template; NotThere if it, or the language, is none of ours."""
    kind = kinds().get(template)
    if kind is None or language not in LANGUAGES:
        raise NotThere(NO_KIND)
    return kind


def write_text(*, by: Account, scope: str, template: str, language: str, subject: str, body: str) -> int:
    """Keep a dialogue's own words for a kind of mail; return how many drafts were written anew with them.

    Refused, naming what and where, if a placeholder is unknown or a needed one is missing. Words that equal the default
    are not kept, so that later defaults hold. Approved batches whose drafts change become drafts again.
    """
    kind = kind_of(template, language)
    if not is_of_secretariat(by):
        raise Forbidden(SECRETARIAT_ONLY)
    words = checked(kind, subject, body)
    if words == default_words(kind, language):
        return reset_text(by=by, scope=scope, template=template, language=language)
    with transaction.atomic():
        row = MailText.objects.select_for_update().filter(scope=scope, template=template, language=language).first()
        if row and (row.subject, row.body) == (words.subject, words.body):
            return 0
        MailText.objects.update_or_create(
            scope=scope, template=template, language=language,
            defaults={"subject": words.subject, "body": words.body, "changed_by": by},
        )  # fmt: skip
        count = _drafts_anew(scope, template, language, words)
        record(
            act="outbox.write_text", by=by, scope=scope, facts={"template": template, "language": language, "drafts": count},
            sentence=Sentence(_("The text of a mail was changed: %(kind)s"), {"kind": _in_all(kind)}),
        )  # fmt: skip
    return count


@transaction.atomic
def reset_text(*, by: Account, scope: str, template: str, language: str) -> int:
    """Go back to the default; return how many drafts were written anew with it."""
    kind = kind_of(template, language)
    if not is_of_secretariat(by):
        raise Forbidden(SECRETARIAT_ONLY)
    gone, _by_model = MailText.objects.filter(scope=scope, template=template, language=language).delete()
    if not gone:
        return 0
    count = _drafts_anew(scope, template, language, default_words(kind, language))
    record(
        act="outbox.reset_text", by=by, scope=scope, facts={"template": template, "language": language, "drafts": count},
        sentence=Sentence(_("The text of a mail was reset to the default: %(kind)s"), {"kind": _in_all(kind)}),
    )  # fmt: skip
    return count


def _drafts_anew(scope: str, template: str, language: str, words: Words) -> int:
    """Write the drafts of this kind anew from the values that they keep."""
    drafts = Mail.objects.filter(
        batch__scope=scope, template=template, language=language, state=Mail.State.DRAFT
    ).exclude(values={})
    mails = list(drafts.select_for_update(of=("self",)).select_related("batch").defer("calendar"))
    for mail in mails:
        below = footer(mail.stop_url, mail.batch.may_stop, language) if mail.stop_url else ""
        written = finished(filled(words, mail.values), language, below)
        mail.subject, mail.body_text, mail.body_html = written.subject, written.text, written.html
    Mail.objects.bulk_update(mails, ["subject", "body_text", "body_html"], batch_size=CHUNK)
    # Somebody approved other words.
    approved = Batch.objects.filter(pk__in={mail.batch_id for mail in mails}, state=Batch.State.APPROVED)
    approved.update(state=Batch.State.DRAFT, approved_by=None, approved_at=None)
    return len(mails)


def _in_all(kind: MailKind) -> dict[str, str]:
    titles = {}
    for language in LANGUAGES:
        with override(language):
            titles[language] = gettext(kind.title)
    return titles
