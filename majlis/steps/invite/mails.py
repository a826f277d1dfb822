"""The mails of this step whose text can be changed."""

from django.utils.translation import gettext_noop as _

from majlis.outbox.terms import MailKind, Placeholder

TITLE = Placeholder("title", _("title of the dialogue"), of="dialogue.title")
ORGANISER = Placeholder("organiser", _("who organises the dialogue"), of="dialogue.organiser")
CITY = Placeholder("city", _("name of the city"), of="city.name")
LINK = Placeholder("link", _("link to the answer"), shape="link", is_needed=True)
GOAL = Placeholder("goal", _("goal of the dialogue"), of="note.goal", shape="text")
OUTCOME = Placeholder("expected_outcome", _("expected outcome"), of="note.expected_outcome", shape="text")
ROLES = Placeholder("roles", _("roles and responsibilities of every partner"), of="note.roles", shape="text")
OWN_ROLE = Placeholder("own_role", _("the city's own role, if it has one"), shape="text")
DATES = Placeholder(
    "dates", _("the sessions with their times, one on each line"), of="sessions", shape="list", line="{when}: {title}"
)
HOURS = Placeholder("hours", _("hours in all, preparation included"))
DEADLINE = Placeholder("deadline", _("last day for the answer"))
AGREEMENT = [TITLE, CITY, LINK, GOAL, OUTCOME, ROLES, OWN_ROLE]
MAILS = [
    MailKind("invite/mail/agreement", _("Asking for agreement to the roles"), [
        *AGREEMENT,
        Placeholder("who_does_what", _("who does what, one on each line"), shape="list"),
        Placeholder("effort", _("hours for each person, as a sentence"), drawn="invite/mail/effort.txt"),
    ]),
    MailKind("invite/mail/agreement_changed", _("Asking for agreement again, about a change"), [
        TITLE, CITY, LINK,
        Placeholder("changes", _("what has changed"), shape="text", drawn="invite/mail/agreement_changes.txt", is_needed=True),
    ]),
    MailKind("invite/mail/agreement_reminder", _("Reminder about the agreement"), AGREEMENT),
    MailKind("invite/mail/delegation", _("Invitation of a city: name your delegation"), [
        TITLE, ORGANISER, CITY, LINK, GOAL, OUTCOME, DATES, HOURS, DEADLINE,
    ]),
    MailKind("invite/mail/handover", _("To a new focal point"), [TITLE, CITY, LINK, GOAL, DATES]),
    MailKind("invite/mail/invitation", _("Invitation of a person"), [
        TITLE, ORGANISER,
        Placeholder("person", _("role title of the reader"), of="participant.person"),
        CITY, LINK, DEADLINE, GOAL, OUTCOME, ROLES, OWN_ROLE, DATES, HOURS,
        Placeholder("topics", _("the sub-topics, one on each line"), shape="list"),
        Placeholder("preparation", _("what to prepare, from the concept note"), shape="text"),
        Placeholder("languages", _("languages of the dialogue")),
        Placeholder("technical", _("technical needs"), shape="text"),
        Placeholder("budget", _("what it costs"), shape="text"),
        Placeholder("data_protection", _("data protection"), shape="text"),
        Placeholder("conduct", _("code of conduct"), shape="text"),
        Placeholder("contact", _("who answers questions"), shape="text"),
        Placeholder("calendar_link", _("address of the reader's own calendar"), shape="link"),
    ]),
    MailKind("invite/mail/reminder", _("Reminder about the invitation"), [
        TITLE, LINK, DEADLINE, DATES,
        Placeholder("free_seats", _("for focal points: that seats of their city are free"), shape="text", drawn="invite/mail/free_seats.txt"),
        Placeholder("city_link", _("for focal points: link to their delegation"), shape="link"),
    ]),
    MailKind("invite/mail/reminder_city", _("Reminder about the delegation"), [
        TITLE, CITY, DEADLINE, DATES, Placeholder("link", _("link to the delegation"), of="city_link", shape="link", is_needed=True),
    ]),
    MailKind("invite/mail/place", _("News about a place"), [
        TITLE, LINK,
        Placeholder("places", _("for each session: a place, or the waiting list"), shape="text", drawn="invite/mail/places.txt", is_needed=True),
    ]),
    MailKind("invite/mail/place_refused", _("No place this time"), [
        TITLE, LINK, Placeholder("reason", _("the reason, in the secretariat's words"), of="row.approval_reason", shape="text"),
    ]),
    MailKind("invite/mail/update", _("Changed dates"), [
        TITLE, LINK,
        Placeholder("changes", _("what has changed"), shape="text", drawn="invite/mail/update_changes.txt", is_needed=True),
    ]),
    MailKind("invite/mail/removal", _("Taken off the calendar"), [TITLE, DATES]),
]  # fmt: skip
