import pytest

from tests.steps.report.event import Event
from tests.world import World


@pytest.fixture
def event(world: World) -> Event:
    return Event(world)
