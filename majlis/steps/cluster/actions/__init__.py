"""Acts of the step Cluster."""

from majlis.steps.cluster.actions.asking import ask_proposal, ask_trial, carry_out, try_out
from majlis.steps.cluster.actions.changing import NEEDS_NAME, hold, move, release, rename_cluster, undo
from majlis.steps.cluster.actions.deciding import adopt, complete, pair, remind, unpair
from majlis.steps.cluster.actions.proposing import propose

__all__ = [
    "NEEDS_NAME", "adopt", "ask_proposal", "ask_trial", "carry_out", "complete", "hold", "move", "pair", "propose", "release", "remind",
    "rename_cluster", "try_out", "undo", "unpair",
]  # fmt: skip
