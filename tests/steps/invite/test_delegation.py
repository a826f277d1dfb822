"""A city names its delegation by link, substitutes without losing a seat, hands over; and its people are invited personally."""

import pytest
from django.test import Client

from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Partner, Session
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.outbox.actions import send_batch
from majlis.outbox.courier import calendar_objects
from majlis.outbox.models import Mail
from majlis.steps.invite import actions
from majlis.steps.invite.actions import Named
from majlis.steps.invite.models import Invitation, Replacement
from majlis.steps.invite.queries import delegation
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from tests.steps.invite.conftest import Inviting
from tests.world import World

pytestmark = pytest.mark.django_db

SUBSTITUTE = Named("substitute@example.org", Text("ar", "رئيس مصلحة التخطيط"))


@pytest.fixture
def gabes(inviting: Inviting) -> Partner:
    return inviting.dialogue.partners.get(city__slug="tn-gabès")


def link_of(inviting: Inviting, partner: Partner) -> ActionLink:
    return ActionLink.objects.get(act="invite.delegate", subject=f"partner:{partner.pk}", revoked_at=None)


def asked(inviting: Inviting) -> None:
    inviting.agreed()
    actions.invite_delegations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)


def url_of(inviting: Inviting, link: ActionLink) -> str:
    return f"/dialogues/{inviting.dialogue.slug}/invite/delegation/{link.token}/"


def test_no_municipality_is_invited_before_the_gate_is_open(inviting: Inviting) -> None:
    inviting.note()
    inviting.session()
    batch = actions.invite_delegations(by=inviting.secretariat, dialogue=inviting.dialogue)
    with pytest.raises(NotNow):
        send_batch(by=inviting.secretariat, batch=batch)
    with pytest.raises(NotNow):
        actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    assert {mail.state for mail in batch.mails.all()} == {"draft"}
    with pytest.raises(Forbidden):
        actions.invite_delegations(by=inviting.focal_point(), dialogue=inviting.dialogue)


def test_the_focal_point_names_a_person_by_link_in_arabic(inviting: Inviting, client: Client, gabes: Partner) -> None:
    asked(inviting)
    link = link_of(inviting, gabes)
    url = url_of(inviting, link)
    mail = Mail.objects.get(batch__kind="invite.delegation", account=link.account)
    assert url in mail.body_text
    page = client.get(url)
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    typed = {"act": "3", "role_title": "مديرة جمعية الواحة", "address": "Oasis@example.org", "language": "ar"}
    faulty = client.post(url, typed)
    assert faulty.status_code == 422
    assert "مديرة جمعية الواحة" in faulty.content.decode()
    done = client.post(url, typed | {"organisation": "جمعية الواحة", "actor_type": "ACT.NGO"})
    assert done.status_code == 302
    person = Person.objects.get(account__email="oasis@example.org")
    assert (person.city, person.seat, person.role_title) == (gabes.city, 3, Text("ar", "مديرة جمعية الواحة"))
    assert person.organisation and person.organisation.name == Text("ar", "جمعية الواحة")
    assert [seat.participant.person for seat in delegation(gabes) if seat.participant][2] == person
    batch = actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    assert person.account in {mail.account for mail in batch.mails.all()}
    again = client.post(url, typed | {"organisation": "x", "actor_type": "ACT.NGO"})
    assert again.status_code == 422


@pytest.mark.parametrize("address", ["not an address", "secretariat", "elsewhere", "switched off"])
def test_addresses_that_do_not_fit_all_get_the_same_words(
    inviting: Inviting, world: World, gabes: Partner, address: str
) -> None:
    inviting.agreed()
    elsewhere = inviting.dialogue.partners.exclude(pk=gabes.pk)[0].city.people.all()[0].account.email
    off = world.account(is_active=False).email
    typed = {"secretariat": inviting.secretariat.email, "elsewhere": elsewhere, "switched off": off}.get(
        address, address
    )
    before = Person.objects.count(), gabes.delegation.count()
    with pytest.raises(Refused, match="cannot be used for Gabès"):
        actions.name_delegate(
            seat=3,
            named=Named(typed, Text("en", "Partner")),
            by=gabes.city.people.get(is_focal_point=True).account,
            partner=gabes,
        )
    assert (Person.objects.count(), gabes.delegation.count()) == before


def test_a_substitute_takes_the_seat_with_its_places_and_answers_for_themselves(
    inviting: Inviting, client: Client, gabes: Partner
) -> None:
    inviting.invited()
    seat = delegation(gabes)[1]
    former = seat.participant
    assert former
    session = inviting.dialogue.sessions.get()
    Session.objects.update(capacity=1)
    own = ActionLink.objects.get(act="invite.answer", account=former.person.account)
    given = {
        "answer": "yes",
        "sessions": [session.pk],
        "contribution": "challenge",
        "contribution_text": Text("ar", "عمل"),
    }
    actions.answer_invitation(link=own, **given)  # type: ignore[arg-type]
    others = [link for link in inviting.links("invite.answer") if link != own]
    actions.answer_invitation(link=others[0], **given)  # type: ignore[arg-type]
    focal = gabes.city.people.get(is_focal_point=True).account
    former_account = former.person.account
    taking = actions.substitute(participant=former, named=SUBSTITUTE, by=focal)
    assert taking.pk == former.pk
    row = Invitation.objects.get(participant=taking)
    assert (row.answer, row.contribution, row.sessions, row.sent_at) == ("open", "", [session.pk], None)
    assert Invitation.objects.get(participant__person__account=others[0].account).sessions == []
    assert client.get(f"/dialogues/{inviting.dialogue.slug}/invite/answer/{own.token}/").status_code == 404
    removal = Mail.objects.get(batch__kind="invite.removal")
    assert (removal.account, removal.state) == (former_account, "draft")
    (object_,) = calendar_objects(removal.calendar)
    assert "METHOD:CANCEL" in object_
    assert "SEQUENCE:1" in object_
    assert [(each.left.account, each.came.account.email) for each in Replacement.objects.all()] == [
        (former_account, SUBSTITUTE.address)
    ]
    actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    new = ActionLink.objects.get(act="invite.answer", account__email=SUBSTITUTE.address)
    actions.answer_invitation(link=new, answer="no")
    assert Invitation.objects.get(participant__person__account=others[0].account).sessions == [session.pk]


def test_after_a_session_was_held_the_former_person_stays_a_participant(inviting: Inviting, gabes: Partner) -> None:
    inviting.session("S2", hour=13)
    inviting.invited()
    held, planned = inviting.dialogue.sessions.order_by("pk")
    former = delegation(gabes)[0].participant
    assert former
    own = ActionLink.objects.get(act="invite.answer", account=former.person.account)
    actions.answer_invitation(
        link=own,
        answer="yes",
        sessions=[held.pk, planned.pk],
        contribution="practice",
        contribution_text=Text("ar", "سوق"),
    )
    Session.objects.filter(pk=held.pk).update(state="held")
    count = inviting.dialogue.participants.count()
    taking = actions.substitute(participant=former, named=SUBSTITUTE, by=inviting.secretariat)
    assert taking.pk != former.pk
    assert inviting.dialogue.participants.count() == count + 1
    assert Invitation.objects.get(participant=former).sessions == [held.pk]
    assert Invitation.objects.get(participant=taking).sessions == [planned.pk]
    assert next(seat.participant for seat in delegation(gabes)) == taking
    with pytest.raises(NotNow):
        actions.substitute(
            participant=former, named=Named("x@example.org", Text("en", "Other")), by=inviting.secretariat
        )


def test_handing_over_moves_every_right_to_the_successor(inviting: Inviting, client: Client, gabes: Partner) -> None:
    asked(inviting)
    link = link_of(inviting, gabes)
    old = link.account
    typed = {"act": "hand_over", "role_title": "Successor", "address": "successor@example.org", "language": "fr"}
    assert client.post(url_of(inviting, link), typed).status_code == 200
    assert client.get(url_of(inviting, link)).status_code == 404
    assert client.post(url_of(inviting, link), typed).status_code == 404
    agree = ActionLink.objects.get(act="invite.agree", account=old)
    assert client.get(f"/dialogues/{inviting.dialogue.slug}/invite/agree/{agree.token}/").status_code == 404
    successor = Account.objects.get(email="successor@example.org")
    assert gabes.city.people.get(is_focal_point=True).account == successor
    mail = Mail.objects.get(batch__kind="invite.handover")
    assert (mail.account, mail.language, mail.state) == (successor, "fr", "draft")
    assert url_of(inviting, link_of(inviting, gabes)) in mail.body_text
    with pytest.raises(Forbidden):
        actions.name_delegate(seat=3, named=SUBSTITUTE, by=old, partner=gabes)
    actions.name_delegate(seat=3, named=SUBSTITUTE, by=successor, partner=gabes)


def test_a_city_acts_only_for_itself(inviting: Inviting, client: Client, gabes: Partner) -> None:
    asked(inviting)
    other = inviting.dialogue.partners.exclude(pk=gabes.pk)[0]
    foreign = delegation(other)[0].participant
    assert foreign
    with pytest.raises(NotThere):
        actions.substitute(participant=foreign, named=SUBSTITUTE, link=link_of(inviting, gabes))
    with pytest.raises(Forbidden):
        actions.name_delegate(seat=3, named=SUBSTITUTE, by=foreign.person.account, partner=gabes)
    client.force_login(foreign.person.account)
    slug = inviting.dialogue.slug
    assert client.get(f"/dialogues/{slug}/invite/delegation/of/{gabes.pk}/").status_code == 404
    assert client.get(f"/dialogues/{slug}/invite/delegation/").status_code == 200
    client.force_login(inviting.secretariat)
    assert client.get(f"/dialogues/{slug}/invite/delegation/of/{gabes.pk}/").status_code == 200
