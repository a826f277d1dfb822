"""The one exception by which an act says no. Middleware turns it into a calm page; forms show it beside the field."""

from majlis.web.sentences import Sentence


class Refused(Exception):
    """An act was not allowed or not valid. Nothing was written.

    `sentence` tells the reader what, where and how to mend it; `status` is the HTTP status of the page that shows it:
    403 not yours to do, 404 not there for you, 409 not now (a closed gate), 422 not valid. `reasons` has a sentence for
    each thing that stands against it, where there is room to show several.
    """

    status = 422

    def __init__(self, sentence: Sentence | str, **params: object) -> None:
        self.sentence = sentence if isinstance(sentence, Sentence) else Sentence(sentence, params)
        self.reasons: tuple[Sentence, ...] = (self.sentence,)
        super().__init__(str(self.sentence))


class Forbidden(Refused):
    status = 403


class NotThere(Refused):
    status = 404


class NotNow(Refused):
    """A gate is closed."""

    status = 409
