"""The guard over every test: no request may wait for an embedding but one that asks a question, and that for one text only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from majlis.algorithms.embedding import MultilingualE5, UniversalSentenceEncoder, Vectors

ASKS = {"search:page", "search:similar"}
_under_way: ContextVar[list[Any] | None] = ContextVar("request under way", default=None)


@contextmanager
def guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """While it lasts, a request that encodes what it should not is broken off, and noted in the list that this gives."""
    found: list[str] = []
    for model in (UniversalSentenceEncoder, MultilingualE5):
        monkeypatch.setattr(model, "encode", _watched(model.encode, found))
    answered = BaseHandler.get_response

    def get_response(self: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        token = _under_way.set([request, 0])
        try:
            return answered(self, request)
        finally:
            _under_way.reset(token)

    monkeypatch.setattr(BaseHandler, "get_response", get_response)
    yield found


def _watched(encode: Any, found: list[str]) -> Any:
    def watched(self: Any, texts: Sequence[str], *, query: bool = False) -> Vectors:
        here = _under_way.get()
        if here is not None:
            request, before = here
            here[1] = before + len(texts)
            name = request.resolver_match.view_name if request.resolver_match else request.path
            if name not in ASKS or here[1] > 1:
                found.append(f"{request.method} {name} waits for {here[1]} embeddings")
                raise AssertionError(found[-1])
        vectors: Vectors = encode(self, texts, query=query)
        return vectors

    return watched
