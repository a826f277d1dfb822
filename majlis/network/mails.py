"""The network's mails whose text can be changed."""

from django.utils.translation import gettext_noop as _

from majlis.outbox.terms import MailKind, Placeholder

MAILS = [
    MailKind("network/mail/intake", _("Asking for needs, visions and offers"), [
        Placeholder("city", _("name of the city"), of="city.name"),
        Placeholder("url", _("link to the form"), shape="link", is_needed=True),
    ]),
]  # fmt: skip
