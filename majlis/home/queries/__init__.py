"""Reads across every folder, one file per page."""
