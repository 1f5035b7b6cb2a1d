"""An import of official figures is killed between two blocks: what was in use still is, and the next one clears up."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicators.models import BenchmarkImport, BenchmarkSet, BenchmarkValue
from tests.builders import benchmarks as b
from tests.server.conftest import PATIENCE, ROOT, Story

LONG = 3 * PATIENCE  # a process is started, which starts another

pytestmark = pytest.mark.django_db  # so that the seed's database is made; the test uses a copy of it


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def command(story: Story, path: Path, **environment: str) -> "subprocess.Popen[bytes]":
    """The import of a file in a process of its own."""
    known = {"DJANGO_SETTINGS_MODULE": "tests.server.settings", "DATABASE_URL": story.database.url}
    passed = [int(environment["HALT_PIPE"])] if "HALT_PIPE" in environment else []
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_benchmarks", "--skip-checks", str(path)],
        cwd=ROOT, env=os.environ | known | environment, stdout=subprocess.DEVNULL, pass_fds=passed,
    )  # fmt: skip


def held() -> tuple[list[str], int, int]:
    """The files in use, the values in use, and all that is written."""
    files = list(BenchmarkSet.objects.values_list("current__file_name", flat=True))
    read = BenchmarkValue.objects.filter(source_import__current_of__isnull=False).count()
    return files, read, BenchmarkValue.objects.count()


def test_import_when_killed_in_the_middle_then_the_old_one_is_in_use_and_the_same_command_succeeds(
    story: Story, tmp_path: Path, pipe: tuple[int, int]
) -> None:
    old, new = tmp_path / "c1_children_in_need_referrals_old.csv", tmp_path / "c1_children_in_need_referrals_new.csv"
    old.write_bytes(b.a_c1_file())
    (path,) = b.FOLDER.glob("c1*.csv")
    new.write_bytes(path.read_bytes())
    assert command(story, old).wait(timeout=LONG) == 0
    assert story.database.ask(held) == ([old.name], 24, 24)

    # A block of 1,000 values goes in in ten statements: halt in the second block.
    process = command(story, new, HALT_AFTER="indicators_benchmarkvalue", HALT_TIMES="11", HALT_PIPE=str(pipe[1]))
    try:
        assert select.select([pipe[0]], [], [], LONG)[0], "It never came to its second block."
    finally:
        process.kill()
        process.wait(timeout=LONG)
    assert story.database.ask(held) == ([old.name], 24, 24 + 1_000)

    assert command(story, new).wait(timeout=LONG) == 0
    assert story.database.ask(held) == ([new.name], 1_845, 1_845)
    assert story.database.ask(lambda: list(BenchmarkImport.objects.values_list("number", "values_held"))) == [
        (2, 1_845),
        (1, 24),
    ]
