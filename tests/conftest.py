"""What every test may lean on."""

import pytest

from tests.world import World


@pytest.fixture
def world(db: None) -> World:
    """A small network to act in: see tests/world.py."""
    return World()
