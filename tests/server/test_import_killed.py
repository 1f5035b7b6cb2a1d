"""An import of official figures is killed between two blocks: what was in use still is, and the next one clears up."""

from pathlib import Path

import pytest

from indicators.models import BenchmarkImport, BenchmarkSet, BenchmarkValue
from tests.builders import benchmarks as b
from tests.server.conftest import Story
from tests.servers import PATIENCE, Process

LONG = 3 * PATIENCE  # a process is started, which starts another

pytestmark = pytest.mark.django_db  # so that the seed's database is made; the test uses a copy of it


def command(story: Story, path: Path, **environment: str) -> Process:
    """The import of a file in a process of its own."""
    given = ["manage.py", "import_benchmarks", "--skip-checks", str(path)]
    return Process(given, database=story.database.url, log=path.with_suffix(".log"), **environment)


def held() -> tuple[list[str], int, int]:
    """The files in use, the values in use, and all that is written."""
    files = list(BenchmarkSet.objects.values_list("current__file_name", flat=True))
    read = BenchmarkValue.objects.filter(source_import__current_of__isnull=False).count()
    return files, read, BenchmarkValue.objects.count()


def test_import_when_killed_in_the_middle_then_the_old_one_is_in_use_and_the_same_command_succeeds(
    story: Story, tmp_path: Path
) -> None:
    old, new = tmp_path / "c1_children_in_need_referrals_old.csv", tmp_path / "c1_children_in_need_referrals_new.csv"
    old.write_bytes(b.a_c1_file())
    (path,) = b.FOLDER.glob("c1*.csv")
    new.write_bytes(path.read_bytes())
    assert command(story, old).ended(LONG) == 0
    assert story.database.ask(held) == ([old.name], 24, 24)

    # A block of 1,000 values goes in in ten statements: halt in the second block.
    process = command(story, new, HALT_AFTER="indicators_benchmarkvalue", HALT_TIMES="11")
    process.wait_until_halted(LONG)
    process.kill()
    assert story.database.ask(held) == ([old.name], 24, 24 + 1_000)

    assert command(story, new).ended(LONG) == 0
    assert story.database.ask(held) == ([new.name], 1_845, 1_845)
    assert story.database.ask(lambda: list(BenchmarkImport.objects.values_list("number", "values_held"))) == [
        (2, 1_845),
        (1, 24),
    ]
