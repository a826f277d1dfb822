"""The journal is written in the transaction of the act, or not at all."""

import pytest
from django.db import transaction
from django.utils.translation import override

from majlis.journal.actions import record
from majlis.journal.models import Entry
from majlis.journal.queries import entries
from majlis.web.sentences import Sentence
from tests.world import World


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        record(act="test.act", by=None, scope="network", sentence=Sentence("x"))


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_entry() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(act="test.act", by=None, scope="network", sentence=Sentence("x"))
        1 / 0  # noqa: B018
    assert Entry.objects.count() == 0


def test_an_entry_says_who_did_what(world: World) -> None:
    account = world.secretariat
    record(
        act="test.act",
        by=account,
        scope="network",
        sentence=Sentence("%(city)s came", {"city": {"en": "Sfax", "ar": "صفاقس"}}),
    )
    entry = entries("network").get()
    assert (entry.actor, entry.role, entry.act) == (account.pk, "secretariat", "test.act")
    with override("ar"):
        assert "صفاقس" in str(entry.words)
