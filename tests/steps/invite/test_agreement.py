"""Every partner is asked, answers by a link or signed in, and is asked again only when it concerns it."""

import pytest
from django.test import Client

from majlis.accounts.models import ActionLink
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.outbox.models import Mail
from majlis.steps.invite import actions
from majlis.steps.invite.models import ConceptNote, RoleAgreement
from majlis.steps.invite.queries import note_of, partner_answers
from majlis.steps.invite.rules import gate
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.steps.invite.conftest import Inviting

pytestmark = pytest.mark.django_db


def agree_url(inviting: Inviting, link: ActionLink) -> str:
    return f"/dialogues/{inviting.dialogue.slug}/invite/agree/{link.token}/"


def test_the_focal_point_agrees_by_link_without_signing_in(inviting: Inviting, client: Client) -> None:
    inviting.note()
    inviting.ask()
    link = next(each for each in inviting.links("invite.agree") if each.account.language == "ar")
    mail = Mail.objects.get(account=link.account)
    assert agree_url(inviting, link) in mail.body_text
    before = RoleAgreement.objects.get(partner__city__slug="tn-gabès")
    entries = Entry.objects.count()
    page = client.get(agree_url(inviting, link))
    assert page.status_code == 200
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert "في النهاية لكل مدينة خطة." in page.content.decode()
    assert Entry.objects.count() == entries
    assert RoleAgreement.objects.get(pk=before.pk).answer == "asked"
    answer = client.post(agree_url(inviting, link), {"answer": "agreed", "comment": "نعم", "of_version": 1})
    assert answer.status_code == 302
    kept = RoleAgreement.objects.get(pk=before.pk)
    assert (kept.answer, kept.comment, kept.answered_by) == ("agreed", Text("ar", "نعم"), link.account)
    again = client.post(agree_url(inviting, link), {"answer": "agreed", "comment": "نعم", "of_version": 1})
    assert again.status_code == 302
    assert Entry.objects.filter(act="invite.answer_roles").count() == 1


def test_declining_needs_a_reason_and_what_was_typed_stays(inviting: Inviting, client: Client) -> None:
    inviting.note()
    inviting.ask()
    link = inviting.links("invite.agree")[0]
    page = client.post(agree_url(inviting, link), {"answer": "declined", "comment": "", "of_version": 1})
    assert page.status_code == 422
    assert RoleAgreement.objects.filter(answer="declined").count() == 0
    client.post(agree_url(inviting, link), {"answer": "declined", "comment": "Too many hours", "of_version": 1})
    assert RoleAgreement.objects.get(answer="declined").comment.body == "Too many hours"


def test_an_answer_to_an_older_note_is_not_taken(inviting: Inviting, client: Client) -> None:
    inviting.note()
    inviting.ask()
    link = inviting.links("invite.agree")[0]
    inviting.note(roles=Text("en", "Three people and two cases."))
    page = client.post(agree_url(inviting, link), {"answer": "agreed", "comment": "as before", "of_version": 1})
    assert page.status_code == 409
    assert "Three people and two cases." in page.content.decode()
    assert "as before" in page.content.decode()
    assert 'name="of_version" value="2"' in page.content.decode()
    assert RoleAgreement.objects.filter(answer="agreed").count() == 0


def test_a_changed_note_asks_again_and_wording_or_translation_does_not(inviting: Inviting) -> None:
    inviting.agreed()
    kept = inviting.note(
        goal=Text.of({"en": "By the end, each city has a plan.", "de": "Am Ende hat jede Stadt einen Plan."})
    )
    assert (kept.version, kept.terms_version) == (2, 1)
    kept = inviting.note(goal=Text("en", "By the end each city has a plan."), keeps_agreements=True)
    assert (kept.version, kept.terms_version) == (3, 1)
    with pytest.raises(NotNow):
        actions.ask_agreement(by=inviting.secretariat, dialogue=inviting.dialogue)
    kept = inviting.note(
        fields={"contact": Text("en", "Secretariat")}, goal=Text("en", "By the end each city has a plan.")
    )
    assert kept.terms_version == 1
    kept = inviting.note(goal=Text("en", "By the end each city has two plans."))
    assert (kept.version, kept.terms_version, kept.versions.count()) == (5, 2, 5)
    assert actions.ask_agreement(by=inviting.secretariat, dialogue=inviting.dialogue).mails.count() == 2


def test_a_role_of_its_own_asks_that_city_alone(inviting: Inviting) -> None:
    inviting.note()
    inviting.ask()
    declined, agreed = inviting.links("invite.agree")
    actions.answer_roles(link=declined, answer="declined", comment="Too many hours")
    actions.answer_roles(link=agreed, answer="agreed")
    with pytest.raises(NotNow):
        actions.ask_agreement(by=inviting.secretariat, dialogue=inviting.dialogue)
    partner = inviting.dialogue.partners.get(role_agreement__answer="declined")
    actions.give_role(by=inviting.secretariat, partner=partner, role=Text("en", "One person, ten hours."))
    batch = actions.ask_agreement(by=inviting.secretariat, dialogue=inviting.dialogue)
    mail = batch.mails.get()
    assert mail.account == declined.account
    assert "One person, ten hours." in mail.body_text


def test_bad_links_all_show_the_same_calm_page(inviting: Inviting, client: Client) -> None:
    inviting.note()
    inviting.ask()
    mine, other = inviting.links("invite.agree")
    number, signature = mine.token.split("-")
    gone = client.get(agree_url(inviting, mine).replace(mine.token, "garbage"))
    bodies = {gone.content}
    for token in ("1-", f"{number}-{'0' * 40}", f"{other.pk}-{signature}", "9" * 30 + "-x", "٣-x"):
        page = client.get(f"/dialogues/{inviting.dialogue.slug}/invite/agree/{token}/")
        assert page.status_code == 404, token
        bodies.add(page.content)
    foreign = client.get(f"/dialogues/another/invite/agree/{mine.token}/")
    assert foreign.status_code == 404
    wrong_act = client.get(f"/dialogues/{inviting.dialogue.slug}/invite/answer/{mine.token}/")
    ActionLink.objects.filter(pk=mine.pk).update(expires_at="2020-01-01T00:00Z")
    expired = client.get(agree_url(inviting, mine))
    person = Person.objects.get(account=other.account)
    Person.objects.filter(pk=person.pk).update(is_focal_point=False)
    handed_over = client.get(agree_url(inviting, other))
    assert {page.status_code for page in (wrong_act, expired, handed_over)} == {404}
    words = "This link no longer works."
    assert all(words in page.content.decode() for page in (gone, foreign, wrong_act, expired, handed_over))


def test_signed_in_the_focal_point_finds_it_too(inviting: Inviting, client: Client) -> None:
    inviting.note()
    inviting.ask()
    client.force_login(inviting.focal_point())
    url = f"/dialogues/{inviting.dialogue.slug}/invite/"
    assert client.get(f"{url}roles/").status_code == 200
    assert client.post(f"{url}roles/", {"answer": "agreed", "of_version": 1}).status_code == 302
    assert RoleAgreement.objects.filter(answer="agreed").count() == 1
    partner = inviting.dialogue.partners.exclude(role_agreement__answer="agreed").get()
    with pytest.raises(Forbidden):
        actions.answer_roles(by=inviting.focal_point(), partner=partner, answer="agreed")


def test_who_has_agreed_is_asked_again_only_about_the_change(inviting: Inviting, client: Client) -> None:
    inviting.agreed()
    inviting.note(roles=Text("en", "Two people, three cases, thirty hours."), effort_hours=30)
    batch = actions.ask_agreement(by=inviting.secretariat, dialogue=inviting.dialogue)
    link = next(each for each in inviting.links("invite.agree") if each.account.language == "fr")
    mail = batch.mails.get(account=link.account)
    assert "Two people, one case, thirty hours." in mail.body_text
    assert "Two people, three cases, thirty hours." in mail.body_text
    assert "By the end, each city has a plan." not in mail.body_text
    page = client.get(agree_url(inviting, link)).content.decode()
    assert "<del>one case, </del><ins>three cases, </ins>" in page
    assert client.post(agree_url(inviting, link), {"answer": "agreed", "of_version": 2}).status_code == 302
    again = RoleAgreement.objects.get(answered_by=link.account)
    assert again.agreed_terms["effort_hours"] == 30
    assert "<ins>" not in client.get(agree_url(inviting, link)).content.decode()


def test_what_was_agreed_to_before_word_for_word_is_agreed(inviting: Inviting) -> None:
    inviting.agreed()
    inviting.note(goal=Text("en", "By the end each city has two plans."))
    assert not gate(inviting.dialogue).is_open
    inviting.note()
    assert gate(inviting.dialogue).is_open


def test_responsibilities_of_all_and_of_one(inviting: Inviting) -> None:
    inviting.note(responsibilities={"case": "R", "share": "A"}, effort_hours=30)
    batch = inviting.ask()
    assert all("- " in mail.body_text for mail in batch.mails.all())
    for link in inviting.links("invite.agree"):
        actions.answer_roles(link=link, answer="agreed")
    assert gate(inviting.dialogue).is_open
    one = inviting.dialogue.partners.all()[0]
    actions.give_role(
        by=inviting.secretariat,
        partner=one,
        role=Text("en", "It interprets."),
        responsibilities={"interpret": "R"},
        hours=5,
    )
    assert [
        each.partner
        for each in partner_answers(inviting.dialogue, note_of(inviting.dialogue))
        if each.state != "agreed"
    ] == [one]
    with pytest.raises(Refused):
        inviting.note(responsibilities={"case": "X"})
    with pytest.raises(Refused):
        inviting.note(responsibilities={"cook": "R"})
    inviting.note(responsibilities={"case": "A", "share": "A"}, effort_hours=30)
    assert not any(each.state == "agreed" for each in partner_answers(inviting.dialogue, note_of(inviting.dialogue)))


def test_two_who_write_the_note_at_once_do_not_overwrite_each_other(inviting: Inviting, client: Client) -> None:
    inviting.note()
    client.force_login(inviting.secretariat)
    url = f"/dialogues/{inviting.dialogue.slug}/invite/note/"
    typed = {"original": "en", "goal_en": "Mine", "expected_outcome_en": "x", "roles_en": "y", "of_version": 1}
    inviting.note(goal=Text("en", "Theirs"))
    page = client.post(url, typed)
    assert page.status_code == 409
    assert "Mine" in page.content.decode()
    assert 'name="of_version" value="2"' in page.content.decode()
    assert str(ConceptNote.objects.get().goal) == "Theirs"
    assert client.post(url, typed | {"of_version": 2}).status_code == 302
    assert str(ConceptNote.objects.get().goal) == "Mine"


def test_the_whole_note_and_its_versions_can_be_read(inviting: Inviting, client: Client) -> None:
    client.force_login(inviting.focal_point())
    url = f"/dialogues/{inviting.dialogue.slug}/invite/concept-note/"
    assert client.get(url).status_code == 200
    assert client.get(f"{url}compare/").status_code == 200
    inviting.session()
    inviting.note(fields={"objectives": Text("en", "One\nTwo"), "contact": Text("en", "Secretariat")}, methods=["KB60"])
    with pytest.raises(Refused):
        inviting.note(fields={"objectives": Text("en", "Only one")})
    with pytest.raises(Refused):
        inviting.note(methods=["KB61"])
    inviting.note(goal=Text("en", "By the end, each city has two plans."))
    client.cookies["django_language"] = "en"
    page = client.get(url).content.decode()
    for words in (
        "Jobs in cities",
        "Opening S1",
        "By the end, each city has two plans.",
        "Sub-topics",
        "still missing",
    ):
        assert words in page, words
    compared = client.get(f"{url}compare/?before=1&after=2").content.decode()
    assert "<del>a plan.</del><ins>two plans.</ins>" in compared
    assert client.get(f"{url}compare/?before=x&after=999").status_code == 200
