"""Jobs of the step Invite."""

from procrastinate.contrib.django import app

from majlis.steps.invite import actions


# A session is moved on the page that plans it or in the step Enable; the mails that follow it into calendars are drafted here.
@app.periodic(cron="*/2 * * * *")
@app.task(name="invite.follow_all_sessions", queueing_lock="invite.follow_all_sessions")
def follow_all_sessions(timestamp: int) -> int:
    return actions.follow_all_sessions()


@app.periodic(cron="17 2 * * *")
@app.task(name="invite.delete_restricted", queueing_lock="invite.delete_restricted")
def delete_restricted(timestamp: int) -> int:
    return actions.delete_restricted()


@app.periodic(cron="5 * * * *")
@app.task(name="invite.send_due_reminders", queueing_lock="invite.send_due_reminders")
def send_due_reminders(timestamp: int) -> int:
    return actions.send_due_reminders()
