"""The disk under PostgreSQL and the backups is really full: told so, nothing half-written, and all goes on by itself
once there is space. Needs root, who may mount a small file system in memory."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REQUIRE_ALL
from tests.indicators.return_pages import form_of, words
from tests.server.conftest import LINES, Browser, Story, button, everything, moved, preview, the_file
from tests.server.test_crashes import ONCE, PUBLISHED_WORDS, drafts, followed, publications
from tests.servers import PATIENCE, Gunicorn, Process, postgresql

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql, pytest.mark.soak, pytest.mark.long]

SIZE = 256
TOLD = ("The disk is full or cannot be written to", "Its disk is full or cannot be written to", "does not answer")


@pytest.fixture
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of so many megabytes."""
    folder = tmp_path_factory.mktemp("disk")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=777", "tmpfs", folder], check=False)
    if done.returncode:
        (pytest.fail if REQUIRE_ALL else pytest.skip)("needs root, who may mount a file system")
    for parent in folder.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextlib.contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Within it no byte is free."""
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    yield
    ballast.unlink()


def test_disk_when_it_is_full_then_told_so_nothing_is_half_and_all_goes_on_once_there_is_space(
    story: Story, disk: Path, tmp_path: Path
) -> None:
    with postgresql(disk=disk) as private:
        assert private is not None
        story = moved(story, private)
        server = Gunicorn(database=story.database.url, log=tmp_path / "log", workers=2, DEMO_TODAY="2022-07-07")
        try:
            analyst, publisher = Browser(story.analyst), Browser(story.publisher)
            save = form_of(preview(analyst, server, story, the_file(analyst, server, story)))
            publish = button(publisher.get(server, story.pack), "publish")
            before = story.database.ask(everything)
            kept = disk / "kept"
            with filled(disk):
                page = analyst.post(server, story.upload, save)
                assert page.status in {200, 503}
                assert any(said in words(page) for said in TOLD), words(page)
                page = publisher.post(server, f"{story.pack}act/", publish)
                said = words(page) if page.status == 503 else followed(publisher, server, page)
                assert any(one in said for one in TOLD), said
                backup = Process(
                    ["manage.py", "backup", "--out", str(kept)], database=story.database.url, log=tmp_path / "backup"
                )
                assert backup.ended(3 * PATIENCE) == 1
                assert "No space left on device" in backup.said()
                assert "Traceback" not in backup.said()
                assert not list(kept.glob("partnership-*"))
            assert story.database.ask(everything) == before
            assert "changed and saved" in followed(analyst, server, analyst.post(server, story.upload, save))
            said = followed(publisher, server, publisher.post(server, f"{story.pack}act/", publish))
            assert PUBLISHED_WORDS in said
            assert drafts(story) == [(85, 1)] * LINES
            assert publications(story) == ONCE
        finally:
            server.kill()
