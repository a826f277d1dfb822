"""W11: 10,000 invitations with calendar objects drafted and handed to a mail server, the sending process killed on the way.

It runs in a process and a database of its own (`python -m bench.outbox`), so that other benchmarks find theirs as it was.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.promise import Measured

ROOT = Path(__file__).resolve().parents[2]


def measure() -> list[Measured]:
    environment = os.environ | {"MAJLIS_DATA": str(ROOT / ".make" / "bench-outbox"), "MAJLIS_DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.outbox"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return [Measured(**figure) for figure in json.loads(done.stdout)]
