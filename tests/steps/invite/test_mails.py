"""The texts of this step's mails: changed for a dialogue, checked, flat defaults that leave out what is empty."""

from __future__ import annotations

import pytest

from majlis.language.models import Text
from majlis.outbox.actions import write_text
from majlis.outbox.models import Mail
from majlis.outbox.queries import kinds_of
from majlis.steps.invite import actions
from majlis.steps.invite.mails import MAILS
from majlis.web.refused import Refused
from tests.steps.invite.conftest import Inviting

pytestmark = pytest.mark.django_db


def test_every_mail_of_the_step_can_be_changed(inviting: Inviting) -> None:
    listed = [kind.template for kind in kinds_of(inviting.dialogue.scope) if kind.template.startswith("invite/")]
    assert listed == [kind.template for kind in MAILS]
    assert len(listed) == 12


@pytest.mark.parametrize("template", ["invite/mail/invitation", "invite/mail/reminder", "invite/mail/agreement"])
def test_a_text_without_its_link_or_with_an_unknown_name_is_refused(inviting: Inviting, template: str) -> None:
    own = {"by": inviting.secretariat, "scope": inviting.dialogue.scope, "template": template, "language": "ar"}
    for body in ("مرحبا {title}", "{link} {nobody}"):
        with pytest.raises(Refused):
            write_text(subject="دعوة", body=body, **own)  # type: ignore[arg-type]


def test_a_dialogues_own_invitation_goes_out(inviting: Inviting) -> None:
    write_text(
        by=inviting.secretariat, scope=inviting.dialogue.scope, template="invite/mail/invitation", language="ar",
        subject="أهلا بكم في {title}", body="{city}\n\n- {dates}\n\n{goal}\n\n{link}",
    )  # fmt: skip
    inviting.invited()
    mail = Mail.objects.filter(template="invite/mail/invitation", language="ar").latest("pk")
    assert mail.subject == "أهلا بكم في Jobs in cities"
    city, dates, goal, link = mail.body_text.strip().split("\n\n")
    assert (city, goal) == ("Gabès", "في النهاية لكل مدينة خطة.")
    assert dates.endswith("افتتاح S1")
    assert "/invite/answer/" in link
    other = Mail.objects.filter(template="invite/mail/invitation", language="fr").latest("pk")
    assert other.subject == "Invitation : Jobs in cities"


def test_a_change_of_the_terms_is_asked_about_by_its_own_mail(inviting: Inviting) -> None:
    inviting.agreed()
    inviting.note(roles=Text("en", "Three people."))
    batch = actions.ask_agreement(by=inviting.secretariat, dialogue=inviting.dialogue)
    mail = batch.mails.filter(language="fr").get()
    assert mail.template == "invite/mail/agreement_changed"
    assert "- Maintenant: Three people." in mail.body_text
