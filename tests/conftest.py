"""What every test stands on: the database DATABASE_URL names, a fixed clock, no network, one way to clean up."""

import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from indicators import bounded, charts
from indicators.models import Partnership, User
from partnership import clock
from tests import builders, jobs
from tests.figures import validated_script
from tests.migrated import migrate_once

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
IS_SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
NO_POSTGRES = (
    "needs PostgreSQL: install it (apt-get install postgresql), start one, and set "
    "DATABASE_URL=postgres://user@host/name"
)
NO_PANGO = "needs Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
NO_OFFICE = "needs LibreOffice: apt-get install --no-install-recommends libreoffice-calc-nogui"
NO_POPPLER = "needs pdfinfo of Poppler: apt-get install poppler-utils"
NO_CHROMIUM = "needs Chromium: apt-get install chromium, or set CHROMIUM to the path of one"

_common = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}
settings.register_profile("suite", derandomize=True, database=None, max_examples=50, **_common)
settings.register_profile("soak", max_examples=2_000, print_blob=True, **_common)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


# What the machine may lack


def chromium_path() -> str | None:
    """Where a Chromium is that journeys can drive: the one that CHROMIUM names, or one on the path."""
    named = os.environ.get("CHROMIUM")
    if named and Path(named).exists():
        return named
    # The one without windows takes less of the processor.
    found = (shutil.which(name) for name in ("chromium-headless-shell", "chromium", "chromium-browser"))
    return next(filter(None, found), None)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """`-n auto`: half as many again as there are cores; a worker waits for Chromium and PostgreSQL much of its time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + cores // 2


def pytest_configure(config: pytest.Config) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        # So few children may read files at once on one machine: each worker counts its own, in a folder of its own.
        own = tempfile.mkdtemp(prefix=f"tests-{worker}-")
        os.environ["TMPDIR"] = tempfile.tempdir = own
        config.add_cleanup(lambda: shutil.rmtree(own, ignore_errors=True))
    config.addinivalue_line("markers", "postgresql: needs PostgreSQL, such as two writers at once")
    config.addinivalue_line("markers", "pango: writes a PDF")
    config.addinivalue_line("markers", "office: opens a file in LibreOffice")
    config.addinivalue_line("markers", "poppler: has a PDF read by Poppler")
    config.addinivalue_line(
        "markers",
        "once: of the demonstration, the way to a schema or how many queries a large page asks, not of an engine; CI "
        "runs it on SQLite alone",
    )
    config.addinivalue_line("markers", "long: takes ten seconds and more; begun first")
    config.addinivalue_line("markers", "soak: takes long and tells little more; with HYPOTHESIS_PROFILE=soak alone")
    config.addinivalue_line("markers", "no_database: set by itself on what touches no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what only a soak runs. Marks what touches no database: it comes out the same on every engine, so one
    of CI's two runs is enough; tests of pages run once as well (decision 85). What takes long is begun first, so that
    at the end no worker is waited for."""
    if not IS_SOAK:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("soak")])
        items[:] = [item for item in items if not item.get_closest_marker("soak")]
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if item.path.stem.endswith(("_page", "_pages")):
            item.add_marker("once")
        names = set(getattr(item, "fixturenames", ()))
        asks = item.get_closest_marker("django_db") or item.get_closest_marker("postgresql")
        in_case = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
        if not asks and not in_case and not names & {"db", "transactional_db", "live_server"}:
            item.add_marker("no_database")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what cannot run here, with the reason; with REQUIRE_ALL=1 it fails instead."""
    lacking = []
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        lacking.append(NO_POSTGRES)
    if item.get_closest_marker("browser") and chromium_path() is None:
        lacking.append(NO_CHROMIUM)
    if item.get_closest_marker("pango") and find_library("pangoft2-1.0") is None:
        lacking.append(NO_PANGO)
    if item.get_closest_marker("office") and shutil.which("soffice") is None:
        lacking.append(NO_OFFICE)
    if item.get_closest_marker("poppler") and shutil.which("pdfinfo") is None:
        lacking.append(NO_POPPLER)
    if lacking and REQUIRE_ALL:
        pytest.fail("; ".join(lacking), pytrace=False)
    if lacking:
        pytest.skip("; ".join(lacking))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each thing that the machine lacks: how many tests were skipped for it, and how to get it."""
    reasons = [str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])]
    for lacking in (NO_POSTGRES, NO_CHROMIUM, NO_PANGO, NO_OFFICE, NO_POPPLER):
        number = sum(lacking in reason for reason in reasons)
        if number:
            terminalreporter.write_line(f"SKIPPED {number} tests: {lacking}; REQUIRE_ALL=1 makes this a failure.")


# Time and network


@pytest.fixture
def now() -> datetime:
    """The moment of every test: 7 July 2022, ten o'clock in London."""
    return builders.NOW


@pytest.fixture
def today() -> date:
    """The day of every test."""
    return builders.TODAY


@pytest.fixture(autouse=True)
def _fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuses every connection that leaves this machine."""
    really = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test tried to reach {address[0]}.")
        really(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


# What takes long


@pytest.fixture(autouse=True, scope="session")
def _small_numbers_are_protected_here() -> Iterator[None]:
    """Protects small numbers without a child, which hundreds of tests would start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded, "stream", jobs.here)
        yield


@pytest.fixture
def in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small numbers are protected in a child, as in use."""
    monkeypatch.setattr(bounded, "stream", jobs.in_a_child)


# Cleaning up


@pytest.fixture(autouse=True, scope="session")
def _figures_are_valid() -> Iterator[None]:
    """Has plotly validate every figure that a page sends: the service itself does not, page by page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "figure_script", validated_script)
        yield


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers() -> Iterator[None]:
    """Tests that commit are cleaned up by emptying every table that has rows, which the protecting triggers refuse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: builders.emptied())
        yield


@pytest.fixture(scope="session")
def _migrated_once() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.management.call_command", migrate_once)
        yield patch


@pytest.fixture(scope="session")
def django_db_setup(
    _migrated_once: pytest.MonkeyPatch, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:  # fmt: skip
    """The test database: on SQLite a copy of one that was migrated before. Who is still connected at the end, such as a
    server that was killed, does not keep it from being removed."""
    _migrated_once.undo()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


# Shared starting points


@pytest.fixture
def partnership(db: None) -> Partnership:
    """The one partnership of most tests."""
    return builders.a_partnership()


@pytest.fixture
def real(db: None) -> Partnership:
    """The real figures of the two judged scorecards, loaded through the application's own import."""
    return builders.the_real_figures(FIXTURES / "doncaster")


@pytest.fixture
def whole(db: None) -> Partnership:
    """Everything that the demonstration loads: the real figures of every area."""
    return builders.the_real_figures(FIXTURES / "doncaster", with_areas=True)


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """A browser in which that person is signed in."""
    return builders.a_browser
