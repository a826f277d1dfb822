"""Reads of sub-topics, their versions, votes and consents, and what waits in this step."""

from majlis.steps.define.queries.answers import (
    Ballot,
    ConsentView,
    Result,
    asked,
    ballot,
    changes_since,
    consent_views,
    objections,
    results,
)
from majlis.steps.define.queries.proposals import latest_proposal, under_way
from majlis.steps.define.queries.topics import (
    Coverage,
    Held,
    TopicView,
    central,
    coverage,
    statements,
    topic_views,
    topics,
    votes,
)
from majlis.steps.define.queries.versions import (
    VersionView,
    effect_between,
    last_change,
    snapshot,
    version_of,
    version_views,
)
from majlis.steps.define.queries.waiting import next_action, waiting

__all__ = [
    "Ballot", "ConsentView", "Coverage", "Held", "Result", "TopicView", "VersionView", "asked", "ballot", "central",
    "changes_since", "consent_views", "coverage", "effect_between", "last_change", "latest_proposal", "next_action",
    "objections", "results", "snapshot", "statements", "topic_views", "topics", "under_way", "version_of", "version_views",
    "votes", "waiting",
]  # fmt: skip
