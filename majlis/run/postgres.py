"""The embedded PostgreSQL: a real server of this machine's own, private to one user, shared by all of Majlis' commands.

<data>/postgres/            of whoever runs Majlis: url (0600), log (0600), lock, in-use
<data>/postgres/server/     0700, of the server's user: data/, s/ (the socket)
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from majlis.run import cluster, private, programs
from majlis.run.process import disarm_reused_pid, server_pid, server_status
from majlis.run.programs import Owner, Unusable

DATABASE = "majlis"
# A socket's whole path must fit into 108 bytes (104 on some systems); `.s.PGSQL.5432` is ours to add.
LONGEST_SOCKET_FOLDER = 100 - len("/.s.PGSQL.5432")
# Crash recovery of a large database takes minutes, and a server that recovers must not be disturbed.
PATIENCE = 1800.0
LARGEST_LOG = 10 * 2**20
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "jit": "off",  # short queries only: compiling them costs more than it saves
    "log_startup_progress_interval": "2s",
}

Say = Callable[[str], None]


class Postgres:
    """One embedded server. `data` is Majlis' data folder; `options` are further settings of the server."""

    def __init__(self, data: Path, *, say: Say = lambda _: None, options: dict[str, str] | None = None) -> None:
        self.home = data / "postgres"
        self.say = say
        self.options = SERVER_OPTIONS | (options or {})
        self.is_throwaway = self.options.get("fsync") == "off"
        self.process: subprocess.Popen[bytes] | None = None

    # ── shared use ──────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def in_use(self) -> Iterator[str]:
        """Yield the URL of the running server, started if need be. Whoever leaves last stops it, unless it is kept (db start).

        Both locks are the kernel's: a command that is killed gives up its share at once.
        """
        self._make_home()
        with (self.home / "in-use").open("a") as share:
            with self._alone():
                url = self._ensure()
                fcntl.flock(share, fcntl.LOCK_SH)
            try:
                yield url
            finally:
                with self._alone():
                    if self._is_last(share) and not (self.home / "keep").exists():
                        self._stop()

    def keep(self) -> str:
        """Start the server and let it run on after every command has ended; return its URL."""
        self._make_home()
        with self._alone():
            url = self._ensure()
            (self.home / "keep").touch()
        return url

    def stop(self, *, force: bool = False) -> bool:
        """Stop the server cleanly, unless other commands use it (then only with `force`); whether it is stopped now."""
        if not self.home.exists():
            return True
        with self._alone(), (self.home / "in-use").open("a") as share:
            (self.home / "keep").unlink(missing_ok=True)
            if not force and not self._is_last(share):
                return False
            self._stop()
        return True

    def revive(self) -> bool:
        """Start the server again if it died under us; whether it had."""
        if self.pid():
            return False
        with self._alone():
            if self.pid():
                return False
            self._ensure()
        return True

    def url(self) -> str:
        """Return the kept URL; '' before the first start."""
        file = self.home / "url"
        return file.read_text().strip() if file.exists() else ""

    def pid(self) -> int | None:
        """Return the live server's process id."""
        return server_pid(self.server / "data")

    @property
    def server(self) -> Path:
        """The server's own folder: beside the rest, or where it had to be put (see `_settle`)."""
        elsewhere = self.home / "elsewhere"
        return Path(elsewhere.read_text().strip()) if elsewhere.exists() else self.home / "server"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.home / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _is_last(share: object) -> bool:
        try:
            fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
        except BlockingIOError:
            return False
        return True

    def _make_home(self) -> None:
        if self.home.exists():
            if self.home.stat().st_uid not in {os.geteuid(), 0} or not os.access(self.home, os.W_OK):
                raise Unusable(f"{self.home} belongs to another user: run Majlis as that user or as root.")
            return
        self.home.parent.mkdir(parents=True, exist_ok=True)
        # As root, the server's user must be able to walk through (not list) to its own folder.
        self.home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)

    # ── start ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _ensure(self) -> str:
        shipped = programs.installed()
        owner = self._settle(programs.owner_of_server(self.server))
        data = self.server / "data"
        if server_pid(data) is None:
            binaries, why = programs.reachable(owner, shipped)
            if why:
                self.say(why)
            self._initialise(owner, binaries, data)
            self._start(owner, binaries, data)
        else:
            self._wait(data)
        self._make_database()
        return self.url()

    def _settle(self, owner: Owner) -> Owner:
        """See to it that the server's folder exists, private to its user and reachable for it."""
        if not self.server.exists():
            private.make_folder(self.server, owner)
        if not owner.is_other or private.can_write(owner, self.server):
            return owner
        # A parent folder is private to root. It stays so: the server's folder goes where its user can reach it.
        place = programs.FOR_ROOT / sha256(str(self.home).encode()).hexdigest()[:16]
        self.say(f"The database is kept in {place}, since its user {owner.name} may not look into {self.home.parent}.")
        with suppress(OSError):
            self.server.rmdir()
        programs.FOR_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not place.exists():
            private.make_folder(place, owner)
        private.write_file(self.home / "elsewhere", str(place))
        if not private.can_write(owner, place):
            raise Unusable(f"The user {owner.name} cannot write to {place}: set MAJLIS_DATA to a folder it can reach.")
        return owner

    def _initialise(self, owner: Owner, binaries: Path, data: Path) -> None:
        """Make the database cluster once; an interrupted attempt is begun anew."""
        if (data / "PG_VERSION").exists():
            cluster.check_version(owner, binaries, data)
            if self.url():
                return
            cluster.set_password(owner, binaries, data, password := cluster.new_password())
            self._keep_url(password, self._socket_folder(owner))
            return
        self.say("Making the database…")
        half = data.with_name("data.new")
        cluster.make(owner, binaries, half, password := cluster.new_password(), is_throwaway=self.is_throwaway)
        self._keep_url(password, self._socket_folder(owner))
        half.rename(data)

    def _start(self, owner: Owner, binaries: Path, data: Path) -> None:
        disarm_reused_pid(data)
        socket = self._socket_folder(owner)
        self._keep_url(self.url().split("@")[0].rsplit(":", 1)[1], socket)
        # Root writes here, so it is not in the folder of the server's user, who could put a link in its place.
        log = self.home / "log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(self.home / "log.old")
        options = [f"-c{name}={value}" for name, value in self.options.items()]
        command = [str(binaries / "postgres"), "-D", str(data), f"-cunix_socket_directories={socket}", *options]
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
            began = output.tell()
            self.process = programs.spawn(owner, command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self._wait(data, began)

    def _wait(self, data: Path, log_from: int = 0) -> None:
        """Wait until the server answers, however long recovery takes, and show how it goes."""
        began = shown = time.monotonic()
        while server_status(data) != "ready" or server_pid(data) is None:
            now = time.monotonic()
            if (self.process is None and server_pid(data) is None) or (
                self.process and self.process.poll() is not None
            ):
                raise Unusable("PostgreSQL did not start. Its log says:\n" + "\n".join(self._log(log_from)[-15:]))
            if now - began > PATIENCE:
                raise Unusable(
                    "PostgreSQL is still recovering. It goes on by itself: try again later (majlis db status)."
                )
            if now - shown > 2:
                shown = now
                newest = (self._log(log_from) or [""])[-1]
                self.say(f"PostgreSQL is starting, {now - began:.0f} s … {newest.split('LOG:')[-1].strip()}")
            time.sleep(0.02)

    def _log(self, start: int) -> list[str]:
        with (self.home / "log").open("rb") as file:
            file.seek(start)
            return file.read().decode(errors="replace").splitlines()

    def _make_database(self) -> None:
        import psycopg

        url = self.url()
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as error:
            if f'database "{DATABASE}" does not exist' not in str(error):
                raise Unusable(f"The database does not let us in: {error}") from None
            with psycopg.connect(url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    # ── socket, url, stop ───────────────────────────────────────────────────────────────────────────────────────────

    def _socket_folder(self, owner: Owner) -> Path:
        """Return a private folder for the socket whose path is short enough, beside the data or, if that is too deep, of its own."""
        beside = self.server / "s"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
            if not beside.exists():
                private.make_folder(beside, owner)
            return beside
        kept = self.home / "socket"
        if kept.exists() and private.is_private(folder := Path(kept.read_text()), owner):
            return folder
        # mkdtemp: a new name that nobody could foresee, open to us alone; only the parent is shared.
        folder = Path(tempfile.mkdtemp(prefix="majlis-", dir="/tmp"))
        if owner.is_other:
            os.chown(folder, owner.uid, owner.gid)
        private.write_file(kept, str(folder))
        return folder

    def _keep_url(self, password: str, socket: Path) -> None:
        private.write_file(
            self.home / "url", f"postgresql://{cluster.ROLE}:{password}@/{DATABASE}?host={quote(str(socket), safe='/')}"
        )

    def _stop(self) -> None:
        data = self.server / "data"
        if pid := server_pid(data):
            # SIGINT is PostgreSQL's fast shutdown: it rolls back what is open and writes a clean checkpoint.
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + 60
            while server_pid(data) == pid:
                if self.process:
                    self.process.poll()
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGQUIT)  # at once; the next start recovers
                    deadline = float("inf")
                time.sleep(0.02)
        if self.process:
            self.process.wait()
            self.process = None
        kept = self.home / "socket"
        if kept.exists():
            with suppress(OSError):
                shutil.rmtree(kept.read_text())
            kept.unlink()
