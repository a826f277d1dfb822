"""One tree of facts, computed from records and from nothing else. Every report is drawn from it."""

from majlis.steps.report.facts.gather import facts
from majlis.steps.report.facts.tree import Fact, Facts, Records

__all__ = ["Fact", "Facts", "Records", "facts"]
