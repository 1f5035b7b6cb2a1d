"""Writes docs/dependencies.md: every package that is installed, why, and under which licence.

Names and versions are those of the lock files, reasons those of pyproject.toml, licences those of the installed
metadata. A package that only other systems install has no licence to read here: what the document says of it is kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "dependencies.md"
LOCKS = ("requirements.txt", "requirements-dev.txt")
UNKNOWN = "not installed on the machine that wrote this"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^\s;]+)", re.MULTILINE)
_REASON = re.compile(r'^\s+"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?[><=][^"]*",\s*# (.+)$', re.MULTILINE)
_ROW = re.compile(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|", re.MULTILINE)
_CLASSIFIER = "License :: "
_HEAD = """# Dependencies

What is installed, at which version, under which licence, and why. Written by `tools/dependencies.py` from the lock files, `pyproject.toml` and the metadata of the packages; run it after `make lock`. `make audit` asks whether a weakness of one is known. What browsers load is in `static/vendor`, with its licences.
"""  # noqa: E501


@dataclass(frozen=True)
class Package:
    """One pinned package."""

    name: str
    version: str
    licence: str
    reason: str

    @property
    def row(self) -> str:
        """Its line of the table."""
        return f"| `{self.name}` | {self.version} | {self.licence} | {self.reason or 'needed by another'} |"


def plain(name: str) -> str:
    """A name as the index compares it: lower case, hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock: str) -> dict[str, str]:
    """Version by name in a lock file; of several, which a version of Python or a system chooses from, all."""
    found: dict[str, list[str]] = {}
    for name, version in _PINNED.findall((ROOT / lock).read_text(encoding="utf-8")):
        found.setdefault(plain(name), []).append(version)
    return {name: " or ".join(versions) for name, versions in found.items()}


def reasons() -> dict[str, str]:
    """Why each package that pyproject.toml names is there."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return {plain(name): reason.strip() for name, reason in _REASON.findall(text)}


def licence_of(name: str) -> str:
    """The licence by the installed metadata: the expression, else the classifiers, else the first line of the text.
    Raises PackageNotFoundError where it is not installed."""
    about = metadata.metadata(name)
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    held = [one for one in about.get_all("Classifier") or [] if one.startswith(_CLASSIFIER)]
    named = sorted({one.rpartition(" :: ")[2] for one in held} - {"OSI Approved"})
    first = str(about.get("License") or "").strip().partition("\n")[0]
    return " or ".join(named) or first[:60] or "not stated"


def packages(lock: str, told: Mapping[str, str], without: Mapping[str, str]) -> Iterator[Package]:
    """The packages of a lock file that another does not have; `told` are licences to keep."""
    why = reasons()
    for name, version in sorted(pinned(lock).items()):
        if name in without:
            continue
        try:
            licence = licence_of(name)
        except metadata.PackageNotFoundError:
            licence = told.get(name, UNKNOWN)
        yield Package(name, version, licence.replace("|", "/"), why.get(name, "").replace("|", "/"))


def document() -> str:
    """The whole document."""
    told = dict(_ROW.findall(DOCUMENT.read_text(encoding="utf-8"))) if DOCUMENT.exists() else {}
    run, dev = LOCKS
    parts = [_HEAD]
    for title, lock, without in (("To run it", run, {}), ("To test it, beside these", dev, pinned(run))):
        rows = "\n".join(one.row for one in packages(lock, told, without))
        parts.append(f"## {title}\n\n| package | version | licence | why |\n| --- | --- | --- | --- |\n{rows}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    print(f"Wrote {DOCUMENT.relative_to(ROOT)}.")
