"""Tutorial and how-tos say what is there: each name of a button, heading or box that they quote is on a page."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
STEPS = sorted([*DOCS.glob("how-to/*.md"), *DOCS.glob("tutorial/*.md")])
SERVED = [path for kind in ("tutorial", "how-to", "explanation", "reference") for path in (DOCS / kind).glob("*.md")]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def words_of_the_interface() -> str:
    """Everything that pages say: the templates, and the texts in the code."""
    sources = [*(ROOT / "templates").rglob("*.html")]
    sources += [path for app in ROOT.glob("*/apps.py") for path in app.parent.rglob("*.py")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in sources if "migrations" not in path.parts)
    return re.sub(r"\s+", " ", said)


def quoted_in(path: Path) -> list[str]:
    """What a document puts in bold: words of a page, for in these documents nothing else is."""
    return [words.rstrip(".:") for words in re.findall(r"\*\*([^*]+)\*\*", path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_steps_when_they_quote_a_page_then_the_words_are_there(path: Path) -> None:
    said = words_of_the_interface()
    assert [words for words in quoted_in(path) if words not in said] == []


def test_steps_when_read_then_they_quote_pages() -> None:
    assert all(quoted_in(path) for path in STEPS if path.stem not in {"back-up-and-restore", "upgrade"})


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_steps_when_they_name_a_command_then_it_is_there_with_its_options(path: Path) -> None:
    body = path.read_text(encoding="utf-8")
    reference = text("docs/reference/commands.md")
    for command, rest in re.findall(r"manage\.py ([a-z_]+)([^`\n]*)", body):
        if command in {"migrate", "changepassword", "check", "collectstatic"}:
            continue
        part = re.search(rf"^## {command}\n(.*?)(?=^## |\Z)", reference, re.MULTILINE | re.DOTALL)
        assert part is not None, command
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in part[1], (command, option)


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.stem)
def test_document_when_shown_by_the_service_then_it_has_a_heading_and_is_not_long(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.match(r"# \S", lines[0])
    assert (
        sum(line.startswith("# ") for line in re.sub(r"```.*?```", "", "\n".join(lines), flags=re.S).splitlines()) == 1
    )
    assert len(lines) <= (40 if path.parent.name == "how-to" else 500)


def test_upgrade_notes_when_a_version_is_in_the_changelog_then_it_has_a_section_and_no_other_has() -> None:
    versions = [
        re.findall(r"^## (\d+\.\d+\.\d+)", text(n), re.MULTILINE) for n in ("CHANGELOG.md", "docs/upgrading.md")
    ]
    assert versions[0] == versions[1]
