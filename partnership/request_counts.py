"""How many requests the web processes of one server answered, how long they took and how many failed, since it started.

Each process writes its own file, once a second at most, and whoever asks adds them up; the files lie together by the
process that started them all, so that what a worker counted stays when it is replaced, and counting begins anew when
the server does. Nothing of who asked, and no address: the pattern of the address alone.
"""

import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from partnership.leftovers import folder_of, is_ours, remove_leftovers

# Upper limits in seconds; what takes longer is counted under all.
BUCKETS = ("0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10")
_LIMITS = tuple(int(part.partition(".")[0]) * 1_000 + int(f"{part.partition('.')[2]:0<3}") for part in BUCKETS)
_EVERY_SECONDS = 1
_PREFIX = "partnership-performance-counts-"


@dataclass
class Counts:
    """Requests by method, pattern and status, milliseconds by pattern, and requests by how long they took."""

    requests: dict[tuple[str, str, int], int] = field(default_factory=lambda: defaultdict(int))
    milliseconds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))

    def add(self, method: str, pattern: str, status: int, milliseconds: int) -> None:
        """Counts one request."""
        self.requests[(method, pattern, status)] += 1
        self.milliseconds[pattern] += milliseconds
        self.buckets[next((n for n, limit in enumerate(_LIMITS) if milliseconds <= limit), len(_LIMITS))] += 1

    def include(self, other: "Counts") -> None:
        """Adds what another process counted."""
        for key, number in other.requests.items():
            self.requests[key] += number
        for pattern, spent in other.milliseconds.items():
            self.milliseconds[pattern] += spent
        self.buckets = [one + more for one, more in zip(self.buckets, other.buckets, strict=True)]

    @property
    def errors(self) -> int:
        """How many requests were answered with 500 or above."""
        return sum(number for (_, _, status), number in self.requests.items() if status >= 500)

    def written(self) -> str:
        """As its file holds it."""
        rows = [[*key, number] for key, number in self.requests.items()]
        return json.dumps({"requests": rows, "milliseconds": self.milliseconds, "buckets": self.buckets})


def read_counts(text: str) -> Counts:
    """Counts as `written` wrote them. Raises ValueError, KeyError or TypeError for anything else."""
    raw, found = json.loads(text), Counts()
    for method, pattern, status, number in raw["requests"]:
        found.requests[(str(method), str(pattern), int(status))] = int(number)
    found.milliseconds.update({str(name): int(spent) for name, spent in raw["milliseconds"].items()})
    found.buckets = [int(number) for number in raw["buckets"]]
    return found


class Tally:
    """What this process counts, and where it and its siblings keep it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or folder_of(_PREFIX, os.getppid())
        self._lock, self._counts, self._owner = threading.Lock(), Counts(), 0
        self._written = 0.0

    def add(self, method: str, pattern: str, status: int, milliseconds: int) -> None:
        """Counts one request; a disk that is full keeps nobody from an answer."""
        with self._lock:
            if self._owner != os.getpid():  # the first request after the process was made
                self._owner, self._counts = os.getpid(), Counts()
                remove_leftovers(_PREFIX)
            self._counts.add(method, pattern, status, milliseconds)
            if time.monotonic() - self._written >= _EVERY_SECONDS:
                self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            if not is_ours(self._folder):
                return
            half = self._folder / f"{os.getpid()}.half"
            half.write_text(self._counts.written(), encoding="utf-8")
            half.replace(self._folder / f"{os.getpid()}.json")

    def of_all(self) -> Counts:
        """What all processes of this server counted."""
        with self._lock:
            if self._owner == os.getpid():
                self._write()
        total = Counts()
        for path in sorted(self._folder.glob("*.json")) if is_ours(self._folder) else ():
            with suppress(OSError, ValueError, KeyError, TypeError):
                total.include(read_counts(path.read_text(encoding="utf-8")))
        return total


# As Prometheus reads it


@dataclass(frozen=True)
class Metric:
    """One measure: its name, what it is, whether it only grows, and its values by labels."""

    name: str
    meaning: str
    kind: str
    values: tuple[tuple[Mapping[str, str], int | str], ...]


def exposition(metrics: Iterable[Metric]) -> str:
    """Prometheus' text format."""
    lines = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.meaning}", f"# TYPE {metric.name} {metric.kind}"]
        base = metric.name
        for labels, value in metric.values:
            suffix = labels.get("", "")
            told = ",".join(f'{name}="{_quoted(text)}"' for name, text in labels.items() if name)
            lines.append(f"{base}{suffix}{{{told}}} {value}" if told else f"{base}{suffix} {value}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def seconds(milliseconds: int) -> str:
    """Milliseconds in seconds, exactly."""
    return f"{milliseconds // 1000}.{milliseconds % 1000:03d}"


def of_requests(counts: Counts) -> list[Metric]:
    """What was counted, as measures."""
    requests = tuple(
        ({"method": method, "route": route, "status": str(status)}, number)
        for (method, route, status), number in sorted(counts.requests.items())
    )
    spent = tuple(({"route": route}, seconds(ms)) for route, ms in sorted(counts.milliseconds.items()))
    grown, course = 0, []
    for limit, number in zip((*BUCKETS, "+Inf"), counts.buckets, strict=True):
        grown += number
        course.append(({"": "_bucket", "le": limit}, grown))
    total = sum(counts.milliseconds.values())
    return [
        Metric("partnership_requests_total", "Requests answered since the start.", "counter", requests),
        Metric("partnership_request_route_seconds_total", "Seconds spent answering, by route.", "counter", spent),
        Metric(
            "partnership_request_seconds", "How long requests took.", "histogram",
            (*course, ({"": "_sum"}, seconds(total)), ({"": "_count"}, grown)),
        ),
        Metric("partnership_errors_total", "Requests answered with 500 or above.", "counter", (({}, counts.errors),)),
    ]  # fmt: skip
