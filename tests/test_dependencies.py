"""What is installed is listed with its licence and reason, and known weaknesses are asked for or said not to be."""

import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LISTED = runpy.run_path(str(ROOT / "tools" / "dependencies.py"))
main = runpy.run_path(str(ROOT / "tools" / "audit.py"))["main"]


def test_document_when_packages_are_pinned_then_each_is_there_with_version_licence_and_reason() -> None:
    assert LISTED["DOCUMENT"].read_text(encoding="utf-8") == LISTED["document"](), "run tools/dependencies.py"
    rows = [line for line in LISTED["document"]().splitlines() if line.startswith("| `")]
    assert len(rows) == len(set().union(*(LISTED["pinned"](lock) for lock in LISTED["LOCKS"])))
    assert set(LISTED["reasons"]()) <= {row.split("`")[1] for row in rows}
    assert "| `numpy` | 2.4" in LISTED["document"]()


def a_program(folder: Path, body: str) -> str:
    path = folder / "pip-audit"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("""echo '{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}'""", 0, ": 0 in 1 packages."),
        (
            """echo '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}]}'; exit 1""",
            1,
            "a 1: CVE-1\nKnown weaknesses of the dependencies: 1 in 1 packages.",
        ),
        ("echo 'no connection' >&2; exit 1", 0, ": not checked, no connection."),
    ],
)
def test_audit_when_asked_then_what_is_known_or_that_nothing_was_checked(
    body: str, code: int, said: str, tmp_path: Path, capsys: Any
) -> None:
    assert main([a_program(tmp_path, body)]) == code
    assert capsys.readouterr().out.endswith(f"{said}\n")


def test_audit_when_it_is_not_installed_then_one_line_says_so(tmp_path: Path, capsys: Any) -> None:
    assert main([str(tmp_path / "none")]) == 0
    assert capsys.readouterr().out == (
        "Known weaknesses of the dependencies: not checked, pip-audit is not installed.\n"
    )
