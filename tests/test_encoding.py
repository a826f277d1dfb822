"""No page waits for an embedding except the query itself: the guard over all tests sees where one does."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from majlis.algorithms.embedding import default_embedder


def encoding(_request: HttpRequest, times: int) -> HttpResponse:
    for _time in range(times):
        default_embedder().encode(["ماء وعمل"])
    return HttpResponse("answered")


urlpatterns = [
    path("other/<int:times>/", encoding, name="other"),
    path("search/<int:times>/", include(([path("", encoding, name="page")], "search"))),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/other/0/", []),
        ("/search/1/", []),
        ("/other/1/", ["GET other waits for 1 embeddings"]),
        ("/search/2/", ["GET search:page waits for 2 embeddings"]),
    ],
)
def test_a_request_that_waits_for_an_embedding_is_seen(
    client: Client, waited: list[str], address: str, told: list[str]
) -> None:
    client.raise_request_exception = False
    assert client.get(address).status_code == (500 if told else 200)
    assert waited == told
    waited.clear()
