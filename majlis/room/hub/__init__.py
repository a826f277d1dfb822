"""The live room's server: WebSocket at /live/ws/<room>/, one hub per process, everything that matters in PostgreSQL.

`majlis/asgi.py` sends websocket scopes under /live/ws/ to `application` and calls `startup` and `shutdown` from its
lifespan. Other processes may run beside it: they hear of each other's events through `actions.log.wake`.
"""

from majlis.room.hub.server import Hub

hub = Hub()
application = hub.application
startup = hub.startup
shutdown = hub.shutdown

__all__ = ["application", "hub", "shutdown", "startup"]
