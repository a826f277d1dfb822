"""Words of the outbox that other folders share: kinds of mails and their placeholders, what readers may stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

# What a reader may unsubscribe from: `draft_batch(may_stop=…)`. Invitations, changes of dates and codes are not among it.
REMINDER, NEWS = "reminder", "news"
STOPPABLE = {REMINDER: _("Reminders"), NEWS: _("News and digests")}

# Scopes that are no dialogue's.
SCOPES = {"network": _("The network"), "accounts": _("Signing in")}

# Mails of one digest class wait this long for others to the same person. The first one opens the window.
DIGEST_WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Placeholder:
    """A value that a mail's text may name as {name}.

    says: what it is, for whoever edits the text (marked with gettext_noop). of: where in the letter's context it is
    found, as in a Django template without braces: "city.name", "closes_at|day"; by itself `name`.
    shape: "line" (a name, a title: one line, control characters and addresses of other sites made harmless), "text" (may
    have paragraphs), "list" (a sequence: the line that names it is repeated for each item), "link" (an address of this
    site). line: how an item of a list is written from its keys or attributes, e.g. "{when}: {title}". drawn: instead of
    `of`, a template that draws the value from the letter's context, where an expression is not enough.
    is_needed: without it the mail is of no use, so a text must name it.
    """

    name: str
    says: str
    of: str = ""
    shape: Literal["line", "text", "list", "link"] = "line"
    line: str = ""
    drawn: str = ""
    is_needed: bool = False

    @property
    def expression(self) -> str:
        return self.of or self.name


@dataclass(frozen=True)
class MailKind:
    """A kind of mail whose text the secretariat may change for a dialogue.

    template: as in Letter. Its .txt file is the default: a Django template that uses nothing but `{{ placeholder }}`
    and translation tags, one paragraph per thought. A paragraph is left out when all placeholders it names are empty
    (so no `{% if %}`); a heading over a line of dashes goes with the text below it.
    Kinds are listed in `settings.MAIL_KINDS` as "folder.mails.MAILS"; a template that is not listed is rendered as an
    ordinary Django template with the letter's context, and cannot be edited.
    """

    template: str
    title: str
    placeholders: Sequence[Placeholder]
