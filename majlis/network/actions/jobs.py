"""Bringing a workbook in by a job: asked for on a page, done by a worker, seen on its way."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _
from procrastinate.contrib.django import app

from majlis.accounts.models import Account
from majlis.network.actions.imports import DISCARDED, Tell, bring_in, refuse_errors
from majlis.network.models import WorkbookImport
from majlis.network.rules import NO_IMPORT, require_import
from majlis.network.workbook.reading import Problem
from majlis.web.refused import NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

logger = logging.getLogger(__name__)
State = WorkbookImport.State
WENT_WRONG = _("Something went wrong while the workbook was brought in; nothing was changed. Try again.")


def ask_bring_in(*, by: Account, workbook_import: WorkbookImport) -> WorkbookImport:
    """Leave it to a worker to bring the upload in. Asking twice does no more. Refused while it has errors."""
    require_import(by)
    with transaction.atomic():
        upload = WorkbookImport.objects.select_for_update().filter(pk=workbook_import.pk).first()
        if upload is None:
            raise NotThere(NO_IMPORT)
        if upload.state in {State.DONE, State.QUEUED}:
            return upload
        if upload.state == State.DISCARDED:
            raise NotNow(DISCARDED)
        refuse_errors(Problem.from_json(problem) for problem in upload.problems)
        upload.state, upload.progress, upload.refusal = State.QUEUED, {}, {}
        upload.save(update_fields=["state", "progress", "refusal"])
        # In the same transaction: either both are there or neither, so no upload waits for a job that was lost.
        app.configure_task("network.bring_in").defer(import_id=upload.pk, account_id=by.pk)
    return upload


def bring_in_queued(*, import_id: int, account_id: int) -> bool:
    """Do what was asked for; True if it was brought in. A job whose worker was killed runs again and begins afresh."""
    upload = WorkbookImport.objects.filter(pk=import_id, state=State.QUEUED).first()
    if upload is None:
        return False
    try:
        with _telling(upload) as tell:
            bring_in(by=Account.objects.filter(pk=account_id).first(), workbook_import=upload, tell=tell)
    except Refused as refused:
        _give_back(upload, refused.sentence)
        return False
    except Exception:
        _give_back(upload, Sentence(WENT_WRONG))
        raise
    return True


def _give_back(upload: WorkbookImport, why: Sentence) -> None:
    """Back to the preview with the reason: whoever asked sees it there and may try again."""
    waiting = WorkbookImport.objects.filter(pk=upload.pk, state=State.QUEUED)
    waiting.update(state=State.PREVIEW, progress={}, refusal=why.as_json())


@contextmanager
def _telling(upload: WorkbookImport) -> Iterator[Tell]:
    """Writes how far the work is by a connection of its own: nobody sees into the transaction before it ends."""
    outside = connection.copy()

    def tell(done: int, of: int) -> None:
        with outside.cursor() as cursor:
            told = json.dumps({"done": done, "of": of})
            cursor.execute("UPDATE network_workbookimport SET progress = %s WHERE id = %s", [told, upload.pk])

    try:
        yield tell
    finally:
        outside.close()
