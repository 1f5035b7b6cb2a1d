"""Which files are kept as evidence: what papers may be, and besides pictures and plain text, told by what they hold."""

import hashlib
import re

from partnership.paper_files import MOST_BYTES, WHAT_IS_TAKEN, FileNotTaken, PaperFile, judged, safe_name

PICTURES = ((b"\x89PNG\r\n\x1a\n", "png", "image/png"), (b"\xff\xd8\xff", "jpg", "image/jpeg"))
TAKEN = f"{WHAT_IS_TAKEN.replace(' or ', ', ')}, PNG, JPEG or plain text, 10 MB at most, without macros"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_PROGRAM = ("<", "#!", "{", "%!")


def checked(name: str, content: bytes) -> PaperFile:
    """The file with what it is. Raises FileNotTaken for an empty or too large one, for one with macros, and for what is
    none of the kinds."""
    if len(content) <= MOST_BYTES:
        for beginning, ending, kind in PICTURES:
            if content.startswith(beginning):
                return _as(name, ending, kind, content)
    try:
        return judged(name, content)
    except FileNotTaken as refusal:
        if content and len(content) <= MOST_BYTES and not content.startswith(b"PK"):
            if _is_text(content):
                return _as(name, "txt", "text/plain; charset=utf-8", content)
            raise FileNotTaken(f"This is not a file that can be taken. Give {TAKEN}.") from refusal
        raise


def _is_text(content: bytes) -> bool:
    """Whether these are words in UTF-8; a page or a program is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text) and not text.lstrip().startswith(_PROGRAM)


def _as(name: str, ending: str, kind: str, content: bytes) -> PaperFile:
    return PaperFile(safe_name(name, ending), kind, content, hashlib.sha256(content).hexdigest())
