"""Jobs that the tests of the bounded child give it: sound ones, and every way of misbehaving."""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

Tell = Callable[[str], None]


def backwards(payload: bytes, tell: Tell) -> bytes:
    """The bytes from last to first, told in two lines."""
    tell("Reading")
    tell(f"{len(payload)} bytes")
    os.write(1, b"a library that prints")
    return payload[::-1]


def surroundings(payload: bytes, tell: Tell) -> bytes:
    """What the child can see and use."""
    limits = {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in ("AS", "CPU", "FSIZE")}
    try:
        Path(payload.decode()).write_bytes(b"anything")
        wrote = True
    except OSError:
        wrote = False
    found = {
        "environment": sorted(os.environ),
        "folder": os.getcwd(),
        "modules": sorted({name.split(".")[0] for name in sys.modules}),
        "limits": limits,
        "wrote": wrote,
        "locks": sum(os.readlink(path).endswith(".lock") for path in Path("/proc/self/fd").iterdir() if path.exists()),
        "arguments": sys.argv,
    }
    return json.dumps(found).encode()


def sleeps(payload: bytes, tell: Tell) -> bytes:
    """Tells its number and sleeps; `payload`: seconds."""
    tell(str(os.getpid()))
    time.sleep(int(payload or b"60"))
    return b"slept"


def sleeps_with_child(payload: bytes, tell: Tell) -> bytes:
    """Starts a process of its own, tells both numbers and sleeps."""
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    tell(f"{os.getpid()} {other.pid}")
    time.sleep(60)
    return b""


def spins(payload: bytes, tell: Tell) -> bytes:
    """Uses processor time for ever."""
    while True:
        pass


def hoards(payload: bytes, tell: Tell) -> bytes:
    """Takes memory for ever."""
    held = []
    while True:
        held.append(bytearray(8 * 1024 * 1024))


def talks_without_end(payload: bytes, tell: Tell) -> bytes:
    """An answer of as many bytes as the payload names."""
    return b"x" * int(payload)


def tells_without_end(payload: bytes, tell: Tell) -> bytes:
    """Far too many lines, each far too long."""
    for number in range(20_000):
        tell(f"{number} " + "x" * 2_000)
    return b"done"


def breaks(payload: bytes, tell: Tell) -> bytes:
    """Fails with a message that quotes what it was given."""
    raise KeyError(payload.decode())


def dies(payload: bytes, tell: Tell) -> bytes:
    """Is killed from outside."""
    os.kill(os.getpid(), 9)
    return b""


def leaves(payload: bytes, tell: Tell) -> bytes:
    """Ends in the middle of its answer without a word."""
    threading.Timer(0.05, lambda: os._exit(0)).start()
    raise SystemExit(3)


def is_deaf(payload: bytes, tell: Tell) -> bytes:
    """Closes its ends of the pipes and sleeps on."""
    tell(str(os.getpid()))
    os.closerange(0, 64)
    time.sleep(60)
    return b""
