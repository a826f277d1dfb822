"""One process for pages and the live room, a worker beside it, and a watch over both worker and database."""

import errno
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from majlis.run.places import CODE

logger = logging.getLogger(__name__)

Say = Callable[[str], None]


class Busy(Exception):
    """The address is in use; the text names a port that is free."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, or raise Busy. Done before anything else is started, so that a taken port costs no time."""
    try:
        return _bound(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise Busy(f"{host}:{port} cannot be listened on: {error.strerror}.") from None
    for other in range(port + 1, port + 50):
        try:
            _bound(host, other).close()
        except OSError:
            continue
        raise Busy(f"Port {port} is used by another program. Port {other} is free: add --port {other}.")
    raise Busy(f"Port {port} is used by another program: name a free one with --port.")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except BaseException:
        listener.close()
        raise
    listener.set_inheritable(False)
    return listener


def serve(listener: socket.socket, *, started: Callable[[], None] = lambda: None) -> None:
    """Serve pages and the live room on the socket until Ctrl-C or SIGTERM; `started` is called once requests are answered."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                started()

    config = uvicorn.Config(
        "majlis.asgi:application",
        lifespan="on",
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # small messages: the memory of a compressor for each member buys nothing
        ws_max_size=2**20,
        proxy_headers=False,  # run/proxies.py counts them instead
        server_header=False,
        access_log=os.environ.get("MAJLIS_ACCESS_LOG", "") == "1",
        log_level="info" if os.environ.get("MAJLIS_ACCESS_LOG") == "1" else "warning",
        timeout_graceful_shutdown=5,
    )
    server = Server(config)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # uvicorn has ended its work; it raises the signal again afterwards
    finally:
        listener.close()
    if not server.started:
        raise SystemExit(3)


class Worker:
    """The worker as a child process: started again when it dies, stopped with us (however we die: its input ends)."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()
        self.lock = threading.Lock()

    def start(self) -> None:
        """Start it and watch over it."""
        threading.Thread(target=self._keep_alive, daemon=True, name="worker-watch").start()

    def _keep_alive(self) -> None:
        pause = 1.0
        while True:
            with self.lock:
                if self.stopping.is_set():
                    return
                began = time.monotonic()
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "majlis", "work", "--with-parent"],
                    stdin=subprocess.PIPE,
                    cwd=CODE.parent,
                    start_new_session=True,  # Ctrl-C reaches us; we end the worker in order
                )
            code = self.process.wait()
            if self.stopping.is_set():
                return
            pause = 1.0 if time.monotonic() - began > 60 else min(pause * 2, 30)
            self.say(f"The worker ended (code {code}); it starts again in {pause:.0f} s.")
            self.stopping.wait(pause)

    def stop(self) -> None:
        """End it in order: running jobs get ten seconds, then they are run again by the next worker."""
        with self.lock:
            self.stopping.set()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(12)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def watch(revive: Callable[[], bool], say: Say, *, every: float = 2.0) -> Iterator[None]:
    """Look after the embedded database in a thread of its own: if it was killed, start it again."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(every):
            try:
                if revive():
                    say("The database had died and was started again.")
            except Exception:
                logger.exception("The database could not be started again; trying once more")

    thread = threading.Thread(target=look, daemon=True, name="database-watch")
    thread.start()
    try:
        yield
    finally:
        # Waited for, so that it does not start again what is stopped next.
        ended.set()
        thread.join()
