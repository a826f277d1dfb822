"""The mails of this step whose text can be changed."""

from django.utils.translation import gettext_noop as _

from majlis.outbox.terms import MailKind, Placeholder

TITLE = Placeholder("title", _("title of the dialogue"), of="dialogue.title")
LINK = Placeholder("url", _("link to the answer"), shape="link", is_needed=True)
CLOSES = Placeholder("closes_at", _("last day of the survey"), of="closes_at|day")
MAILS = [
    MailKind("evaluate/mail/survey", _("Asking for answers to the survey"), [TITLE, LINK, CLOSES]),
    MailKind("evaluate/mail/survey_reminder", _("Reminder about the survey"), [TITLE, LINK, CLOSES]),
    MailKind("evaluate/mail/results", _("The results for every partner"), [
        TITLE,
        Placeholder("city", _("name of the city"), of="city.name"),
        Placeholder("url", _("link to the results"), shape="link", is_needed=True),
    ]),
]  # fmt: skip
