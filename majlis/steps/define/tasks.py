"""Jobs of the step Define."""

from procrastinate.contrib.django import app

from majlis.steps.define import actions


@app.task(name="define.propose")
def propose(proposal_id: int) -> None:
    actions.work_off(proposal_id=proposal_id)
