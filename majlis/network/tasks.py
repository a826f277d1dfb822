"""Jobs of the network."""

from procrastinate.contrib.django import app

from majlis.network import actions


@app.task(name="network.bring_in")
def bring_in(import_id: int, account_id: int) -> bool:
    return actions.bring_in_queued(import_id=import_id, account_id=account_id)
