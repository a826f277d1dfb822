"""The room of the report, through the front door."""

import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from majlis.dialogue.models import Session, Step, StepRecord
from majlis.language.models import Text
from majlis.steps.evaluate.models import Commitment
from majlis.steps.report import actions
from majlis.steps.report.models import ActivityEntry, Summary
from majlis.steps.report.queries import next_action
from majlis.steps.report.rules import gate
from majlis.web.refused import Forbidden, NotNow
from tests.steps.report.event import Event

GOLDEN = "Mehr als 40 städtische Fachleute aus 22 Kommunen und 10 Ländern"


def url(event: Event, name: str = "page", *args: object) -> str:
    return reverse(f"report:{name}", args=[event.dialogue.slug, *args])


def written(event: Event) -> Summary:
    by = event.world.secretariat
    actions.write_activity_entries(by=by, dialogue=event.dialogue)
    return actions.write_summary(by=by, dialogue=event.dialogue)


def listed(html: str) -> int:
    """How many records a page lists."""
    return html[html.index('class="report-records"') :].split("</ol>")[0].count("<li>")


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_the_page_opens_as_the_founding_text_and_every_number_leads_to_its_records(
    event: Event, client: Client
) -> None:
    written(event)
    client.force_login(event.world.secretariat)
    page = client.get(url(event), {"language": "de"}).content.decode()
    summary = page[page.index('<h2 id="section-summary"') : page.index('<section aria-labelledby="section-glance"')]
    assert f"Zusammenfassung {GOLDEN} aus der MENA-Region und Deutschland" in plain(summary)
    unlinked = re.sub(r"<a .*?</a>|<h2.*?</h2>", "", summary, flags=re.S)
    # What remains says a scale; every number that was counted stands in a link.
    assert re.findall(r"\d+", plain(unlinked).replace("Skala von 1 bis 5", "")) == []
    for address in set(re.findall(r'href="(/dialogues/[^"]*/records/[^"]*)"', summary)):
        assert client.get(address).status_code == 200


def test_the_records_behind_22_are_the_22_cities_by_name(event: Event, client: Client) -> None:
    written(event)
    client.force_login(event.world.account("observer"))
    page = client.get(url(event, "records", "municipalities")).content.decode()
    assert listed(page) == 22
    for partner in event.partners.values():
        assert str(partner.city.name) in page
    sessions = client.get(url(event, "records", "sessions")).content.decode()
    assert listed(sessions) == 5


def test_people_and_rooms_are_listed_only_for_the_team(event: Event, client: Client) -> None:
    written(event)
    title = str(event.people[0].person.role_title)
    client.force_login(event.world.secretariat)
    assert title in client.get(url(event, "records", "participants")).content.decode()
    assert "Room 0" in client.get(url(event, "records", "consultations")).content.decode()
    for account in (event.world.account("observer"), event.people[1].person.account):
        client.force_login(account)
        page = client.get(url(event, "records", "participants")).content.decode()
        assert title not in page
        assert "44" in page
        assert "Room 0" not in client.get(url(event, "records", "consultations")).content.decode()


def test_a_case_that_is_not_released_stands_nowhere(event: Event, client: Client, tmp_path: Path) -> None:
    written(event)
    client.force_login(event.world.secretariat)
    assert "SECRET" not in client.get(url(event)).content.decode()
    for path in actions.write_files(by=event.world.secretariat, dialogue=event.dialogue, folder=tmp_path):
        if path.suffix in {".html", ".json"}:
            assert "SECRET" not in path.read_text(encoding="utf-8")


def test_entries_have_records_of_their_own(event: Event, client: Client) -> None:
    written(event)
    client.force_login(event.world.secretariat)
    page = client.get(url(event, "entry_records", "session:S2", "present.cities"))
    assert listed(page.content.decode()) == 22
    assert client.get(url(event, "entry_records", "session:S9", "present")).status_code == 404
    assert client.get(url(event, "records", "nonsense")).status_code == 404


@pytest.mark.parametrize("step", [Step.CLUSTER, Step.EVALUATE])
def test_a_closed_step_refuses_by_page_and_by_action(event: Event, client: Client, step: Step) -> None:
    event.world.at(event.dialogue, step)
    by = event.world.secretariat
    client.force_login(by)
    page = client.get(url(event))
    assert (page.status_code, "It opens when the evaluation is complete" in page.content.decode()) == (200, True)
    for name in ("write_entries", "write_summary", "complete"):
        assert client.post(url(event, name)).status_code == 409
    assert client.get(url(event, "records", "participants")).status_code == 404
    with pytest.raises(NotNow):
        actions.write_activity_entries(by=by, dialogue=event.dialogue)
    with pytest.raises(NotNow):
        actions.write_summary(by=by, dialogue=event.dialogue)
    with pytest.raises(NotNow):
        actions.complete(by=by, dialogue=event.dialogue)
    assert (ActivityEntry.objects.count(), Summary.objects.count()) == (0, 0)


def test_only_the_secretariat_writes(event: Event) -> None:
    for account in (event.world.account("observer"), event.people[0].person.account):
        for act in (actions.write_activity_entries, actions.write_summary, actions.complete):
            with pytest.raises(Forbidden):
                act(by=account, dialogue=event.dialogue)


def test_the_work_goes_from_entries_to_summary_to_completion(event: Event, client: Client) -> None:
    by, dialogue = event.world.secretariat, event.dialogue
    client.force_login(by)

    def heading() -> str:
        action = next_action(dialogue, by)
        return str(action.heading) if action else ""

    assert heading() == "Write the entries of 10 activities"
    assert client.post(url(event, "complete")).status_code == 409
    client.post(url(event, "write_entries"))
    assert [condition.is_met for condition in gate(dialogue).conditions] == [True, False, False]
    assert heading() == "Write the summary"
    client.post(url(event, "write_summary"))
    assert heading() == "Complete the report"
    assert client.post(url(event, "complete")).status_code == 302
    assert dialogue.steps.get(step=Step.REPORT).state == StepRecord.State.DONE
    assert heading() == ""
    assert client.post(url(event, "write_summary")).status_code == 409
    assert client.get(url(event)).status_code == 200


def test_a_new_session_needs_its_entry_too(event: Event) -> None:
    written(event)
    assert gate(event.dialogue).is_open
    last = event.sessions[-1]
    Session.objects.create(
        dialogue=event.dialogue, code="S6", title=Text("en", "Extra"), starts_at=last.starts_at, minutes=60, state="cancelled"
    )  # fmt: skip
    assert not gate(event.dialogue).conditions[0].is_met


def test_every_version_of_the_summary_stays_as_it_was(event: Event, client: Client) -> None:
    written(event)
    Commitment.objects.all().delete()
    second = written(event)
    assert second.version == 2
    client.force_login(event.world.secretariat)
    first = client.get(url(event), {"version": "1", "language": "en"}).content.decode()
    latest = client.get(url(event), {"language": "en"}).content.decode()
    said = "22 municipalities made 22 commitments"
    assert (said in plain(first), said in plain(latest)) == (True, False)
    assert client.get(url(event), {"version": "9"}).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "de", "fr"])
def test_the_report_is_read_in_any_language_whatever_the_readers(event: Event, client: Client, language: str) -> None:
    written(event)
    client.force_login(event.world.secretariat)
    page = client.get(url(event), {"language": language}).content.decode()
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<article class="card report" lang="{language}" dir="{direction}">' in page


def test_downloads(event: Event, client: Client) -> None:
    slug = event.dialogue.slug
    client.force_login(event.world.secretariat)
    assert client.get(url(event, "download", f"{slug}.de.pdf")).status_code == 404
    written(event)
    for name, start in (
        (f"{slug}.de.pdf", b"%PDF"),
        (f"{slug}.ar.docx", b"PK"),
        (f"{slug}.fr.html", b"<!do"),
        (f"{slug}.json", b"{"),
    ):
        response = client.get(url(event, "download", name))
        assert response.status_code == 200
        assert response.content.startswith(start)
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    for name in (f"{slug}.xx.pdf", f"{slug}.de.exe", "other.de.pdf", f"{slug}..pdf"):
        assert client.get(url(event, "download", name)).status_code == 404
    client.force_login(event.world.account())
    assert client.get(url(event, "download", f"{slug}.de.pdf")).status_code == 404


def test_files_are_written_whole_and_the_json_names_no_person(event: Event, tmp_path: Path) -> None:
    by = event.world.secretariat
    with pytest.raises(NotNow):
        actions.write_files(by=by, dialogue=event.dialogue, folder=tmp_path)
    written(event)
    paths = actions.write_files(by=by, dialogue=event.dialogue, folder=tmp_path / "out", languages=("de", "ar"))
    slug = event.dialogue.slug
    names = {f"{slug}.{language}.{ending}" for language in ("de", "ar") for ending in ("html", "pdf", "docx")}
    assert (
        {path.name for path in paths}
        == names | {f"{slug}.json"}
        == {path.name for path in (tmp_path / "out").iterdir()}
    )
    known = json.loads((tmp_path / "out" / f"{slug}.json").read_text(encoding="utf-8"))["facts"]
    assert known["participants"] == {"value": 44, "kind": "count", "records": {"kind": "person", "count": 44}}
    assert known["survey.responses"]["records"] == {"kind": "response", "count": 30}
    assert len(known["municipalities"]["records"]["ids"]) == 22
    small = [each for figure in known["survey.figures"]["value"] for each in figure["classes"] if 0 < each[2] < 5]
    assert small == []


def test_the_page_costs_the_same_with_one_version_and_with_three(event: Event, client: Client) -> None:
    client.force_login(event.world.secretariat)
    costs = []
    for _version in range(3):
        written(event)
        client.get(url(event))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(event))
        costs.append(len(queries))
    assert costs == [19, 19, 19]
