"""The secretariat's whole way, from the partners' workbook to the report: in German, on a desk, by the pages alone.

What others do (partners consent and agree, a room consults, the worker hands mails over) goes through their actions.
"""

from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

import demo
from majlis.accounts.models import ActionLink
from majlis.dialogue.models import Dialogue, Participant, Session, Step
from majlis.language.models import Text
from majlis.network.models import City, Person, Statement, WorkbookImport
from majlis.outbox.models import Batch, Mail
from majlis.room import actions as rooms
from majlis.room.methods import method
from majlis.room.models import Card, Member, Room
from majlis.room.rules import writable
from majlis.steps.cluster.models import Place, Proposal
from majlis.steps.define import actions as define
from majlis.steps.enable.models import AgendaBlock, Attendance, Seat
from majlis.steps.evaluate.models import Delivery
from majlis.steps.invite import actions as invite
from majlis.steps.invite.models import ConceptNote, Invitation
from majlis.steps.report.models import ActivityEntry, Summary
from tests.e2e.conftest import PageIn
from tests.e2e.desk import Desk, deliver_queued
from tests.network.jobs import work
from tests.world import World

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"]),
]

# Three countries of the region and Germany; Sfax, Dortmund and Mannheim leave their place to the gazetteer.
CHOSEN = ["de-dortmund", "de-mannheim", "jo-irbid", "ma-agadir", "tn-gabes", "tn-sfax"]
LATE = "de-mannheim"  # joins when the others have been clustered
PEOPLE = 2 * len(CHOSEN)
SLUG = "arbeit-vor-ort"
HELD = ("S1", "S2")


def small_workbook() -> bytes:
    """The demonstration's workbook with the chosen cities only; the first column of every sheet names the city."""
    book = load_workbook(Path(demo.__file__).parent / "partners.xlsx")
    for sheet in book:
        for row in range(sheet.max_row, 1, -1):
            if sheet.cell(row, 1).value not in CHOSEN:
                sheet.delete_rows(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def links(act: str) -> list[ActionLink]:
    return list(ActionLink.objects.filter(act=act, revoked_at=None).select_related("account"))


def state_of(step: Step) -> str:
    state: str = Dialogue.objects.get().steps.get(step=step).state
    return state


def imports(desk: Desk) -> None:
    page = desk.page
    desk.opens("/network/import/")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("main input[type=file]").set_input_files(
        {"name": "partner.xlsx", "mimeType": kind, "buffer": small_workbook()}
    )
    desk.press("main form.card button")
    # The preview: nothing is changed yet.
    numbers = page.locator("dl.numbers > div:first-child b").all_inner_texts()
    assert numbers == [str(len(CHOSEN)), str(PEOPLE), str(PEOPLE)]
    assert not City.objects.exists()
    desk.acts("bring-in/")
    expect(page.locator("progress")).to_be_visible()
    assert work() == 1
    if desk.javascript:
        # The page notices by itself.
        expect(page.locator("progress")).to_have_count(0)
    else:
        desk.press("main .card .acts a")
    assert list(City.objects.order_by("slug").values_list("slug", flat=True)) == CHOSEN
    assert (Statement.objects.count(), Person.objects.count()) == (PEOPLE, PEOPLE)
    assert City.objects.get(slug="tn-sfax").zone == "Africa/Tunis"
    assert WorkbookImport.objects.get().state == "done"


def opens_dialogue(desk: Desk) -> None:
    page = desk.page
    desk.opens("/dialogues/new/")
    page.locator("[name=title]").fill("Arbeit vor Ort")
    page.locator("[name=organiser]").fill("Das Städtenetz")
    for language in ("ar", "de", "en", "fr"):
        page.locator(f"[name=languages][value={language}]").check()
    page.locator("[name=zone]").fill("Africa/Tunis")
    desk.press("main form.form button")
    dialogue = Dialogue.objects.get()
    assert (dialogue.slug, dialogue.title) == (SLUG, Text("de", "Arbeit vor Ort"))
    assert page.url.endswith(f"/dialogues/{SLUG}/partners/")
    join(desk, [city for city in CHOSEN if city != LATE])
    desk.opens(f"/dialogues/{SLUG}/define/")
    expect(page.locator("main form")).to_have_count(0)  # not open yet: what is missing stands there, and no tools


def join(desk: Desk, cities: list[str]) -> None:
    """Bring cities into the dialogue, and name all of their people."""
    page, before = desk.page, Dialogue.objects.get().partners.count()
    desk.opens(f"/dialogues/{SLUG}/partners/")
    for city in City.objects.filter(slug__in=cities):
        page.locator(f"[name=cities][value='{city.pk}']").check()
    desk.press("main form.form button")
    desk.opens(f"/dialogues/{SLUG}/participants/")
    for box in page.locator("[name=people]").all():
        box.check()
    desk.press("main form.form button")
    named = Participant.objects.filter(role=Participant.Role.PRACTITIONER)
    assert (Dialogue.objects.get().partners.count(), named.count()) == (
        before + len(cities),
        2 * (before + len(cities)),
    )


def clusters(desk: Desk) -> None:
    page = desk.page
    desk.opens(f"/dialogues/{SLUG}/cluster/")
    page.locator("[name=smallest]").fill("2")
    page.locator("[name=largest]").fill("4")
    desk.acts("cluster/propose/")
    # The worker may just be starting; then the page says so, and comes to the version by itself.
    expect(page.locator("#proposal-heading")).to_be_visible(timeout=90_000)
    assert Proposal.objects.get().clusters.count() > 1
    move_by_keyboard(desk)
    desk.acts("cluster/adopt/")
    assert Proposal.objects.get(adopted_at__isnull=False) == Proposal.objects.latest("version")
    # A window stays open with the button that completes the step, while one more city joins in another window.
    with page.context.new_page() as stale:
        stale.goto(f"/dialogues/{SLUG}/cluster/")
        join(desk, [LATE])
        Desk(stale, desk.world, desk.javascript).is_refused(
            "section.next form button", "Mannheim", back=f"/dialogues/{SLUG}/cluster/"
        )
    assert state_of(Step.CLUSTER) == "open"
    desk.opens(f"/dialogues/{SLUG}/cluster/")
    place = page.locator("section[aria-labelledby=unplaced-heading] form.move button")
    if desk.javascript:
        place.click()
        expect(page.locator("#moved-heading")).to_be_focused()
    else:
        desk.press(place)
    desk.acts("cluster/adopt/")
    desk.goes_on(f"/dialogues/{SLUG}/define/")
    assert state_of(Step.CLUSTER) == "done"


def move_by_keyboard(desk: Desk) -> None:
    page = desk.page
    city = page.locator("[data-partner]").first
    before = Place.objects.get(partner=int(city.get_attribute("data-partner") or 0))
    select = city.locator("select")
    city.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(select).to_be_focused()
    wanted = select.locator("option:checked").inner_text()
    page.keyboard.press("Tab")
    if desk.javascript:
        page.keyboard.press("Enter")
        # What got better and worse is where the reading goes on.
        expect(page.locator("#moved-heading")).to_be_focused()
    else:
        desk.press(select, act=partial(page.keyboard.press, "Enter"))
    expect(page.locator("#moved")).to_be_visible()
    after = Place.objects.filter(partner=before.partner).latest("proposal__version")
    assert after.is_held
    assert after.cluster.name.in_all()["de"] == wanted != before.cluster.name.in_all()["de"]


def defines(desk: Desk) -> None:
    dialogue = Dialogue.objects.get()
    desk.goes_on(f"/dialogues/{SLUG}/define/")
    # As the worker does, to whom the page has handed it; with a script the page comes back by itself.
    define.work_off(proposal_id=dialogue.topic_proposals.get().pk)
    if not desk.javascript:
        desk.opens(f"/dialogues/{SLUG}/define/")
    expect(desk.page.locator("section.topic").first).to_be_visible()
    assert dialogue.topics.exists()
    desk.goes_on("/outbox/batches/")
    desk.sends("define.consent", len(CHOSEN))
    topics = list(dialogue.topics.all())
    for link in links("define.consent"):
        define.vote(link=link, dots={topics[0].pk: 3})
        define.consent(link=link, answer="agree")
    desk.opens(f"/dialogues/{SLUG}/define/")
    desk.goes_on(f"/dialogues/{SLUG}/invite/")
    assert (state_of(Step.DEFINE), state_of(Step.INVITE)) == ("done", "open")


def invites(desk: Desk) -> None:
    page, dialogue = desk.page, Dialogue.objects.get()
    desk.goes_on("/invite/note/")
    page.locator("[name=original]").select_option("de")
    for field in ("goal", "expected_outcome", "roles"):
        page.locator(f"[name={field}_de]").fill(f"Ein Plan für Arbeit vor Ort: {field}")
    desk.press("main form.form .acts button")
    assert ConceptNote.objects.get().goal == Text("de", "Ein Plan für Arbeit vor Ort: goal")
    plans_sessions(desk)
    desk.opens(f"/dialogues/{SLUG}/invite/")
    desk.acts("invite/invitations/draft/")
    # The invitations are drafted, but no city has agreed to its roles: they may not leave.
    desk.is_refused("main form.next button", "Gabès", back="/invite/invitations/send/")
    assert set(Mail.objects.filter(batch__kind="invite.invitation").values_list("state", flat=True)) == {"draft"}
    desk.opens(f"/dialogues/{SLUG}/invite/")
    desk.goes_on("/outbox/batches/")
    desk.sends("invite.agreement", len(CHOSEN))
    for link in links("invite.agree"):
        invite.answer_roles(link=link, answer="agreed")
    desk.opens(f"/dialogues/{SLUG}/invite/")
    desk.goes_on("/invite/invitations/send/")
    desk.press("main form.next button")
    deliver_queued(Batch.objects.get(kind="invite.invitation"), PEOPLE)
    assert Invitation.objects.filter(sent_at__isnull=False).count() == PEOPLE
    desk.opens(f"/dialogues/{SLUG}/invite/")
    desk.goes_on(f"/dialogues/{SLUG}/enable/")
    assert dialogue.sessions.count() == len(HELD) and state_of(Step.INVITE) == "done"


def plans_sessions(desk: Desk) -> None:
    page = desk.page
    for number, code in enumerate(HELD):
        desk.opens(f"/dialogues/{SLUG}/sessions/")
        day = timezone.localdate() + timedelta(days=30 + number)
        for name, words in {
            "code": code,
            "title": f"Sitzung {code}",
            "day": day.isoformat(),
            "begins": "10:00",
        }.items():
            page.locator(f"main [name={name}]").fill(words)
        page.locator("main [name=minutes]").fill("120")
        desk.press("main form.form button")
    starts = [session.starts_at for session in Session.objects.order_by("code")]
    assert [moment.hour for moment in starts] == [9, 9] and starts[0] < starts[1]  # ten o'clock in Tunis


def enables(desk: Desk) -> None:
    page = desk.page
    for code in HELD:
        desk.goes_on(f"/enable/sessions/{code}/blocks/")
        for row, (block, minutes) in enumerate([("WELCOME", 10), ("CONSULT", 60), ("CLOSE", 5)]):
            page.locator(f"[name=form-{row}-code]").select_option(block)
            page.locator(f"[name=form-{row}-minutes]").fill(str(minutes))
        desk.press("main form.form .acts button")
        desk.opens(f"/dialogues/{SLUG}/enable/")
    assert AgendaBlock.objects.count() == 3 * len(HELD)
    brings_case(desk)
    desk.goes_on("/enable/groups/")
    desk.press("section[aria-labelledby=plan-heading] button")
    # By way of a page that waits, if the worker has just started.
    page.wait_for_url("**/enable/groups/", timeout=90_000)
    assert Seat.objects.filter(participant__partner__isnull=False).count() == PEOPLE * len(HELD)
    desk.opens(f"/dialogues/{SLUG}/enable/")
    desk.is_refused('main form[action$="/enable/complete/"] button', *HELD, back=f"/dialogues/{SLUG}/enable/")
    for code in HELD:
        holds(desk, code)
    assert Room.objects.filter(state=Room.State.CLOSED).count() == 1
    desk.opens(f"/dialogues/{SLUG}/enable/")
    desk.goes_on(f"/dialogues/{SLUG}/evaluate/")
    assert state_of(Step.ENABLE) == "done"


def brings_case(desk: Desk) -> None:
    page = desk.page
    giver = Participant.objects.get(person__city__slug="tn-gabes", person__seat=1)
    desk.opens(f"/dialogues/{SLUG}/enable/case/")
    page.locator("[name=participant]").select_option(str(giver.pk))
    page.locator("[name=key_question]").fill("Wie schaffen wir grüne Arbeit?")
    page.locator("[name=theme]").select_option("GRN.01")
    page.locator("[name=session]").select_option("S1")
    desk.press("main form.form button")
    assert giver.brought_case.case.key_question == Text("de", "Wie schaffen wir grüne Arbeit?")


def holds(desk: Desk, code: str) -> None:
    """A session from its start to its close: two people are not ticked, and the case, if there is one, is consulted."""
    page = desk.page
    desk.goes_on(f"/enable/sessions/{code}/")
    desk.goes_on(f"/enable/sessions/{code}/")
    assert Session.objects.get(code=code).state == "running"
    page.locator(f'details:has(form[action$="/{code}/attendance/"]) > summary').click()
    for box in page.locator("[name=people]").all()[2:]:
        box.check()
    desk.press(f'form[action$="/{code}/attendance/"] button')
    assert Attendance.objects.filter(session__code=code).count() == PEOPLE - 2
    for _block in range(2):
        desk.acts(f"sessions/{code}/next/")
    for room in Room.objects.filter(group__round__block__session__code=code):
        if room.case:
            consult(room)
        else:
            rooms.cancel_room(by=desk.world.secretariat, room=room, reason="Niemand brachte einen Fall mit.")
    desk.acts(f"sessions/{code}/close/")
    assert Session.objects.get(code=code).state == "held"
    desk.opens(f"/dialogues/{SLUG}/enable/")


def consult(room: Room) -> None:
    """A consultation as its members write it, each what their role may write in each phase."""
    how = method(room.method)
    members = list(room.members.select_related("person__account").filter(left_at=None))
    lead = next(member.person.account for member in members if member.role == Member.Role.FACILITATOR)
    for member in members:
        rooms.join(by=member.person.account, room=room)
    for phase in how.phases:
        rooms.advance(by=lead, room=room)
        for member in members:
            for kind in sorted(writable(how, phase.position, member.role)):
                rooms.add_card(by=member.person.account, room=room, kind=Card.Kind(kind), text=Text("en", f"My {kind}"))
    rooms.close_room(by=lead, room=room)
    assert Room.objects.get(pk=room.pk).state == Room.State.CLOSED


def evaluates(desk: Desk) -> None:
    page, dialogue = desk.page, Dialogue.objects.get()
    desk.goes_on(f"/dialogues/{SLUG}/evaluate/")
    assert dialogue.surveys.get().code == "SV2"
    desk.goes_on("/outbox/batches/")
    # Only those are asked who came to a session.
    desk.sends("evaluate.survey", Attendance.objects.values("participant").distinct().count())
    desk.opens(f"/dialogues/{SLUG}/evaluate/")
    page.locator("[name=space-name]").fill("Monatlicher Austausch")
    page.locator("[name=space-purpose]").fill("Einander berichten, was gelang")
    desk.acts("evaluate/spaces/")
    assert dialogue.spaces.get().name == Text("de", "Monatlicher Austausch")
    desk.goes_on("/outbox/batches/")
    desk.sends("evaluate.results", len(CHOSEN))
    assert Delivery.objects.filter(mail__state=Mail.State.SENT).count() == len(CHOSEN)
    desk.opens(f"/dialogues/{SLUG}/evaluate/")
    desk.goes_on(f"/dialogues/{SLUG}/report/")
    assert state_of(Step.EVALUATE) == "done"


def reports(desk: Desk) -> None:
    page = desk.page
    desk.goes_on(f"/dialogues/{SLUG}/report/")
    assert ActivityEntry.objects.count() == 5 + len(HELD)
    desk.goes_on(f"/dialogues/{SLUG}/report/")
    assert Summary.objects.get().version == 1
    desk.goes_on(f"/dialogues/{SLUG}/report/")
    assert state_of(Step.REPORT) == "done"
    number = page.locator("article.report[lang=de] a[href$='/records/municipalities/']").first
    expect(number).to_contain_text(str(len(CHOSEN)))
    file = f"/dialogues/{SLUG}/report/file/{SLUG}.de.pdf"
    page.locator("details:has(.report-files) > summary").click()
    with page.expect_download() as coming:
        page.locator(f"a[href='{file}']").click()
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")
    answer = page.request.get(file)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    desk.press(number)
    expect(page.locator(".report-records > li")).to_have_count(len(CHOSEN))
    expect(page.locator(".report-records")).to_contain_text("Gabès")


def test_from_the_workbook_to_the_report(page_in: PageIn, world: World, javascript: bool) -> None:
    desk = Desk(page_in("de", 1280, account=world.secretariat, javascript=javascript), world, javascript)
    for step in (imports, opens_dialogue, clusters, defines, invites, enables, evaluates, reports):
        step(desk)
    assert {each.state for each in Dialogue.objects.get().steps.all()} == {"done"}
