"""The program as a server sees it: pages by WSGI in a pool of threads, the live room natively on ASGI.

Django's own ASGI handler costs several times the time of its WSGI handler, and pages have nothing to wait for.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

pages = get_wsgi_application()

from majlis.room import hub  # noqa: E402 (models can be imported only now)
from majlis.run.bodies import Bodies, Message, Receive, Scope, Send  # noqa: E402
from majlis.run.proxies import Proxies  # noqa: E402

# Each thread keeps one connection to the database, so this also bounds the connections.
PAGE_THREADS = 10
# The largest workbook or picture, with room for the form around it; Django's own limits are stricter for form fields.
LARGEST_BODY = 20 * 2**20
SLOWEST_BODY = 60.0
LIVE = "/live/ws/"

_pages = Bodies(
    WSGIMiddleware(pages, workers=PAGE_THREADS),  # type: ignore[arg-type]
    limit=LARGEST_BODY,
    seconds=SLOWEST_BODY,
)


async def _routed(scope: Scope, receive: Receive, send: Send) -> None:
    """Route a connection: lifespan to the hub's start and end, live web sockets to the hub, everything else to the pages."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        if scope["path"].startswith(LIVE):
            await hub.application(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4404})
    else:
        await _pages(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message: Message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await hub.startup()
            except Exception as error:
                await send({"type": "lifespan.startup.failed", "message": f"The live room did not start: {error}"})
                return
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.shutdown()
            await send({"type": "lifespan.shutdown.complete"})
            return


application = Proxies(_routed, count=int(os.environ.get("MAJLIS_TRUSTED_PROXIES", "0")))
