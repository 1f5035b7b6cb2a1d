"""Processes that tests and benchmarks start and end: PostgreSQL in a folder of its own, and this project's servers."""

import contextlib
import os
import pwd
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60


# PostgreSQL


class PostgreSQL:
    """A server in a folder of its own, reached through a socket there alone. `is_durable`: it writes to disk as a
    server does that is not told otherwise."""

    def __init__(self, programs: Path, folder: Path, data: Path, *, is_durable: bool = False) -> None:
        self.programs, self.folder, self.data = programs, folder, data
        self._options = ["jit=off", "listen_addresses=''", f"unix_socket_directories={folder}"]
        self._options += [] if is_durable else ["fsync=off"]
        made = ["-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", *([] if is_durable else ["--no-sync"])]
        self.run("initdb", "-D", str(data), *made)

    def run(self, program: str, *arguments: str) -> None:
        """Runs one of its programs, as somebody who is not root; CalledProcessError when it fails."""
        user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        subprocess.run(
            [str(self.programs / program), *arguments], check=True, cwd=self.folder, timeout=60,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **({"user": user.pw_uid, "group": user.pw_gid} if user else {}),
        )  # fmt: skip

    def start(self, *options: str) -> None:
        """Returns when it answers; `options` as `name=value` beside its own."""
        given = " ".join(f"-c {option}" for option in (*self._options, *options))
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", given, "start")

    def stop(self, mode: str = "fast") -> None:
        """Returns when it has ended; as a power cut would with "immediate"."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def address(self, name: str = "app") -> str:
        """A database there, as DATABASE_URL gives it."""
        return f"postgres://app@{quote(str(self.folder), safe='')}/{name}"


def programs() -> Path | None:
    """Where the programs of the newest PostgreSQL are; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    one = str(found[-1]) if found else shutil.which("initdb")
    return Path(one).parent if one else None


@contextlib.contextmanager
def postgresql(*, is_durable: bool = False, disk: Path | None = None) -> Iterator[PostgreSQL | None]:
    """A running server with an empty database `app`, gone at the end; None where PostgreSQL is not installed. `disk`:
    a folder on the file system that its data are to lie on."""
    where = programs()
    if where is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path is short
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        folder.parent.chmod(folder.parent.stat().st_mode | 0o011)  # each worker's own folder is root's alone
    server = PostgreSQL(where, folder, (disk or folder) / "data", is_durable=is_durable)
    try:
        server.start()
        server.run("createdb", "-h", str(folder), "-U", "app", "app")
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # it is stopped already
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


# Processes of this project


class Process:
    """A process of this project on a database, with the settings of `tests.server.settings`, where HALT_AFTER says at
    which table it stands still. What it says goes into a file."""

    def __init__(self, command: Sequence[str], *, database: str, log: Path, **environment: str) -> None:
        self._halted, writes = os.pipe()
        self._log = log
        self._from = log.stat().st_size if log.exists() else 0
        given = {"DJANGO_SETTINGS_MODULE": "tests.server.settings", "DATABASE_URL": database}
        given |= {"HALT_PIPE": str(writes), "PYTHONUNBUFFERED": "1"}
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=os.environ | given | environment, stdin=subprocess.DEVNULL,
                stdout=out, stderr=subprocess.STDOUT, pass_fds=(writes,),
            )  # fmt: skip
        os.close(writes)

    def said(self) -> str:
        """All that it has printed and logged."""
        with self._log.open("rb") as file:
            file.seek(self._from)
            return file.read().decode(errors="replace")

    def wait_until_halted(self, patience: float = PATIENCE) -> None:
        """Returns when it stands still in the middle of its transaction."""
        ready, _, _ = select.select([self._halted], [], [], patience)
        assert ready, f"It never came to the place where it was to halt: {self.said()}"
        assert os.read(self._halted, 1), f"It ended before it came to the place where it was to halt: {self.said()}"

    def ended(self, patience: float = PATIENCE) -> int:
        """Waits for its end; its status."""
        return self.process.wait(timeout=patience)

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE)
        if self._halted >= 0:
            os.close(self._halted)
            self._halted = -1


class Server(Process):
    """A web server on a free port of this machine; made when it listens."""

    command: ClassVar[list[str]] = ["manage.py", "runserver", "--noreload", "--skip-checks", "127.0.0.1:0"]
    listens = "Quit the server"

    def __init__(self, *, database: str, log: Path, workers: int = 1, **environment: str) -> None:
        options = ["--workers", str(workers)] if isinstance(self, Gunicorn) else []
        super().__init__([*self.command, *options], database=database, log=log, **environment)
        until = time.monotonic() + PATIENCE
        while self.said().count(self.listens) < workers:
            if time.monotonic() > until or self.process.poll() is not None:
                self.kill()
                raise AssertionError(f"The server did not start: {self.said()}")
            time.sleep(0.02)
        self.port = int(self.said().split("http://127.0.0.1:")[1].split()[0].strip("/"))


def _as_installed() -> list[str]:
    """What the unit of the worked installation starts, on a free port in place of its own."""
    unit = (ROOT / "docs" / "deploy" / "partnership.service").read_text(encoding="utf-8")
    (line,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    return [re.sub(r"^(127\.0\.0\.1):\d+$", r"\1:0", word) for word in shlex.split(line)[1:]]


class Gunicorn(Server):
    """gunicorn as it is started in an installation, with so many workers."""

    command: ClassVar[list[str]] = [
        "-m", "gunicorn", *_as_installed(), "--graceful-timeout", "15",
    ]  # fmt: skip
    listens = "Booting worker"

    def workers(self) -> list[int]:
        """Its workers' process ids."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(n) for n in children.read_text().split()] if children.exists() else []

    def kill_a_worker(self) -> None:
        """kill -9 of the first worker alone; returns when another one is there."""
        before = self.workers()
        os.kill(before[0], signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while before[0] in (now := self.workers()) or len(now) < len(before):
            assert time.monotonic() < until
            time.sleep(0.05)

    def kill(self) -> None:
        left = self.workers() if self.process.poll() is None else []
        super().kill()
        for worker in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
