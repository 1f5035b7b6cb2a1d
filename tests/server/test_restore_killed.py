"""A restore is killed in the middle: the database is as it was, or as the backup has it, and the same command
succeeds."""

import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from tests.server.conftest import Story, everything
from tests.servers import PATIENCE, Process

LONG = 3 * PATIENCE

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
]  # so that the seed's database is made; the test uses a copy of it


def command(story: Story, folder: Path, *given: str, **environment: str) -> Process:
    """A command in a process of its own."""
    environment |= {"TMPDIR": str(folder)}
    return Process(["manage.py", *given], database=story.database.url, log=folder / "log", **environment)


def killed_in_the_middle(story: Story, folder: Path, *given: str) -> None:
    """PostgreSQL: when every row is there and nothing is confirmed. SQLite, where no statement puts the rows back:
    while the database of the backup is laid down beside the own."""
    if connection.vendor == "postgresql":
        process = command(story, folder, *given, HALT_AFTER="SELECT setval")
        process.wait_until_halted(LONG)
    else:
        process = command(story, folder, *given)
        until = time.monotonic() + LONG
        while not list(folder.glob("partnership-restore-*/*")):
            assert time.monotonic() < until, process.said()
    process.kill()


def test_restore_when_killed_in_the_middle_then_nothing_is_half_and_the_same_command_succeeds(
    story: Story, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    assert command(story, tmp_path, "backup", "--out", str(kept)).ended(LONG) == 0
    (file,) = kept.glob("partnership-*")
    before = story.database.ask(everything)
    story.database.tell("UPDATE indicators_user SET display_name = 'Somebody else'")
    since = story.database.ask(everything)
    assert since != before

    killed_in_the_middle(story, tmp_path, "restore", str(file), "--replace")
    found, is_signed_in = story.database.ask(everything), story.database.ask(Session.objects.exists)
    assert found in (since, before)
    assert is_signed_in == (found == since), "who was signed out since would be signed in again"
    if connection.vendor == "postgresql":
        assert found == since

    again = command(story, tmp_path, "restore", str(file), "--replace")
    assert again.ended(LONG) == 0, again.said()
    assert "0 redacted, 0 broken" in again.said()
    assert not list(tmp_path.glob("partnership-restore-*")), "the copy of a restore that was killed"
    assert story.database.ask(everything) == before
    assert not story.database.ask(Session.objects.exists)
