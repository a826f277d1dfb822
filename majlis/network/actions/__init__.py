"""Every write to the network's tables."""

from majlis.network.actions.cities import CityFacts, add_city, edit_city
from majlis.network.actions.imports import bring_in, discard, preview_workbook
from majlis.network.actions.intake import Given, ask_intake, save_intake
from majlis.network.actions.jobs import ask_bring_in, bring_in_queued
from majlis.network.actions.people import add_team_member, set_listed
from majlis.network.actions.statements import Words, add_statement, edit_statement, remove_statement

__all__ = [
    "CityFacts",
    "Given",
    "Words",
    "add_city",
    "add_statement",
    "add_team_member",
    "ask_bring_in",
    "ask_intake",
    "bring_in",
    "bring_in_queued",
    "discard",
    "edit_city",
    "edit_statement",
    "preview_workbook",
    "remove_statement",
    "save_intake",
    "set_listed",
]
