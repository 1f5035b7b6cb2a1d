"""What a Word file that was made here says, to look for words in it: read with the standard library alone."""

import html
import io
import re
import zipfile

_BODY = "word/document.xml"
_TAG = re.compile(r"<[^>]+>")


def plain(text: str) -> str:
    """A text with single spaces, as it is looked for."""
    return " ".join(text.split())


def text_of(content: bytes) -> str:
    """The words of the body of a Word file with single spaces, each text in one piece as it was written."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        body = file.read(_BODY).decode()
    return plain(html.unescape(_TAG.sub(" ", body)))
