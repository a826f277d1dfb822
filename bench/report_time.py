"""The summary report in four languages (W9), from the stored facts to the files."""

import tempfile
import time
from pathlib import Path

from bench.promise import Measured, middle


def measure() -> list[Measured]:
    from bench.played import dialogue

    with dialogue() as played:
        from majlis.accounts.models import Account, Role
        from majlis.language.models import LANGUAGES
        from majlis.steps.report.actions import write_files
        from majlis.steps.report.drawings.pdf import pdf
        from majlis.steps.report.queries import report, summary_of

        summary = summary_of(played)
        assert summary, "the played dialogue has a summary"

        def drawn() -> float:
            began = time.perf_counter()
            for language in LANGUAGES:
                pdf(report(played, language, summary))
            return time.perf_counter() - began

        first = drawn()
        found = [
            Measured("W9", "summary in four languages, PDF", middle(drawn, 3), "s", 3, 1.5),
            Measured(
                "W9", "the same, the first time in a process", first, "s", note="with fonts and gazetteer still to load"
            ),
        ]
        secretariat = Account.objects.filter(role=Role.SECRETARIAT).first()
        assert secretariat
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            files = write_files(by=secretariat, dialogue=played, folder=Path(folder))
            found.append(Measured("W9", f"all {len(files)} files", time.perf_counter() - began, "s"))
        return found
