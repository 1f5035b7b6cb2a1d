"""The bounded child: what it sees, what it may use, how it ends, and how many there are at once."""

import importlib
import inspect
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from indicators import bounded
from indicators.bounded import JOBS, Busy, Failed, Limits, TooLarge, TooSlow, run, stream

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = "tests.indicators.bounded_jobs"


@pytest.fixture(autouse=True)
def own_slots(tmp_path, monkeypatch):
    """Places of this test alone, whatever else runs on the machine."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def job(monkeypatch):
    """Makes one of the test's jobs known, with its limits."""

    def named(name: str, **limits: int) -> str:
        monkeypatch.setitem(JOBS, f"{HERE}:{name}", Limits(**limits))
        return f"{HERE}:{name}"

    return named


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not fetched yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def ends(pid: int, seconds: float = 5.0) -> bool:
    """Whether a process has ended before the time is over."""
    for _ in range(int(seconds / 0.02)):
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


def held_slots() -> int:
    """How many places are taken."""
    found = 0
    for path in bounded.slot_paths():
        if path.exists():
            code = "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)"
            found += subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True).returncode != 0
    return found


# What goes in and comes out


@pytest.mark.parametrize("size", [0, 1, 65_536, 5_000_000])
def test_run_when_bytes_go_in_then_the_answer_comes_out_and_progress_is_told(job, size):
    payload = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
    told: list[str] = []
    assert run(job=job("backwards"), payload=payload, told=told.append) == payload[::-1]
    assert told == ["Reading", f"{size} bytes"]
    assert held_slots() == 0


def test_run_when_places_are_left_to_others_then_they_stay_free_and_others_take_them(job):
    backwards = job("backwards")
    with bounded._slot(0, 1):
        with pytest.raises(Busy):
            run(job=backwards, payload=b"ab", patience=0, leaves=1)
        assert run(job=backwards, payload=b"ab", patience=0) == b"ba"


def test_run_when_the_job_is_not_listed_then_nothing_is_started():
    with pytest.raises(ValueError, match="is not a job"):
        run(job="os:system", payload=b"")


def test_jobs_when_listed_then_each_is_a_function_of_a_module_that_is_there():
    assert JOBS
    for name in JOBS:
        module, _, function = name.partition(":")
        found = getattr(importlib.import_module(module), function)
        assert list(inspect.signature(found).parameters) == ["payload", "tell"]


def test_child_when_it_looks_around_then_it_sees_no_secret_no_settings_and_writes_nothing(job, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    file = tmp_path / "written"
    name = job("surroundings", memory=300 * 1024 * 1024, processor=7)
    found = json.loads(run(job=name, payload=str(file).encode()))
    assert set(found["environment"]) <= {"LC_ALL", "TZ", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}
    assert "django" not in found["modules"]
    assert "partnership" not in found["modules"]
    assert found["folder"] == "/"
    assert found["limits"] == {"AS": 300 * 1024 * 1024, "CPU": 7, "FSIZE": 0}
    assert found["wrote"] is False
    assert found["locks"] == 1, "its place is taken for as long as it lives"
    assert not file.exists() or file.read_bytes() == b""
    assert "secret" not in json.dumps(found["arguments"])


# How it ends


def test_run_when_it_takes_too_long_then_it_is_ended_and_a_sentence_says_so(job):
    lines = stream(job=job("sleeps", wait=1), payload=b"60")
    pid = int(next(lines))
    with pytest.raises(TooSlow, match=r"^This took longer than 1 seconds"):
        next(lines)
    assert not is_alive(pid)
    assert held_slots() == 0


def test_run_when_processor_time_is_used_up_then_it_is_ended(job):
    with pytest.raises(TooSlow):
        run(job=job("spins", processor=1, wait=20), payload=b"")


def test_run_when_memory_is_used_up_then_it_is_ended(job):
    with pytest.raises(TooLarge, match="more memory"):
        run(job=job("hoards", memory=200 * 1024 * 1024), payload=b"")


def test_run_when_the_answer_is_larger_than_allowed_then_it_is_refused(job):
    assert len(run(job=job("talks_without_end", answer=1_000), payload=b"1000")) == 1_000
    with pytest.raises(TooLarge):
        run(job=job("talks_without_end", answer=1_000), payload=b"1001")


def test_run_when_progress_never_stops_then_only_so_much_is_passed_on(job):
    told: list[str] = []
    assert run(job=job("tells_without_end"), payload=b"", told=told.append) == b"done"
    assert len(told) == 1_000
    assert max(map(len, told)) <= 500


@pytest.mark.parametrize("name", ["breaks", "dies", "leaves"])
def test_run_when_the_child_breaks_down_then_the_person_gets_a_sentence_and_the_log_the_place(job, name, caplog):
    with pytest.raises(Failed) as failure:
        run(job=job(name), payload=b"Ann Other, 12 High Street")
    assert str(failure.value) == "This broke down, and the fault has been recorded. Nothing was changed."
    assert name in caplog.text
    assert "Ann Other" not in caplog.text
    assert ("KeyError at bounded_jobs:" in caplog.text) == (name == "breaks")


def test_run_when_the_child_lets_go_of_its_pipes_then_it_is_ended_all_the_same(job):
    lines = stream(job=job("is_deaf", wait=1), payload=b"")
    pid = int(next(lines))
    with pytest.raises(TooSlow):
        next(lines)
    assert not is_alive(pid)


def test_stream_when_it_is_left_then_the_child_and_what_it_started_end(job):
    lines = stream(job=job("sleeps_with_child"), payload=b"")
    child, grandchild = map(int, next(lines).split())
    assert is_alive(child)
    assert is_alive(grandchild)
    lines.close()
    assert ends(child)
    assert ends(grandchild)
    assert held_slots() == 0


PARENT = """
import sys, tempfile
sys.path.insert(0, sys.argv[1])
tempfile.tempdir = sys.argv[2]
from indicators import bounded
bounded.JOBS["tests.indicators.bounded_jobs:sleeps"] = bounded.Limits()
bounded.run(job="tests.indicators.bounded_jobs:sleeps", payload=b"60", told=lambda line: print(line, flush=True))
"""


def test_child_when_the_web_process_is_killed_then_it_ends_and_its_place_is_free(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(ROOT), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    assert held_slots() == 1
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    assert ends(pid)
    assert held_slots() == 0


# How many there are


def test_run_when_two_are_running_then_the_third_is_told_to_wait_and_has_its_turn_after(job):
    sleeper, quick = job("sleeps"), job("backwards")
    first, second = stream(job=sleeper, payload=b"60"), stream(job=sleeper, payload=b"60")
    next(first)
    next(second)
    with pytest.raises(Busy, match="try again"):
        run(job=quick, payload=b"abc", patience=0.1)
    first.close()
    assert run(job=quick, payload=b"abc", patience=0.0) == b"cba"
    second.close()


def test_run_when_a_place_is_free_soon_then_the_third_waits_for_it(job):
    sleeper, quick = job("sleeps"), job("backwards")
    first, second = stream(job=sleeper, payload=b"60"), stream(job=sleeper, payload=b"60")
    next(first)
    next(second)
    leaver = threading.Timer(0.3, first.close)
    leaver.start()
    assert run(job=quick, payload=b"abc", patience=10.0) == b"cba"
    leaver.join()
    second.close()


def test_slots_when_many_ask_at_once_then_two_run_and_the_others_are_told(job):
    sleeper = job("sleeps")
    outcomes: list[str] = []

    def ask() -> None:
        try:
            outcomes.append(run(job=sleeper, payload=b"1", patience=0.0).decode())
        except Busy:
            outcomes.append("busy")

    asking = [threading.Thread(target=ask) for _ in range(6)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert sorted(outcomes) == ["busy"] * 4 + ["slept"] * 2


def test_slots_when_another_put_a_link_in_the_way_then_it_is_not_followed(job, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    os.symlink(victim, bounded.slot_paths()[0])
    with pytest.raises(Failed):
        run(job=job("backwards"), payload=b"abc")
    assert victim.read_text() == "untouched"
