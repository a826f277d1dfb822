"""Jobs of the outbox."""

from procrastinate.contrib.django import app

from majlis.outbox import actions


@app.task(name="outbox.deliver")
def deliver(mail_ids: list[int]) -> int:
    return actions.deliver_all(mail_ids=mail_ids)


@app.periodic(cron="* * * * *")
@app.task(name="outbox.resume")
def resume(timestamp: int) -> int:
    return actions.resume()
