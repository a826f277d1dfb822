"""Six gates, one rule: while a step lacks something, neither its page nor its action lets the next one open."""

from importlib import import_module
from itertools import pairwise

import pytest
from django.test import Client
from django.utils.html import escape

from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.web.refused import NotNow
from tests.world import World


def complete(world: World, dialogue: Dialogue, step: Step) -> None:
    import_module(f"majlis.steps.{step.value}.actions").complete(by=world.secretariat, dialogue=dialogue)


def states(dialogue: Dialogue) -> dict[str, str]:
    return dict(StepRecord.objects.filter(dialogue=dialogue).values_list("step", "state"))


@pytest.mark.parametrize("step", list(Step))
def test_an_unmet_gate_refuses_by_page_and_by_action(world: World, client: Client, step: Step) -> None:
    dialogue = world.at(world.dialogue(), step)
    before = states(dialogue)
    client.force_login(world.secretariat, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(f"/dialogues/{dialogue.slug}/{step.value}/complete/")
    assert page.status_code == 409
    with pytest.raises(NotNow) as refused:
        complete(world, dialogue, step)
    assert escape(str(refused.value)) in page.content.decode()
    assert states(dialogue) == before


@pytest.mark.parametrize(("step", "following"), list(pairwise(Step)))
def test_the_next_step_refuses_by_page_and_by_action(world: World, client: Client, step: Step, following: Step) -> None:
    dialogue = world.at(world.dialogue(), step)
    client.force_login(world.secretariat, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/dialogues/{dialogue.slug}/{following.value}/").status_code == 200
    assert client.post(f"/dialogues/{dialogue.slug}/{following.value}/complete/").status_code == 409
    with pytest.raises(NotNow):
        complete(world, dialogue, following)
    assert states(dialogue)[following] == "closed"
