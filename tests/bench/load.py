"""Many people read and save at once while PostgreSQL is stopped, as by a power cut, and started again: is a confirmed
save missing, is anything half-written, what are people told, and how long do they wait?

    load.py [SECONDS [READERS [ANALYSTS [SLOWER]]]]

SLOWER: how many times longer people think, for a machine that others use at the same time.

gunicorn as installed, with two workers, over a PostgreSQL of its own that writes to disk; people and servers share the
machine. Prints a table; fails when a confirmed save is missing, something is half-written, or anybody was told anything
else than the page for it.
"""

import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from http.client import HTTPException
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

    def begin(address: str) -> None:
        """Makes this process one of the project on that database."""
        os.environ["DATABASE_URL"] = address
        django.setup()


AWAY_WORDS = b"The service cannot answer now"
TRACE = b"Traceback (most recent call last)"
LINES, TOGETHER, IN_A_GROUP = 40, 7, 5
DEFAULTS = (300, 200, 20, 1)


@dataclass(frozen=True)
class Plan:
    """How many people, for how many seconds, how long each thinks before the next page (a mean, in seconds), for how
    many seconds PostgreSQL is away in the middle, and how many pages one person reads alone before."""

    seconds: float = 300
    readers: int = 200
    analysts: int = 20
    reader_thinks: float = 60
    analyst_thinks: float = 30
    away: float = 15
    alone: int = 25


@dataclass
class Analyst:
    """Who enters figures: `lines` are theirs alone; all but the last are saved together, the last by itself."""

    session: str
    entry: str
    cell: str
    lines: list[int]
    together: "Saves" = field(default_factory=lambda: Saves())
    alone: "Saves" = field(default_factory=lambda: Saves())


@dataclass
class Saves:
    """Numbers that were sent, each once and each greater than the one before, and those that were confirmed."""

    sent: list[int] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)

    def next(self) -> int:
        self.sent.append(len(self.sent) + 1)
        return self.sent[-1]

    def wrong(self, held: int, times: int) -> str:
        """What is wrong with the number held in the database after it was written so many times; empty if nothing."""
        last = self.confirmed[-1] if self.confirmed else 0
        if held < last:
            return f"{held} is held, {last} was confirmed after it"
        if held > last and held not in self.sent:
            return f"{held} is held, which nobody sent"
        if not len(self.confirmed) <= times <= len(self.sent):
            return f"written {times} times, {len(self.confirmed)} saves of {len(self.sent)} were confirmed"
        return ""


@dataclass(frozen=True)
class World:
    """Who there is, and the pages that are read."""

    readers: list[str]
    analysts: list[Analyst]
    pages: list[str]


@dataclass(frozen=True)
class Answer:
    """What came of one request: when it was asked, of which kind it was, its status (0: none), and the seconds."""

    at: float
    kind: str
    status: int
    seconds: float
    said: str = ""


@dataclass
class Found:
    """All that was measured."""

    alone: list[Answer] = field(default_factory=list)
    together: list[Answer] = field(default_factory=list)
    stopped: float = 0
    started: float = 0

    def recovered(self) -> float:
        """Seconds from the start of PostgreSQL to the last request that was still told it is away."""
        last = [a.at + a.seconds for a in self.together if a.status == 503]
        return max(0.0, max(last, default=self.started) - self.started)

    def unsound(self) -> list[str]:
        """What nobody may be told: a failure, no answer, or that the database is away while it is not. A file that was
        on its way when PostgreSQL ended breaks off, as it must."""
        return [
            f"{a.kind}: {a.status or 'no answer'} {a.said}".strip()
            for a in self.alone + self.together
            if not self._is_of_the_outage(a) and (a.said or a.status not in {200, 302})
        ]

    def _is_of_the_outage(self, answer: Answer) -> bool:
        ended = answer.at + answer.seconds
        if ended < self.stopped or answer.at > self.started + 10:
            return False
        return (answer.status == 503 and not answer.said) or answer.said == "IncompleteRead"

    def times(self, answers: Sequence[Answer], kind: str) -> list[float]:
        """Milliseconds of the answers of a kind (empty: of all) that were not of the outage."""
        until = self.started + self.recovered()
        sound = [a for a in answers if a.status in {200, 302} and a.kind.startswith(kind)]
        return sorted(a.seconds * 1000 for a in sound if not self.stopped - 1 <= a.at + a.seconds <= until + 1)


def a_world(plan: Plan) -> World:
    """Makes scorecards with a history, open returns of them, and the people."""
    from django.test import Client
    from django.urls import reverse

    from indicators.roles import Role
    from tests import builders as b
    from tests.indicators.return_pages import address

    def session(user: Any) -> str:
        client = Client()
        client.force_login(user)
        return str(client.cookies["sessionid"].value)

    pages = [reverse(name, args=["northshire"]) for name in ("home", "packs")]
    analysts: list[Analyst] = []
    while len(analysts) < plan.analysts:
        card = b.a_scorecard(LINES, code=f"load-{len(analysts) // IN_A_GROUP + 1}")
        b.a_history(card, 8)
        row = b.a_return(card, b.Q4.next())
        lines = list(card.lines.order_by("order").values_list("pk", flat=True))
        pages += [reverse("scorecard", args=["northshire", card.code])] * 3
        pages += [reverse("indicator", args=["northshire", f"{card.code}-{n}"]) for n in range(1, LINES, 10)]
        pages.append(reverse("scorecard_csv", args=["northshire", card.code]))
        for n in range(min(IN_A_GROUP, plan.analysts - len(analysts))):
            own = lines[n * (TOGETHER + 1) : (n + 1) * (TOGETHER + 1)]
            user = b.a_user(Role.ANALYST, partner=row.partner)
            analysts.append(Analyst(session(user), address("return_entry", row), address("return_cell", row), own))
    readers = [session(b.a_user(Role.BOARD_MEMBER)) for _ in range(plan.readers)]
    return World(readers, analysts, pages)


def missing(world: World) -> list[str]:
    """What the database holds otherwise than the analysts were told; asked once the load is over."""
    from indicators.models import DraftCell, ScorecardLine

    series = dict(ScorecardLine.objects.values_list("pk", "series_id"))
    cells = {c[0]: (int(c[1]), c[2]) for c in DraftCell.objects.values_list("series_id", "numerator", "version")}
    wrong = []
    for number, analyst in enumerate(world.analysts, 1):
        held = [cells.get(series[pk], (0, 0)) for pk in analyst.lines]
        if len(set(held[:-1])) > 1:
            wrong.append(f"analyst {number}: half-written, {held[:-1]}")
        for saves, cell in ((analyst.together, held[0]), (analyst.alone, held[-1])):
            if words := saves.wrong(*cell):
                wrong.append(f"analyst {number}: {words}")
    return wrong


# What people do

_BOX = re.compile(
    rb'<input\b([^>]*)>|<select\b([^>]*)>(.*?)</select>|<textarea\b([^>]*)>\n?(.*?)</textarea>', re.DOTALL
)  # fmt: skip
_NAME, _VALUE = re.compile(rb'\bname="([^"]*)"'), re.compile(rb'\bvalue="([^"]*)"')
_CHOSEN = re.compile(rb'<option\b[^>]*?value="([^"]*)"[^>]*\bselected')


def form_of(page: bytes) -> dict[str, str]:
    """The fields of the entry grid as a browser would send them, found quickly: the servers want the machine."""
    grid = page[page.index(b'id="entry"') :]
    found: dict[str, str] = {}
    for one in _BOX.finditer(grid):
        attributes = one[1] or one[2] or one[4] or b""
        name = _NAME.search(attributes)
        if name is None or re.search(rb'type="(checkbox|radio|file)"', attributes):
            continue
        value = _VALUE.search(attributes) if one[1] else _CHOSEN.search(one[3]) if one[2] else None
        found[name[1].decode()] = unescape((one[5] if one[4] is not None else value[1] if value else b"").decode())
    return found


class Person:
    """Somebody at a browser, who notes what came back and how long it took."""

    def __init__(self, session: str, port: Any, note: Callable[[Answer], None]) -> None:
        from tests.server.conftest import Browser

        self._browser, self._server, self._note = Browser(session), port, note

    def ask(self, kind: str, path: str, fields: dict[str, str] | None = None) -> Any:
        """Opens an address, or sends a form there; the page, None where none came."""
        at = time.monotonic()
        try:
            if fields is None:
                page = self._browser.get(self._server, path)
            else:
                page = self._browser.post(self._server, path, fields)
        except (OSError, HTTPException) as error:
            self._note(Answer(at, kind, 0, time.monotonic() - at, type(error).__name__))
            return None
        said = ""
        if TRACE in page.content:
            said = "a trace"
        elif page.status == 503 and AWAY_WORDS not in page.content:
            said = "not the page for it"
        self._note(Answer(at, kind, page.status, time.monotonic() - at, said))
        return page

    def read(self, path: str) -> None:
        """Reads a page."""
        self.ask("read", path)

    def save(self, analyst: Analyst) -> None:
        """Opens the grid, saves most of the own lines together with Save, then the last as the page's script does."""
        page = self.ask("open the grid", analyst.entry)
        if page is None or page.status != 200:
            return
        form = form_of(page.content)
        number = analyst.together.next()
        for pk in analyst.lines[:-1]:
            form |= {f"c-{pk}-numerator": str(number), f"c-{pk}-denominator": "1000"}
        page = self.ask("save all", analyst.entry, form)
        if page is not None and page.status == 302:
            analyst.together.confirmed.append(number)
        pk, number = analyst.lines[-1], analyst.alone.next()
        own = {name: value for name, value in form.items() if name.startswith(f"c-{pk}-")}
        own |= {f"c-{pk}-numerator": str(number), f"c-{pk}-denominator": "1000", "line": str(pk)}
        own["csrfmiddlewaretoken"] = form["csrfmiddlewaretoken"]
        page = self.ask("save one", analyst.cell, own)
        if page is not None and page.status == 200 and b'"base"' in page.content:
            analyst.alone.confirmed.append(number)


def load(world: World, server: Any, plan: Plan, stop: Callable[[], None], start: Callable[[], None]) -> Found:
    """One person alone, then all at once; PostgreSQL is stopped in the middle and started again."""
    found, lock = Found(), threading.Lock()

    def note(to: list[Answer], answer: Answer) -> None:
        with lock:
            to.append(answer)

    alone = partial(note, found.alone)
    first = Person(world.analysts[0].session, server, lambda _: None)
    for path in (*dict.fromkeys(world.pages), world.analysts[0].entry):  # what a worker reads once
        for _ in range(2):
            first.read(path)
    reader = Person(world.readers[0], server, alone)
    for path in (world.pages * plan.alone)[: plan.alone]:
        reader.read(path)
    analyst = Person(world.analysts[0].session, server, alone)
    for _ in range(plan.alone // 5):
        analyst.save(world.analysts[0])

    end = time.monotonic() + plan.seconds

    def lives(work: Callable[[Person, Random], None], session: str, thinks: float, seed: int) -> None:
        person, random = Person(session, server, partial(note, found.together)), Random(seed)  # noqa: S311
        wait = random.uniform(0, thinks)
        while time.monotonic() + wait < end:
            time.sleep(wait)
            work(person, random)
            wait = random.uniform(0.5, 1.5) * thinks

    people = [
        threading.Thread(
            target=lives, args=(lambda p, r: p.read(r.choice(world.pages)), session, plan.reader_thinks, seed)
        )
        for seed, session in enumerate(world.readers)
    ] + [
        threading.Thread(target=lives, args=(lambda p, _, a=a: p.save(a), a.session, plan.analyst_thinks, -seed))
        for seed, a in enumerate(world.analysts, 1)
    ]
    for person in people:
        person.start()
    time.sleep(plan.seconds / 2)
    found.stopped = time.monotonic()
    stop()
    time.sleep(plan.away)
    start()
    found.started = time.monotonic()
    for person in people:
        person.join()
    return found


# What is printed


def table(found: Found, world: World, plan: Plan) -> str:
    """Times in milliseconds, and what came of the saves."""
    lines = [f"{'':<16}{'requests':>9}{'p50':>8}{'p95':>8}{'p99':>8}{'p50 alone':>11}{'p99 / p50 alone':>17}"]
    for words, kind in (("reading", "read"), ("opening the grid", "open"), ("saving", "save"), ("all", "")):
        times, alone = found.times(found.together, kind), found.times(found.alone, kind)
        if len(times) < 2 or not alone:
            continue
        cut = statistics.quantiles(times, n=100, method="inclusive")
        one = statistics.median(alone)
        shares = "".join(f"{cut[n - 1]:>8.0f}" for n in (50, 95, 99))
        lines.append(f"{words:<16}{len(times):>9,}{shares}{one:>11.0f}{cut[98] / one:>17.1f}")
    saves = [s for a in world.analysts for s in (a.together, a.alone)]
    told = sum(a.status == 503 for a in found.together)
    lines += [
        "",
        f"{sum(len(s.sent) for s in saves):,} saves sent, {sum(len(s.confirmed) for s in saves):,} confirmed; "
        f"{told} requests of the outage of {plan.away:.0f} s were told so",
        f"the last of them {found.recovered():.1f} s after PostgreSQL answered again; no process was started anew",
    ]
    return "\n".join(lines)


def main() -> int:
    seconds, readers, analysts, slower, *_ = [*map(float, sys.argv[1:]), *DEFAULTS[len(sys.argv) - 1 :]]
    plan = Plan(
        seconds, int(readers), int(analysts), Plan.reader_thinks * slower, Plan.analyst_thinks * slower
    )  # fmt: skip
    from tests import servers

    with servers.postgresql(is_durable=True) as database, tempfile.TemporaryDirectory() as folder:
        if database is None:
            print("Load: not measured, because PostgreSQL is not installed.")
            return 0
        begin(database.address())
        from django.core.management import call_command
        from django.db import connections

        from tests import builders

        call_command("migrate", verbosity=0)
        world = a_world(plan)
        connections.close_all()
        server = servers.Gunicorn(
            workers=2, database=database.address(), log=Path(folder) / "log",
            DEMO_TODAY=builders.TODAY.isoformat(),
        )  # fmt: skip
        workers = server.workers()
        try:
            print(
                f"{plan.readers} readers (a page every {plan.reader_thinks:.0f} s) and {plan.analysts} analysts (two "
                f"saves every {plan.analyst_thinks:.0f} s) for {plan.seconds:.0f} s; {len(workers)} workers, "
                f"{os.cpu_count()} cores, load of the machine before {os.getloadavg()[0]:.1f}\n",
                flush=True,
            )
            found = load(world, server, plan, partial(database.stop, "immediate"), database.start)
            wrong = found.unsound() + missing(world)
            if server.workers() != workers:
                wrong.append("a worker was started anew")
        finally:
            server.kill()
        connections.close_all()
    print(table(found, world, plan), end="\n\n")
    print("\n".join(f"{number} × {words}" for words, number in Counter(wrong).most_common(20)) or "nothing is missing")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
