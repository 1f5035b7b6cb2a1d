"""What pages say about themselves, and the documents that they lead on to: read from templates/about and docs.

Pure but for reading these files, which come with the software, once a process.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS, ABOUT = ROOT / "docs", ROOT / "templates" / "about"

# The four kinds of documents that the service itself shows, in the order in which a newcomer reads them.
KINDS = {
    "tutorial": "Learn by doing",
    "how-to": "How to",
    "explanation": "Why it is so",
    "reference": "Look up",
}


@dataclass(frozen=True)
class Document:
    """One document: its kind, the name in its address, its heading, and its text as Markdown."""

    kind: str
    name: str
    title: str
    text: str


@dataclass(frozen=True)
class About:
    """What a page shows, who may do what there, and the documents to read on in."""

    shows: str
    who: str
    read: tuple[Document, ...]


@cache
def documents() -> Mapping[tuple[str, str], Document]:
    """Every document of the four kinds by kind and name."""
    found = {}
    for kind in KINDS:
        for path in sorted((DOCS / kind).glob("*.md")):
            text = path.read_text(encoding="utf-8")
            title = text.partition("\n")[0].removeprefix("# ")
            found[kind, path.stem] = Document(kind, path.stem, title, text)
    return found


@cache
def index() -> Document:
    """The index of the documents, up to those that the service does not show."""
    text = (DOCS / "README.md").read_text(encoding="utf-8").partition("\n## For whoever runs it\n")[0]
    return Document("", "README", "Help", text)


@cache
def about_pages() -> Mapping[str, About]:
    """What is said about each page, by the name of its address; ValueError where two entries name one page."""
    found: dict[str, About] = {}
    for path in sorted(ABOUT.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["page"]:
            # A page is shown without its documents too, where an installation lacks the folder.
            named = (tuple(one.split("/")) for one in entry["read"])
            read = tuple(documents()[one] for one in named if one in documents())
            for name in entry["of"]:
                if name in found:
                    raise ValueError(f"{path.name}: something is said about {name} twice")
                found[name] = About(entry["shows"], entry["who"], read)
    return found
