import pytest

from tests.steps.evaluate.evaluation import Evaluation
from tests.world import World


@pytest.fixture
def evaluation(world: World) -> Evaluation:
    return Evaluation(world)
