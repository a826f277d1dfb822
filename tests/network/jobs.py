"""What a worker does with the uploads that wait for it."""

from procrastinate.contrib.django.models import ProcrastinateJob

from majlis.network.actions import bring_in_queued
from majlis.network.models import WorkbookImport


def work() -> int:
    """Do the queued imports with the arguments that their jobs bear; return how many were brought in."""
    jobs = ProcrastinateJob.objects.filter(task_name="network.bring_in", status="todo").order_by("id")
    waiting = {upload.pk for upload in WorkbookImport.objects.filter(state=WorkbookImport.State.QUEUED)}
    return sum(bring_in_queued(**job.args) for job in jobs if job.args["import_id"] in waiting)
