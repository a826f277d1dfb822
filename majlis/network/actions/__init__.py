"""Every write to the network's tables."""

from majlis.network.actions.imports import bring_in, discard, preview_workbook

__all__ = ["bring_in", "discard", "preview_workbook"]
