"""Runs one job in a child Python of its own: what is too heavy or too dangerous for a web process.

A job is a function of a module that only the child imports: `(payload: bytes, tell: Callable[[str], None]) -> bytes`.
The child gets its bytes by pipe and answers by pipe. It writes no file, knows no settings, database or secret, and is
bounded in memory, processor time and waiting time. At most AT_ONCE children run on a machine, whatever the number of
web processes. When the caller stops waiting, or dies, the child ends.
"""

import contextlib
import fcntl
import importlib
import json
import logging
import os
import resource
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 2
MEGABYTE = 1024 * 1024

logger = logging.getLogger("bounded")


@dataclass(frozen=True)
class Limits:
    """What one child may use: address space and answer in bytes, processor time and waiting time in seconds."""

    memory: int = 512 * MEGABYTE
    processor: int = 20
    wait: int = 30
    answer: int = 16 * MEGABYTE


# Every job there is; nothing else can be run.
JOBS: dict[str, Limits] = {
    "indicators.benchmark_files:read_benchmarks": Limits(memory=400 * MEGABYTE, wait=60, processor=40),
    "indicators.disclosure.job:control_disclosure": Limits(memory=1_024 * MEGABYTE, processor=180, wait=300),
    "indicators.forecast_job:make_forecasts": Limits(processor=15, wait=20),
    "indicators.workbooks:read_return": Limits(),
    "indicators.workbooks:write_ods": Limits(),
    "indicators.workbooks:write_xlsx": Limits(),
    "indicators.workbooks:write_template": Limits(),
    "finance.projection_job:run_projection": Limits(),
    "finance.ssda903.job:count_ssda903": Limits(memory=500 * MEGABYTE, processor=60, wait=90),
    "partnership.document_child:write_docx": Limits(),
    "partnership.document_child:write_pdf": Limits(memory=1_024 * MEGABYTE, processor=40, wait=60),
    "partnership.document_child:write_long_docx": Limits(processor=60, wait=120),
    "partnership.document_child:write_long_pdf": Limits(memory=1_536 * MEGABYTE, processor=180, wait=420),
    "referrals.workbooks:compute_annex_a": Limits(memory=500 * MEGABYTE, processor=60, wait=90),
}


class BoundedError(Exception):
    """There is no answer. The message is a sentence for the person; nothing was written anywhere."""


class Busy(BoundedError):
    """As many jobs as may run are running."""


class TooSlow(BoundedError):
    """The job took longer than it may."""


class TooLarge(BoundedError):
    """The job, or its answer, needed more memory than it may have."""


class Failed(BoundedError):
    """The child broke down; the log says where."""


_BUSY = "Other files are being worked on at this moment. Wait a minute and try again; nothing was changed."
_TOO_SLOW = "This took longer than {wait} seconds, so it was stopped. Try it with less at once; nothing was changed."
_TOO_LARGE = "This needed more memory than one file may have, so it was stopped. Try it with less; nothing was changed."
_FAILED = "This broke down, and the fault has been recorded. Nothing was changed."

_HEAD = struct.Struct(">Q")
_BLOCK = 64 * 1024
_STEP_OF_WAITING = 0.05
_MOST_LINES, _LONGEST_LINE = 1_000, 500
_TOO_LARGE_EXIT, _FAILED_EXIT = 71, 70
_START = "import sys; sys.path.insert(0, sys.argv[1]); from indicators import bounded; bounded.serve()"
# Nothing of this process's environment is passed on; numerical libraries shall not reserve memory for threads.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def run(
    *, job: str, payload: bytes, told: Callable[[str], None] | None = None, patience: float = 2.0,
    leaves: int = 0,
) -> bytes:  # fmt: skip
    """The answer of a job; `told` is called with each line of progress.

    `patience`: seconds to wait while as many as may run are running; `leaves`: so many of the places are never taken,
    because they are others'. Raises Busy, TooSlow, TooLarge, Failed; ValueError for a job that is not in JOBS.
    """
    lines = stream(job=job, payload=payload, patience=patience, leaves=leaves)
    try:
        while True:
            line = next(lines)
            if told is not None:
                told(line)
    except StopIteration as end:
        return bytes(end.value)
    finally:
        lines.close()


def stream(*, job: str, payload: bytes, patience: float = 2.0, leaves: int = 0) -> Generator[str, None, bytes]:
    """As `run`, giving each line of progress; the answer is the generator's value. Closing it ends the child."""
    if job not in JOBS:
        raise ValueError(f"“{job}” is not a job.")
    with _slot(patience, leaves) as slot:
        return (yield from _watched(job, payload, JOBS[job], slot))


# The parent's side


def slot_paths() -> list[Path]:
    """The files whose locks count the children; empty, and held by whoever has them open."""
    folder = Path(tempfile.gettempdir())
    return [folder / f"partnership-performance-{os.getuid()}-{number}.lock" for number in range(AT_ONCE)]


@contextlib.contextmanager
def _slot(patience: float, leaves: int) -> Iterator[int]:
    """One of the places for a child. The lock belongs to the open file, which the child inherits: it is free again
    when both have closed it or died."""
    until = time.monotonic() + patience
    while (found := _free_slot(leaves)) is None:
        if time.monotonic() >= until:
            raise Busy(_BUSY)
        time.sleep(_STEP_OF_WAITING)
    try:
        yield found
    finally:
        os.close(found)


def _free_slot(leaves: int) -> int | None:
    for path in slot_paths()[leaves:]:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            logger.error("the places for children cannot be counted: %s", error)
            raise Failed(_FAILED) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return descriptor
    return None


def _watched(job: str, payload: bytes, limits: Limits, slot: int) -> Generator[str, None, bytes]:
    """Starts the child and passes bytes both ways until it has ended or its time is over."""
    until = time.monotonic() + limits.wait
    tells, told_to = os.pipe()
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, str(ROOT), job, json.dumps(asdict(limits))]
    try:
        child = subprocess.Popen(  # noqa: S603
            [*command, str(told_to)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(told_to, slot),
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
    except OSError as error:
        os.close(tells)
        logger.error("job %s could not be started: %s", job, type(error).__name__)
        raise Failed(_FAILED) from None
    finally:
        os.close(told_to)
    talk = _Talk(child, tells, payload, limits)
    try:
        while talk.is_open:
            if time.monotonic() >= until:
                logger.warning("job %s stopped after %s seconds", job, limits.wait)
                raise TooSlow(_TOO_SLOW.format(wait=limits.wait))
            yield from talk.step(max(0.0, until - time.monotonic()))
        code = child.wait(timeout=max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TooSlow(_TOO_SLOW.format(wait=limits.wait)) from None
    finally:
        talk.close()
        _end(child)
    _judge(job, code, talk.account, limits)
    return bytes(talk.answer)


class _Talk:
    """What goes to and comes from one child."""

    def __init__(self, child: subprocess.Popen[bytes], tells: int, payload: bytes, limits: Limits) -> None:
        assert child.stdin is not None and child.stdout is not None  # noqa: PT018, S101
        self._stdin, self._stdout, self._tells = child.stdin.fileno(), child.stdout.fileno(), tells
        self._child, self._limits = child, limits
        self._left = memoryview(_HEAD.pack(len(payload)) + payload)
        self._line = b""
        self._lines = 0
        self.answer = bytearray()
        self.account = ""
        self._selector = selectors.DefaultSelector()
        for descriptor, event in (
            (self._stdin, selectors.EVENT_WRITE),
            (self._stdout, selectors.EVENT_READ),
            (self._tells, selectors.EVENT_READ),
        ):
            os.set_blocking(descriptor, False)
            self._selector.register(descriptor, event)

    @property
    def is_open(self) -> bool:
        """Whether the child has something to say still."""
        return bool({self._stdout, self._tells} & set(self._selector.get_map()))

    def step(self, seconds: float) -> Iterator[str]:
        """Waits for the child and gives its new lines of progress."""
        for key, _ in self._selector.select(seconds):
            if key.fd == self._stdin:
                self._send()
            elif key.fd == self._stdout:
                self._receive()
            else:
                yield from self._listen()

    def close(self) -> None:
        """Lets go of the pipes; a child that still runs takes that as the sign to end."""
        self._selector.close()
        os.close(self._tells)
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self) -> None:
        try:
            self._left = self._left[os.write(self._stdin, self._left[:_BLOCK]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._left = self._left[:0]
        if not self._left:  # the pipe stays open: its end would tell the child that nobody waits any more
            self._selector.unregister(self._stdin)

    def _receive(self) -> None:
        block = os.read(self._stdout, _BLOCK)
        if not block:
            self._selector.unregister(self._stdout)
        self.answer += block
        if len(self.answer) > self._limits.answer:
            raise TooLarge(_TOO_LARGE)

    def _listen(self) -> Iterator[str]:
        block = os.read(self._tells, _BLOCK)
        if not block:
            self._selector.unregister(self._tells)
        *lines, self._line = (self._line + block).split(b"\n")
        self._line = self._line[: 2 * _BLOCK]
        for line in lines:
            kind, text = line[:1], line[1:].decode("utf-8", "replace")
            if kind == b"!":
                self.account = text
            elif self._lines < _MOST_LINES:
                self._lines += 1
                yield text[:_LONGEST_LINE]


def _judge(job: str, code: int, account: str, limits: Limits) -> None:
    """Raises what the way the child ended means; nothing when it ended well."""
    if code == 0:
        return
    logger.error("job %s ended with %s: %s", job, code, account or "no account")
    if code in {-signal.SIGXCPU, -signal.SIGALRM}:
        raise TooSlow(_TOO_SLOW.format(wait=limits.wait))
    if code == _TOO_LARGE_EXIT:
        raise TooLarge(_TOO_LARGE)
    raise Failed(_FAILED)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends the child and whatever it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


# The child's side


def serve() -> NoReturn:
    """What the child does: it bounds itself, does the job of its command line, answers and ends."""
    _, _, job, limits, tells = sys.argv
    bound(Limits(**json.loads(limits)))
    answer_to, told = os.dup(1), int(tells)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)  # whatever a library prints is no part of the answer
    try:
        payload = _read_payload()
        threading.Thread(target=_end_with_parent, daemon=True).start()
        module, _, name = job.partition(":")
        answer = getattr(importlib.import_module(module), name)(payload, _teller(told))
        with os.fdopen(answer_to, "wb") as file:
            file.write(answer)
    except MemoryError:
        os._exit(_TOO_LARGE_EXIT)
    except BaseException as error:
        os.write(told, f"!{_account_of(error)}\n".encode())
        os._exit(_FAILED_EXIT)
    os._exit(0)


def bound(limits: Limits) -> None:
    """Limits this process for good: memory, processor time, open files, no byte into any file, no core dump."""
    _lower(resource.RLIMIT_AS, limits.memory)
    _lower(resource.RLIMIT_CPU, limits.processor)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, 128)
    signal.alarm(limits.wait + 1)  # should the parent be unable to end it


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    above = value + 1 if kind == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else value
    with contextlib.suppress(ValueError, OSError):  # a system that does not know this limit
        resource.setrlimit(kind, (value, above))


def _read_payload() -> bytes:
    (length,) = _HEAD.unpack(_read_exactly(_HEAD.size))
    return _read_exactly(length)


def _read_exactly(length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        block = os.read(0, min(_BLOCK, length - len(found)))
        if not block:
            os._exit(_FAILED_EXIT)
        found += block
    return bytes(found)


def _end_with_parent() -> None:
    """Ends this process, and what it has started, once nobody waits for it any more."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


def _teller(told: int) -> Callable[[str], None]:
    def tell(line: str) -> None:
        text = " ".join(line.split())[:_LONGEST_LINE]
        os.write(told, f" {text}\n".encode())

    return tell


def _account_of(error: BaseException) -> str:
    """Where it broke down, without the message: that could quote what was in a file."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = (f"{Path(frame.filename).stem}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} at {' < '.join(reversed(list(places)))}"[:2_000]
