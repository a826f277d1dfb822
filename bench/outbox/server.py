"""A mail server on loopback (aiosmtpd) that accepts everything and writes down each Message-ID: python -m bench.outbox.server FILE"""

import asyncio
import re
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Counting:
    """Accepts a mail only when its Message-ID is on the disk: what it said «250» to can be counted."""

    def __init__(self, file: Path) -> None:
        self.file = file.open("a", buffering=1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        found = MESSAGE_ID.search(envelope.content)
        assert found and len(envelope.rcpt_tos) == 1
        self.file.write(found[1].decode() + "\n")
        return "250 taken"


async def serve(file: Path) -> None:
    counting = Counting(file)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(counting), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
