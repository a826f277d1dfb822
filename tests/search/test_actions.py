"""Keeping the index: what changes is noticed, everything can be done again, and the switch to approximate search is checked."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection, connections
from django.db.models import Sum

from majlis.algorithms.lexical import Bm25, fold_grams
from majlis.language.models import Text
from majlis.network.models import Person, Statement
from majlis.projects.models import ChangeProject
from majlis.search import actions, tasks
from majlis.search.actions import tuning
from majlis.search.letters import gram_numbers
from majlis.search.models import Entry, Gram, Mean, Passage, Posting, State, Vector
from majlis.search.queries import ask, search, the_state
from majlis.search.retrieval import candidates
from majlis.solutions.models import BuildingBlock, Solution
from tests.search.conftest import SAID, Network


def test_a_second_round_changes_nothing(network: Network) -> None:
    first = actions.refresh()
    assert first and (first.changed, first.embedded) == (len(SAID) + 3, len(SAID) + 3 * 4)
    before = list(Entry.objects.order_by("pk").values())
    assert actions.refresh() == actions.Refreshed(0, 0)
    assert list(Entry.objects.order_by("pk").values()) == before


def test_every_kind_of_change_is_noticed(network: Network) -> None:
    need = Statement.objects.order_by("pk")[0]
    solution = network.solution(network.dortmund, "de", "Kompostwerk", state="draft")
    project = network.project(network.gabes, "fr", "Pépinière")
    person = network.person(network.gabes, "ar", "رئيس دائرة")
    actions.refresh()
    changes: list[Callable[[], object]] = [
        lambda: Statement.objects.filter(pk=need.pk).update(text=Text("de", "Anders")),
        lambda: Statement.objects.filter(pk=need.pk).update(themes=["LIV.01"]),
        lambda: Solution.objects.filter(pk=solution.pk).update(state="published"),
        lambda: BuildingBlock.objects.create(solution=solution, position=1, title=Text("de", "Satzung")),
        lambda: ChangeProject.objects.filter(pk=project.pk).update(objective=Text("fr", "Dix entreprises")),
        lambda: Person.objects.filter(pk=person.pk).update(is_listed=True),
        lambda: Statement.objects.filter(pk=need.pk).delete(),
    ]
    changed = []
    for change in changes:
        change()
        done = actions.refresh()
        changed.append(done.changed if done else None)
    assert changed == [1, 1, 1, 1, 1, 1, 0]  # what is deleted takes its entries along
    assert Entry.objects.get(solution=solution).body.endswith("Satzung")
    assert Entry.objects.get(person=person).audience == Entry.Audience.EVERYBODY
    person.account.is_active = False
    person.account.save()
    actions.refresh()
    assert not Entry.objects.filter(person=person).exists()


def test_letters_are_counted_as_the_plain_reference_does(network: Network) -> None:
    """The SQL gives the same L as algorithms.lexical.Bm25 over the same texts."""
    actions.refresh()
    Statement.objects.filter(pk=Statement.objects.order_by("pk")[0].pk).update(text=Text("de", "Innenstadt und Läden"))
    actions.refresh()
    entries = list(Entry.objects.order_by("pk"))
    words = "Läden der Innenstadt in Dortmund"
    reference = dict(
        zip([entry.pk for entry in entries], Bm25([entry.folded for entry in entries]).scores(words), strict=True)
    )
    asked = ask(words)
    assert asked is not None
    found = {each.entry: each.letters for each in candidates(asked, network.world.secretariat, the_state(), {}).found}
    assert found and all(letters == pytest.approx(reference[entry], abs=1e-5) for entry, letters in found.items())


def test_grams_are_counted_right_after_changes(network: Network) -> None:
    actions.refresh()
    Statement.objects.filter(text__language="de").delete()
    network.solution(network.gabes, "ar", "سماد")
    actions.refresh()
    actions.check()
    counted = Counter(gram for entry in Entry.objects.all() for gram in set(gram_numbers(entry.folded)))
    assert dict(Gram.objects.filter(holding__gt=0).values_list("gram", "holding")) == dict(counted)
    assert Posting.objects.aggregate(total=Sum("count"))["total"] == sum(
        len(fold_grams(entry.folded)) for entry in Entry.objects.all()
    )


def test_another_version_of_the_model_makes_every_vector_anew(indexed: Network) -> None:
    assert actions.refresh() == actions.Refreshed(0, 0)
    Vector.objects.update(version="0")
    Mean.objects.update(version="0")
    done = actions.refresh()
    assert done and (done.changed, done.embedded) == (0, Entry.objects.count())
    assert not Vector.objects.filter(version="0").exists() and not Mean.objects.filter(version="0").exists()


def test_vectors_are_centred_by_their_language(indexed: Network) -> None:
    """Centred vectors have length 1; a name and a text without words have none."""
    indexed.need(indexed.gabes, "ar", "😀")
    actions.refresh()
    for vector in Vector.objects.select_related("entry"):
        if vector.entry.kind == "city" or vector.entry.body == "😀":
            assert vector.centred is None
        else:
            assert float(np.linalg.norm(vector.centred)) == pytest.approx(1, abs=1e-2)
    assert set(Mean.objects.values_list("language", flat=True)) == {"en", "ar", "de", "fr"}


def test_sentences_are_kept_where_there_are_several(network: Network) -> None:
    summary = "Erst kam die braune Tonne. Dann das Werk! Am Ende der eigene Kompost?"
    solution = network.solution(network.dortmund, "de", "Kompostwerk", summary=summary)
    actions.refresh()
    kept = Passage.objects.filter(entry__solution=solution).order_by("position").values_list("body", flat=True)
    assert list(kept) == ["Erst kam die braune Tonne.", "Am Ende der eigene Kompost?"]  # two or three words say little
    assert Passage.objects.count() == 2


def test_a_killed_round_is_taken_up_again(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.vectors, "BATCH", 4)

    def killed(_what: str, done: int, of: int) -> None:
        if of and done >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.refresh(tell=killed)
    assert search("Lehrlinge", None, {}).total == 1  # by letters already
    done = actions.refresh()
    assert done and done.embedded == Entry.objects.count() - 8
    assert Vector.objects.count() == Entry.objects.count()


def test_two_at_once_do_not_write_twice(network: Network) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [actions.LOCK])
            assert actions.refresh() is None
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [actions.LOCK])
            assert actions.refresh() is not None
    finally:
        other.close()


def test_the_jobs_call_the_actions(network: Network) -> None:
    assert tasks.refresh(0) == len(SAID) + 3
    assert tasks.check(0) is None  # exact search misses nothing


@pytest.mark.django_db(transaction=True)
def test_above_the_limit_search_is_approximate_and_checked(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.refresh()
    exact = [[hit.entry.pk for hit in search(words, None, {}).hits] for _language, words in SAID]
    monkeypatch.setattr(tuning, "EXACT_UP_TO", 10)
    monkeypatch.setattr(tuning, "EXACT_AGAIN_BELOW", 5)
    assert tuning.count().is_approximate
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [tuning.INDEX])
        assert "hnsw (centred halfvec_cosine_ops)" in cursor.fetchone()[0]
    assert [[hit.entry.pk for hit in search(words, None, {}).hits] for _language, words in SAID] == exact
    assert actions.check() == 1.0
    state = State.objects.get()
    assert state.recall == 1.0 and state.checked_at
    monkeypatch.setattr(tuning, "EXACT_UP_TO", 1000)
    monkeypatch.setattr(tuning, "EXACT_AGAIN_BELOW", 1000)
    assert not tuning.count().is_approximate and actions.check() is None


@pytest.mark.django_db(transaction=True)
def test_a_poor_recall_is_noticed_and_answered(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.refresh()
    monkeypatch.setattr(tuning, "EXACT_UP_TO", 10)
    monkeypatch.setattr(tuning, "EXACT_AGAIN_BELOW", 5)
    tuning.count()
    nearest = tuning._nearest

    def misses_half(values: list[float], effort: int | None) -> list[float]:
        found = nearest(values, effort)
        return found if effort in (None, 400) else found[: len(found) // 2]

    monkeypatch.setattr(tuning, "_nearest", misses_half)
    assert actions.check() == 1.0 and State.objects.get().effort == 400
    monkeypatch.setattr(tuning, "_nearest", lambda values, effort: nearest(values, None) if effort is None else [])
    assert actions.check() == 0.0 and State.objects.get().effort == tuning.MOST_EFFORT


@pytest.mark.django_db(transaction=True)
def test_any_of_those_that_are_equally_near_counts_as_found(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty people of one role have one vector: which ten of them the index names first says nothing about it."""
    for _person in range(20):
        network.person(network.gabes, "ar", "رئيس دائرة التنمية", is_listed=True)
    actions.refresh()
    monkeypatch.setattr(tuning, "EXACT_UP_TO", 10)
    monkeypatch.setattr(tuning, "EXACT_AGAIN_BELOW", 5)
    tuning.count()
    values = list(Vector.objects.filter(entry__kind="person").values_list("centred", flat=True)[0] or [])
    assert tuning._nearest(values, None) == pytest.approx([0.0] * 10, abs=1e-6)
    assert tuning._recall([values] * 3, 10) == 1.0
