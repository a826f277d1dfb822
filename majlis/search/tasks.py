"""Jobs of the search."""

from procrastinate.contrib.django import app

from majlis.search import actions


# Every half minute (the sixth column counts seconds): what was published is found while its author still looks.
@app.periodic(cron="* * * * * */30")
@app.task(name="search.refresh", queueing_lock="search.refresh")
def refresh(timestamp: int) -> int:
    done = actions.refresh_and_forget()
    return done.changed if done else 0


@app.periodic(cron="20 3 * * *")
@app.task(name="search.check", queueing_lock="search.check")
def check(timestamp: int) -> float | None:
    return actions.check()
