"""The documents say what is there: every setting, command, package, file and link."""

import ast
import re
import runpy
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = [path.parent.name for path in ROOT.glob("*/apps.py")]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
REFERENCE = runpy.run_path(str(ROOT / "tools" / "reference.py"))
# Read by tests and tools about themselves, of no use to whoever runs the service.
OWN_AFFAIR = {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "PATH", "HOME"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def variables_read() -> set[str]:
    """Every environment variable that the code asks for."""
    found = set()
    for folder in (*APPS, "tests", "tools"):
        for path in (ROOT / folder).rglob("*.py"):
            written = path.read_text(encoding="utf-8")
            if not re.search("environ|getenv|_required", written):
                continue
            for node in ast.walk(ast.parse(written)):
                name = None
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                    ("environ.get", "getenv", "_required")
                ):
                    name = node.args[0]
                if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
                    name = node.slice
                if isinstance(name, ast.Constant):
                    found.add(name.value)
    return found


def test_settings_when_read_from_the_environment_then_described_and_nothing_else_is() -> None:
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", text("docs/settings.md"), re.MULTILINE))
    only_in_tests = {
        "UPDATE_GOLDEN",
        "HYPOTHESIS_PROFILE",
        "HALT_AFTER",
        "HALT_TIMES",
        "HALT_PIPE",
        "PAGES_FILE",
        "HALT_SECONDS",
    }
    only_in_tests |= {"PYTEST_XDIST_WORKER", "TMPDIR"}
    assert described == variables_read() - OWN_AFFAIR - only_in_tests


def test_settings_when_required_in_production_then_marked_so() -> None:
    required = set(re.findall(r"_required\(\s*\"([A-Z_]+)\"", text("partnership/settings.py")))
    marked = set(re.findall(r"^\| `([A-Z_]+)` \| yes \|", text("docs/settings.md"), re.MULTILINE))
    assert marked == required


def test_commands_when_counted_then_each_is_described_and_has_its_help() -> None:
    commands = {
        path.stem: path
        for app in APPS
        for path in (ROOT / app / "management" / "commands").glob("*.py")
        if path.stem != "__init__"
    }
    described = set(re.findall(r"^\| `manage\.py (\w+)", text("docs/settings.md"), re.MULTILINE))
    assert described == set(commands)
    for path in commands.values():
        assert re.search(r"^    help = ", path.read_text(), re.MULTILINE), path.name


def test_make_when_asked_for_help_then_every_target_is_explained() -> None:
    makefile = text("Makefile")
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())
    explained = set(re.findall(r"^([a-z]+):.*?## \S", makefile, re.MULTILINE))
    assert explained == phony
    assert {"demo", "test", "check", "fmt", "bench", "serve", "lock", "clean", "help"} <= phony


def test_readme_when_read_then_it_opens_with_the_purpose_the_pictures_and_the_two_commands() -> None:
    readme = text("README.md")
    assert readme.startswith("# ")
    assert len(re.findall(r"!\[[^\]]+\]\([^)]+\)", readme)) >= 2
    assert "make demo" in readme
    assert "make test" in readme
    assert readme.index("![") < readme.index("make demo") < len(readme) / 2


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_document_when_it_names_a_file_then_the_file_is_there(path: Path) -> None:
    body = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", body) if "://" not in link]
    missing = [link for link in links if not (path.parent / link).exists()]
    known = r"`((?:tests|docs|fixtures|templates|static|tools|indicators|partnership)/[\w./-]*\w)`"
    missing += [named for named in re.findall(known, body) if not (ROOT / named).exists()]
    assert missing == []


def test_reference_when_the_code_has_changed_then_its_documents_have_been_written_anew() -> None:
    kept = {path.stem: path.read_text(encoding="utf-8") for path in REFERENCE["FOLDER"].glob("*.md")}
    assert set(kept) == set(REFERENCE["DOCUMENTS"])
    old = [name for name, written in REFERENCE["DOCUMENTS"].items() if written() != kept[name]]
    assert old == [], "run tools/reference.py"


def test_reference_when_a_command_has_an_argument_then_it_says_what_it_means() -> None:
    wordless = re.findall(r"^\| `[^`]+` \| \w+ \|  \|", text("docs/reference/commands.md"), re.MULTILINE)
    assert wordless == []


def test_documents_when_indexed_then_every_one_stands_in_the_index_once() -> None:
    index = re.findall(r"\]\(([^)#]+\.md)\)", text("docs/README.md"))
    held = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")} - {"README.md"}
    assert sorted(one for one in index if not one.startswith("..")) == sorted(held)


def test_packages_when_listed_then_each_has_its_reason() -> None:
    for line in text("pyproject.toml").splitlines():
        if re.match(r'\s+"[a-z0-9-]+(\[\w+\])?[><=]', line):
            assert re.search(r",\s*# \w", line), line


def test_packages_when_locked_then_with_hashes_and_every_one_that_is_listed() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    listed = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-dev.txt": project["dependency-groups"]["dev"],
    }
    for name, packages in listed.items():
        lock = text(name)
        pinned = re.findall(r"^([a-z0-9._-]+)(?:\[\w+\])?==\S+", lock, re.MULTILINE | re.IGNORECASE)
        assert lock.count("--hash=sha256:") >= len(pinned) > 0
        assert "://" not in lock
        wanted = {re.match(r"[a-z0-9-]+", package)[0] for package in packages}
        assert wanted <= {one.lower().replace("_", "-") for one in pinned}


def test_first_decisions_when_read_then_they_answer_the_three_questions() -> None:
    decisions = text("docs/decisions.md")
    numbers = [int(n) for n in re.findall(r"^#+ (\d+)", decisions, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    beginning = decisions[:4_000]
    assert all(word in beginning for word in ("`partnership/`", "SQLite", "PostgreSQL"))
    assert re.search(r"append|revision", beginning)
