"""Search end to end through the page with 10,000 and 100,000 entries (S11), and its share of W12.

Each question is asked once by a visitor, once by the secretariat, once with a facet; nothing is cached between them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.promise import Measured

QUESTIONS = [
    "Bioabfall zu Kompost", "التدريب المهني للشباب العاطلين عن العمل", "accès des femmes au crédit", "jobs for young people",
    "Fachkräftemangel im Handwerk", "إعادة استعمال المياه المعالجة في الري", "Tourismus außerhalb der Saison",
    "We need a one-stop shop so that small businesses get their permits in days instead of months",
    "marché de gros pour les produits de la pêche", "لا نعرف عدد المنشآت في مدينتنا ولا ماذا تنتج", "solar", "Abfall", "سياحة",
    "Leerstand in der Innenstadt", "diaspora investment in home towns", "économie informelle et vendeurs ambulants",
    "كيف نجذب الاستثمار إلى المنطقة الصناعية", "digital payment of municipal fees", "Wie gewinnen wir Betriebe für die Ausbildung?",
    "transport public vers les zones d'activité", "energy efficiency in public buildings", "الحرف التقليدية وتسويق منتجاتها",
    "Gründungsberatung für Frauen", "refugees on the labour market", "Balimba", "gestion des déchets", "ريادة الأعمال", "Hafen",
]  # fmt: skip
ROUNDS = 4


def measure() -> list[Measured]:
    from bench.search_scale.network import LARGE, MIDDLE, SMALL
    from majlis.run import assets, command

    assets.switch_on()
    with command.database():
        command.set_up_django()
        assets.collect()
        small, middle, large = asked(SMALL), asked(MIDDLE), asked(LARGE)
    note = "a visitor, the secretariat, and with a facet; wall clock"
    return [
        Measured("S11", f"search page, {MIDDLE.entries:,} entries, exact: p95", middle["p95"], "ms", 60, 60, note),
        Measured("S11", f"search page, {MIDDLE.entries:,} entries: middle", middle["middle"], "ms"),
        Measured("S11", f"search page, {LARGE.entries:,} entries, HNSW: p95", large["p95"], "ms", 150, 150, note),
        Measured("S11", f"search page, {LARGE.entries:,} entries: middle", large["middle"], "ms"),
        Measured("S11", "share of the true ten nearest that HNSW finds", large["recall"], "", note="more is better"),
        Measured("S11", f"processor time of a question, page and database, {MIDDLE.entries:,} entries", middle["cpu"], "ms"),
        Measured("S11", f"the same, {LARGE.entries:,} entries", large["cpu"], "ms"),
        Measured("W12", "search, p95: W12's network against the demo's size", large["p95"] / small["p95"], "times", 2, 1.3,
                 f"5,000 cities, 50,000 people, 20,000 solutions: {large['p95']:.0f} against {small['p95']:.0f} ms"),
    ] + [
        Measured("S11", f"indexing {LARGE.entries:,} entries, without the model's own time", large[what], "s")
        for what in ("indexing",) if what in large
    ]  # fmt: skip


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """A database beside the demo's on the same server; kept, since filling it takes minutes."""
    from django.db import connection

    from majlis.run import command

    kept = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        command.prepare_database()
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept


def asked(size: Any) -> dict[str, float]:
    """Fill a network of this size, index it, and ask everything; times in milliseconds."""
    with own_database(f"search_{size.entries}"):
        return filled(size) | timed()


def timed() -> dict[str, float]:
    from django.test import Client

    from majlis.accounts.models import Account, Role
    from majlis.search.models import State

    secretariat = Account.objects.filter(role=Role.SECRETARIAT).first() or Account.objects.create_user(
        "secretariat@example.org", role=Role.SECRETARIAT
    )
    visitor, member = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
    member.force_login(secretariat, backend="allauth.account.auth_backends.AuthenticationBackend")
    ways: list[tuple[Any, dict[str, str]]] = [(visitor, {}), (member, {}), (visitor, {"kind": "solution"})]
    for question in QUESTIONS[:5]:  # the model and the tables' hot parts are in memory
        visitor.get("/search/", {"q": question})
    walls: list[float] = []
    before = worked()
    for _round in range(ROUNDS):
        for question in QUESTIONS:
            for client, chosen in ways:
                began = time.perf_counter()
                answer = client.get("/search/", {"q": question} | chosen)
                walls.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, question
    cpu = (worked() - before) * 1000 / len(walls)
    walls.sort()
    state = State.objects.get()
    return {
        "p95": walls[int(len(walls) * 0.95)], "middle": walls[len(walls) // 2], "cpu": cpu,
        "recall": state.recall if state.recall is not None else 1.0,
    }  # fmt: skip


def worked() -> float:
    """Processor seconds so far, of this process and of its connection's process in PostgreSQL."""
    import psutil
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return time.process_time() + float(backend.user + backend.system)


def filled(size: Any) -> dict[str, float]:
    """Bring the database to this size and return how long indexing took, in seconds; nothing if it was full already."""
    from django.db import connection

    from bench.search_scale.network import Composed, grow
    from majlis.algorithms import embedding
    from majlis.search import actions

    grow(size)
    composed, real = Composed(embedding.default_embedder()), embedding.default_embedder
    began = time.perf_counter()
    embedding.default_embedder = lambda: composed  # type: ignore[assignment]
    try:
        done = actions.refresh()
    finally:
        embedding.default_embedder = real
    took = time.perf_counter() - began
    if not done or not done.embedded:
        return {}
    with connection.cursor() as cursor:
        # What autovacuum would do within minutes: without it the index on letters cannot answer alone.
        cursor.execute("VACUUM ANALYZE")
    actions.check()
    return {"indexing": took}
