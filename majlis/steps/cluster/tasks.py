"""Jobs of the step Cluster."""

from procrastinate.contrib.django import app

from majlis.steps.cluster import actions


@app.task(name="cluster.propose")
def propose(request: int) -> None:
    actions.carry_out(request=request)


@app.task(name="cluster.try")
def try_out(request: int) -> None:
    actions.try_out(request=request)
