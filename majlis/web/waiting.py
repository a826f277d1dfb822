"""The one next thing: what it is, whom it waits for, and the button that does it."""

from dataclasses import dataclass

from majlis.web.sentences import Sentence


@dataclass(frozen=True)
class NextAction:
    """`heading` says what to do, `who` whose turn it is; the button goes to `url` (a POST if `is_post`)."""

    heading: Sentence
    who: Sentence
    label: Sentence | None = None
    url: str = ""
    is_post: bool = False
    detail: Sentence | None = None
