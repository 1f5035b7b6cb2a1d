"""Folders of processes: gone afterwards, and removed by the next process where one was killed."""

import os
import subprocess
import sys
import tempfile

from partnership.leftovers import folder_of, remove_leftovers, scratch_folder

PREFIX = "partnership-test-"


def test_scratch_folder_when_left_then_it_is_gone_and_nobody_else_may_look_into_it():
    with scratch_folder(PREFIX) as folder:
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "copy").write_text("rows")
    assert not folder.exists()


def test_leftovers_when_their_process_is_gone_then_removed_and_those_of_who_runs_or_of_a_link_stay(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    (kept / "file").touch()
    folder_of(PREFIX, gone.pid).mkdir(mode=0o700)
    (tmp_path / f"{PREFIX}{os.getuid()}-{gone.pid}-abc").mkdir(mode=0o700)
    (tmp_path / f"{PREFIX}{os.getuid()}-{gone.pid}-link").symlink_to(kept)
    folder_of(PREFIX, os.getpid()).mkdir(mode=0o700)
    remove_leftovers(PREFIX)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["kept", folder_of(PREFIX, os.getpid()).name, f"{PREFIX}{os.getuid()}-{gone.pid}-link"]
    )
    assert list(kept.iterdir())
