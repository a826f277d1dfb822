"""A workbook comes in by a job: once, seen on its way, given back with the reason when it cannot."""

from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from majlis.accounts.models import Account
from majlis.network.actions import ask_bring_in, bring_in, bring_in_queued, discard, preview_workbook
from majlis.network.actions import jobs as jobs_of_network
from majlis.network.models import City, Statement, WorkbookImport
from majlis.web.refused import Forbidden, NotNow, Refused
from majlis.web.sentences import Sentence
from tests.network.jobs import work
from tests.network.sheets import GABES, NEED, SFAX, changed, partners
from tests.world import World


def asked(world: World, content: bytes) -> WorkbookImport:
    upload = preview_workbook(by=world.secretariat, filename="partners.xlsx", content=content)
    return ask_bring_in(by=world.secretariat, workbook_import=upload)


def test_asked_on_a_page_done_by_a_worker(world: World) -> None:
    upload = asked(world, partners())
    assert (upload.state, City.objects.count()) == ("queued", 0)
    assert work() == 1
    upload.refresh_from_db()
    assert (upload.state, upload.rows, City.objects.count()) == ("done", {}, 1)


def test_asking_twice_makes_one_job_and_a_second_run_does_nothing(world: World) -> None:
    upload = asked(world, partners())
    ask_bring_in(by=world.secretariat, workbook_import=upload)
    [job] = ProcrastinateJob.objects.filter(task_name="network.bring_in")
    assert bring_in_queued(**job.args)
    assert not bring_in_queued(**job.args)
    assert ask_bring_in(by=world.secretariat, workbook_import=upload).state == "done"


def test_what_the_network_refuses_by_then_is_told_and_may_be_tried_again(world: World) -> None:
    upload = asked(world, partners())
    # Meanwhile somebody named the city differently: the row would make a double.
    City.objects.create(
        slug="tn-other", name=world.city(0).name, country="TN", latitude=33.9, longitude=10.1, zone="Africa/Tunis", size_class="SZ4"
    )  # fmt: skip
    assert work() == 0
    upload.refresh_from_db()
    assert upload.state == "preview"
    assert "nothing was changed" in str(Sentence.from_json(upload.refusal))
    assert not Statement.objects.exists()
    City.objects.all().delete()
    ask_bring_in(by=world.secretariat, workbook_import=upload)
    assert work() == 1
    upload.refresh_from_db()
    assert (upload.state, upload.refusal) == ("done", {})


def test_a_fault_gives_the_upload_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(**_given: Any) -> None:
        raise ZeroDivisionError

    upload = asked(world, partners())
    monkeypatch.setattr(jobs_of_network, "bring_in", breaks)
    with pytest.raises(ZeroDivisionError):
        work()
    upload.refresh_from_db()
    assert upload.state == "preview"
    assert "Something went wrong" in str(Sentence.from_json(upload.refusal))


def test_who_lost_the_right_meanwhile_brings_nothing_in(world: World) -> None:
    upload = asked(world, partners())
    Account.objects.filter(pk=world.secretariat.pk).update(role="observer")
    assert work() == 0
    upload.refresh_from_db()
    assert (upload.state, City.objects.count()) == ("preview", 0)


def test_what_is_at_work_is_not_discarded_and_errors_do_not_get_there(world: World) -> None:
    upload = asked(world, partners())
    discard(by=world.secretariat, workbook_import=upload)
    assert work() == 1
    wrong = preview_workbook(
        by=world.secretariat, filename="a.xlsx", content=partners(cities=[changed(GABES, c6="Mars")])
    )
    with pytest.raises(Refused, match="nothing was changed"):
        ask_bring_in(by=world.secretariat, workbook_import=wrong)
    discard(by=world.secretariat, workbook_import=wrong)
    with pytest.raises(NotNow):
        ask_bring_in(by=world.secretariat, workbook_import=wrong)
    with pytest.raises(Forbidden):
        ask_bring_in(by=world.account("facilitator"), workbook_import=wrong)


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_can_be_seen_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection reads the row while the import's own transaction is still open."""
    world, seen = World(), []
    rows = [changed(NEED, c2=number) for number in range(1, 2501)]
    upload = asked(world, partners(cities=[GABES, SFAX], statements=rows))
    onlooker = connection.copy()

    def watched(*, tell: Any, **given: Any) -> Any:
        def told(done: int, of: int) -> None:
            tell(done, of)
            with onlooker.cursor() as cursor:
                cursor.execute(
                    "SELECT state, progress->'done', progress->'of' FROM network_workbookimport WHERE id = %s",
                    [upload.pk],
                )
                seen.append(cursor.fetchone())

        return bring_in(tell=told, **given)

    monkeypatch.setattr(jobs_of_network, "bring_in", watched)
    try:
        assert work() == 1
    finally:
        onlooker.close()
    # psycopg gives JSON as Python's own numbers or, through Django's connection, as text.
    assert [tuple(map(str, row)) for row in seen] == [
        ("queued", str(done), "2503") for done in (0, 2, 1002, 2002, 2502, 2503)
    ]
