"""Looks for misspelt and American words in what people read: documents, the words on pages, and texts in the code.

codespell does the looking. It is given copies in which everything else (tags, code, names) is blanked, line by line, so
that what it says names the true line. Ends with 1 where it finds something.
"""

import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))
# American spellings that are British too, with another meaning or as another part of speech.
BRITISH_TOO = {
    "check", "checked", "checker", "checkers", "checking", "checks", "draft", "drafts", "inquiries", "inquiry", "meter",
    "meters", "licensed", "practice", "practices", "program", "programs", "stories", "story", "tire", "tires", "ton",
    "tons",
}  # fmt: skip
# British words that the list for Americans does not have.
OWN = {"gotten": "got", "toward": "towards", "afterward": "afterwards"}
# Names, codes and classes that the lists take for misspelt words.
NAMES = ("humber", "nd", "ot", "fo", "fro", "childrens")
# Written of other people's words: names of licences.
LEFT_OUT = {"docs/dependencies.md"}
_CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\n]*\)|https?://\S+", re.DOTALL)
_MARKUP = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_OTHER_LANGUAGES = re.compile(r"\b[A-Z]{3,}\b|\bcolor:")  # codes and SQL in capitals, CSS
_KEYS = re.compile(r"^of = \[.*?\]|^read = \[.*?\]|^\w+ = ", re.DOTALL | re.MULTILINE)


def blanked(text: str, what: re.Pattern[str]) -> str:
    """The text with spaces in place of what is found, and every line where it was."""
    return what.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def texts_of_code(text: str) -> str:
    """The texts of a module that hold a blank, its explanations among them, each on its own line."""
    lines = [""] * (text.count("\n") + 2)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            for number, line in enumerate(node.value.splitlines()):
                lines[min(node.lineno - 1 + number, len(lines) - 1)] += f" {line}"
    return blanked(blanked("\n".join(lines), _MARKUP), _OTHER_LANGUAGES)


def words_of_page(text: str) -> str:
    """What a template says, and what its components are given to say."""
    given = re.compile(r"\{%[^%]*%\}")
    kept = given.sub(lambda tag: _kept(tag[0]), text)
    return blanked(kept, _MARKUP)


def _kept(tag: str) -> str:
    """Of a tag the quoted texts that hold a blank, in their places."""
    texts = {found.start(): found[0] for found in re.finditer(r'"[^"]* [^"]*"', tag)}
    shown = [" "] * len(tag)
    for start, words in texts.items():
        shown[start : start + len(words)] = words
    return "".join("\n" if sign == "\n" else kept for sign, kept in zip(tag, shown, strict=True))


def read() -> Iterator[tuple[Path, Callable[[str], str]]]:
    """Every file that is looked at, and how what people read is taken from it."""
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "fixtures").rglob("*.md")]:
        if str(path.relative_to(ROOT)) not in LEFT_OUT:
            yield path, lambda text: blanked(text, _CODE)
    for path in (ROOT / "templates").rglob("*.html"):
        yield path, words_of_page
    for path in (ROOT / "templates").rglob("*.toml"):
        yield path, lambda text: blanked(text, _KEYS)
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path, texts_of_code


def american() -> str:
    """The American spellings that are wrong here, each with the British one, as codespell wants them."""
    listed = resources.files("codespell_lib") / "data" / "dictionary_en-GB_to_en-US.txt"
    pairs = (line.partition("->") for line in listed.read_text(encoding="utf-8").splitlines())
    found = {wrong.split(",")[0].strip(): right.strip() for right, _, wrong in pairs}
    return "".join(f"{wrong}->{right}\n" for wrong, right in (found | OWN).items() if wrong not in BRITISH_TOO)


def looked_at(files: Sequence[tuple[str, str]]) -> list[str]:
    """What is misspelt in texts, each with its name: "docs/a.md:3: color ==> colour"."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "american").write_text(american(), encoding="utf-8")
        for name, text in files:
            copy = place / "texts" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "codespell_lib", "-D", "-", "-D", "../american", "-L", ",".join(NAMES), "."]
        done = subprocess.run(command, cwd=place / "texts", capture_output=True, text=True, check=False)
        if done.stderr.strip():
            raise SystemExit(done.stderr)
    return [line.removeprefix("./") for line in done.stdout.splitlines() if "==>" in line]


def main() -> int:
    """Looks at everything."""
    found = looked_at([(str(p.relative_to(ROOT)), take(p.read_text(encoding="utf-8"))) for p, take in read()])
    print("\n".join(found) or "No misspelt word.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
