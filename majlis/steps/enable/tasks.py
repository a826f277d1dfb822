"""Jobs of the step Enable."""

from procrastinate.contrib.django import app

from majlis.steps.enable import actions


@app.task(name="enable.plan_groups")
def plan_groups(planning: int) -> None:
    actions.carry_out(planning=planning)
