"""Sub-topics of a dialogue from the theme codes of needs and visions: pure, exact, deterministic.

Used sub-themes are arranged in a binary tree: those of one main theme by how often the same partners name them, main
themes within their track, tracks at the top. A set of topics is a cut of this tree, so every used sub-theme lies in
exactly one topic and every partner with a coded statement is covered. Dynamic programming over the tree finds the best
cut of each size. Source: the field's practice (2.11): sub-topics from the most frequent groups of codes, each tied to a
need and a vision, no municipality without one.

Where the codes come from: people choose them, or `concepts.Concepts.assign` proposes some from a statement's words, several
each, for a person to confirm. What no theme covers has no code and no topic here: `communities.communities` groups it by
meaning, and `naming.name` (from `Concepts.nearness` of a group's members) says how certain a name for such a group is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

# One topic per seven partners: as many as fill a consultation round of the usual group size.
PARTNERS_PER_TOPIC = 7
FEWEST, MOST = 2, 6
# A cut is rated by how wholly statements lie inside one topic (0…1), less how unevenly topics are filled (1/k…1).
# At equal weight the founding dialogue gives its three tracks; with less, one topic swallows most statements.
WEIGHT_OF_BALANCE = 1.0
# A track has a name that people know in four languages: worth a twentieth when little else tells two cuts apart.
BONUS_OF_TRACK = 0.05
MOSTLY = 0.5


class NoTopics(ValueError):
    """No need or no vision carries a theme, so no topic can be tied to both."""


@dataclass(frozen=True)
class Statement:
    """A need or vision of one partner with its theme codes such as GRN.03."""

    key: str
    kind: Literal["need", "vision"]
    partner: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Topic:
    """A group of sub-themes, most named first, with the statements tied to it and the partners these cover.

    track: the track whose used themes these are, or "" when the group is not a whole track.
    """

    codes: tuple[str, ...]
    track: str
    statements: tuple[str, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True)
class Topics:
    """need_coverage, vision_coverage: share of statements tied to a topic; clearness: how wholly statements lie inside
    one topic. All 0…1. uncovered: partners without a topic, which is only so when none of their statements has a code."""

    topics: tuple[Topic, ...]
    need_coverage: float
    vision_coverage: float
    clearness: float
    uncovered: tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """A group of codes in the tree; a leaf has no children. track: set when this is all of one track."""

    codes: frozenset[str]
    children: tuple[Node, ...] = ()
    track: str = ""


def propose(
    statements: Sequence[Statement],
    *,
    tracks: Mapping[str, str],
    cross_cutting: str = "0",
    count: int | None = None,
) -> Topics:
    """Propose topics; `count` of them where the statements allow it, else the nearest smaller number.

    tracks: {theme code: track}; themes of the track `cross_cutting` go with the track they are named together with.
    Raises NoTopics.
    """
    coded = [statement for statement in statements if statement.codes]
    if {statement.kind for statement in coded} != {"need", "vision"}:
        raise NoTopics("there must be a need and a vision with themes")
    partners = len({statement.partner for statement in statements})
    wanted = count or min(MOST, max(FEWEST, round(partners / PARTNERS_PER_TOPIC)))
    cuts = best_cuts(tree(coded, tracks, cross_cutting), coded, wanted)
    chosen = max((number for number, (score, _cut) in cuts.items() if score > -inf), default=1)
    # In the order of the tracks; what is no whole track comes after them, the most named first.
    order = sorted(cuts[chosen][1], key=lambda node: (not node.track, node.track, -len(node.codes), min(node.codes)))
    return describe(order, statements)


def tree(coded: Sequence[Statement], tracks: Mapping[str, str], cross_cutting: str = "0") -> Node:
    """The binary tree of all used codes."""
    near, said = _affinity(coded), Counter(code for statement in coded for code in statement.codes)
    by_track: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for code, track in sorted(_homes(coded, tracks, cross_cutting, near).items()):
        by_track[track][code.partition(".")[0]].append(code)
    whole = []
    for track, mains in sorted(by_track.items()):
        branches = [
            _merge([Node(frozenset({code})) for code in codes], near, said) for _main, codes in sorted(mains.items())
        ]
        branch = _merge(branches, near, said)
        whole.append(Node(branch.codes, branch.children, track))
    return _merge(whole, near, said)


def best_cuts(root: Node, coded: Sequence[Statement], most: int) -> dict[int, tuple[float, tuple[Node, ...]]]:
    """{number of topics: (score, the best cut with that many)}, exactly, for 1…most; −inf where none is allowed."""
    found: dict[int, tuple[float, tuple[Node, ...]]] = {1: (value(root, coded), (root,))}
    if root.children:
        sides = [best_cuts(child, coded, most - 1) for child in root.children] if most > 1 else []
        for one, (left, here) in (sides[0] if sides else {}).items():
            for other, (right, there) in sides[1].items():
                number = one + other
                if number <= most and left + right > found.get(number, (-inf, ()))[0]:
                    found[number] = (left + right, here + there)
    return found


def value(node: Node, coded: Sequence[Statement]) -> float:
    """What one topic adds to the score of a cut; −inf unless it holds at least half of a need and half of a vision."""
    shares = [(statement, len(statement.codes & node.codes) / len(statement.codes)) for statement in coded]
    held = {statement.kind for statement, share in shares if share >= MOSTLY}
    if held != {"need", "vision"}:
        return -inf
    clear = sum(share * share for _statement, share in shares) / len(coded)
    filled = sum(share for _statement, share in shares) / len(coded)
    return clear - WEIGHT_OF_BALANCE * filled * filled + (BONUS_OF_TRACK if node.track else 0)


def describe(cut: Sequence[Node], statements: Sequence[Statement]) -> Topics:
    """Tie each statement to the topics that hold at least half of its codes, or the largest part, and count coverage."""
    tied: dict[int, list[Statement]] = defaultdict(list)
    clear = 0.0
    for statement in statements:
        shares = [len(statement.codes & node.codes) / max(1, len(statement.codes)) for node in cut]
        largest = max(shares, default=0.0)
        clear += sum(share * share for share in shares)
        for number, share in enumerate(shares):
            if share and (share >= MOSTLY or share == largest):
                tied[number].append(statement)
    said = Counter(code for statement in statements for code in statement.codes)
    topics = tuple(
        Topic(
            codes=tuple(sorted(node.codes, key=lambda code: (-said[code], code))),
            track=node.track,
            statements=tuple(statement.key for statement in tied[number]),
            partners=tuple(dict.fromkeys(statement.partner for statement in tied[number])),
        )
        for number, node in enumerate(cut)
    )
    keys = {key for topic in topics for key in topic.statements}
    covered = {partner for topic in topics for partner in topic.partners}
    return Topics(
        topics=topics,
        need_coverage=_coverage([each.key for each in statements if each.kind == "need"], keys),
        vision_coverage=_coverage([each.key for each in statements if each.kind == "vision"], keys),
        clearness=clear / max(1, sum(1 for statement in statements if statement.codes)),
        uncovered=tuple(dict.fromkeys(each.partner for each in statements if each.partner not in covered)),
    )


def _coverage(keys: Sequence[str], tied: set[str]) -> float:
    return sum(key in tied for key in keys) / len(keys) if keys else 0.0


def _affinity(coded: Sequence[Statement]) -> Callable[[str, str], float]:
    """How often the same partners name two codes, 0…1 (cosine of the partners that name each)."""
    named: dict[str, set[str]] = defaultdict(set)
    for statement in coded:
        for code in statement.codes:
            named[code].add(statement.partner)
    return lambda one, other: len(named[one] & named[other]) / sqrt(len(named[one]) * len(named[other]))


def _homes(
    coded: Sequence[Statement],
    tracks: Mapping[str, str],
    cross_cutting: str,
    near: Callable[[str, str], float],
) -> dict[str, str]:
    """{used code: track}; a cross-cutting code goes to the track whose codes the same partners name most."""
    used = sorted({code for statement in coded for code in statement.codes})
    home = {code: tracks.get(code, cross_cutting) for code in used}
    plain = {code: track for code, track in home.items() if track != cross_cutting}
    for code in used:
        if code in plain or not plain:
            continue
        pull: dict[str, float] = defaultdict(float)
        for other, track in plain.items():
            pull[track] += near(code, other)
        home[code] = min(pull, key=lambda track: (-pull[track], track))
    return home


def _merge(nodes: list[Node], near: Callable[[str, str], float], said: Mapping[str, int]) -> Node:
    """One binary tree of the nodes: the two nearest (mean affinity of their codes) join first; ties in a fixed order.

    What is rarely named joins before what is often named: else one large branch swallows single themes one by one, and no
    cut of the tree gives topics of like size.
    """
    nodes, total = list(nodes), sum(said.values())
    while len(nodes) > 1:
        pairs = [
            (_said(nodes[one], nodes[other], said) / total - _nearness(nodes[one], nodes[other], near), one, other)
            for one in range(len(nodes))
            for other in range(one + 1, len(nodes))
        ]
        _distance, one, other = min(pairs)
        joined = Node(nodes[one].codes | nodes[other].codes, (nodes[one], nodes[other]))
        nodes = [*(node for number, node in enumerate(nodes) if number not in (one, other)), joined]
    return nodes[0]


def _said(one: Node, other: Node, said: Mapping[str, int]) -> int:
    return sum(said[code] for code in one.codes | other.codes)


def _nearness(one: Node, other: Node, near: Callable[[str, str], float]) -> float:
    total = sum(near(here, there) for here in one.codes for there in other.codes)
    return total / (len(one.codes) * len(other.codes))
