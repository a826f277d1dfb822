"""S1–S5: what search and matching find in a library whose entries stand in one language each."""

from collections import defaultdict
from dataclasses import dataclass, replace
from statistics import mean

import numpy as np

from bench.meaning.data import Task
from bench.meaning.measures import ndcg
from bench.meaning.models import Models
from majlis.algorithms.matching import Item, prepare, scored


@dataclass(frozen=True)
class Found:
    """everywhere, across, same: mean nDCG@10 over all questions, over those whose answer is in another language, in the
    same; first: how often the first is right; own: share of the question's language among the first four; worst: the
    worst direction's nDCG as a share of the best's."""

    everywhere: float
    across: float
    same: float
    first: float
    own: float
    worst: float


def rankings(task: Task, models: Models, *, alone: bool = False) -> list[list[int]]:
    """The ranking of each question by the product's own score. alone: each question as the first that was ever asked,
    centred by the vocabulary's means only, not by those of the other questions."""
    entries = prepare([Item(str(n), "", language, text) for n, (text, language) in enumerate(task.entries)], models)
    asked = [Item(f"q{n}", "", each.language, each.text) for n, each in enumerate(task.questions)]
    everything = np.arange(len(task.entries), dtype=np.intp)
    if alone:
        found = [scored(prepare([item], models, query=True), 0, entries, everything)[0] for item in asked]
    else:
        questions = prepare(asked, models, query=True)
        found = [scored(questions, number, entries, everything)[0] for number in range(len(asked))]
    return [np.argsort(-scores, kind="stable").tolist() for scores in found]


def judged(task: Task, ranked: list[list[int]]) -> Found:
    language = [spoken for _text, spoken in task.entries]
    gains: list[float] = []
    across: list[float] = []
    same: list[float] = []
    first: list[bool] = []
    own: list[float] = []
    directions: dict[tuple[str, str], list[float]] = defaultdict(list)
    for question, ranking in zip(task.questions, ranked, strict=True):
        gain = ndcg(ranking, question.answers)
        gains.append(gain)
        first.append(ranking[0] in question.answers)
        own.append(mean(language[entry] == question.language for entry in ranking[:4]))
        if len(question.answers) == 1:
            spoken = language[next(iter(question.answers))]
            (same if spoken == question.language else across).append(gain)
            directions[question.language, spoken].append(gain)
        else:
            for spoken in set(language):
                here = [entry for entry in ranking if language[entry] == spoken]
                directions[question.language, spoken].append(ndcg(here, question.answers & frozenset(here)))
    means = [mean(values) for values in directions.values()]
    return Found(
        mean(gains), mean(across) if across else 0, mean(same) if same else 0, mean(first), mean(own), min(means) / max(means)
    )  # fmt: skip


def over(turns: list[Found]) -> Found:
    """The mean over the turns in which languages were dealt out."""
    return replace(turns[0], **{key: mean(getattr(turn, key) for turn in turns) for key in vars(turns[0])})
