"""Reading the journal."""

from django.db.models import QuerySet

from majlis.journal.models import Entry


def entries(scope: str) -> QuerySet[Entry]:
    """The entries of one scope, newest first."""
    return Entry.objects.filter(scope=scope)
