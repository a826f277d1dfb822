"""The mails of this step whose text can be changed."""

from django.utils.translation import gettext_noop as _

from majlis.outbox.terms import MailKind, Placeholder

TITLE = Placeholder("title", _("title of the dialogue"), of="dialogue.title")
CITY = Placeholder("city", _("name of the city"), of="city.name")
LINK = Placeholder("url", _("link to the answer"), shape="link", is_needed=True)
CHANGES = Placeholder(
    "changes", _("what has changed in the sub-topics"), shape="text", drawn="define/mail/changes.txt", is_needed=True
)
REASON = Placeholder("reason", _("the objection, in its author's words"), of="objection.reason", shape="text")
REPLY = Placeholder("reply", _("the secretariat's reply"), of="objection.reply", shape="text", is_needed=True)
MAILS = [
    MailKind("define/mail/consent", _("Asking for consent to the sub-topics"), [
        TITLE, CITY,
        Placeholder("topics", _("the sub-topics, one on each line"), shape="list", line="{name}"),
        Placeholder("dots", _("number of dots to give")),
        LINK,
    ]),
    MailKind("define/mail/changed", _("Asking again, about a change"), [TITLE, CITY, CHANGES, LINK]),
    MailKind("define/mail/reminder", _("Reminder about the sub-topics"), [TITLE, CITY, LINK]),
    MailKind("define/mail/reply", _("Reply to an objection"), [TITLE, REASON, REPLY, LINK]),
    MailKind("define/mail/reply_changed", _("Reply to an objection that led to a change"), [TITLE, REASON, REPLY, CHANGES, LINK]),
]  # fmt: skip
