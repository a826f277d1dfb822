"""Jobs of the outbox."""

from procrastinate.contrib.django import app

from majlis.outbox import actions


@app.task(name="outbox.deliver")
def deliver(mail_ids: list[int]) -> int:
    return actions.deliver_all(mail_ids=mail_ids)


@app.task(name="outbox.deliver_due", queueing_lock="outbox.deliver_due")
def deliver_due() -> int:
    return actions.deliver_due()


# Every half minute (the sixth column counts seconds): a killed worker's mail is on its way again within a minute.
@app.periodic(cron="* * * * * */30")
@app.task(name="outbox.resume", queueing_lock="outbox.resume")
def resume(timestamp: int) -> int:
    return actions.resume()


@app.periodic(cron="* * * * *")
@app.task(name="outbox.read_mailbox", queueing_lock="outbox.read_mailbox")
def read_mailbox(timestamp: int) -> int:
    return actions.read_mailbox()
