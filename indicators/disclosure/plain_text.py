"""A text as somebody reads it, whatever it is written with: tags, entities, odd digits and signs without width."""

import html
import re
import unicodedata
from dataclasses import dataclass

_TAG = re.compile(r"<!--.*?-->|</?([A-Za-z][A-Za-z0-9]*)\b[^<>]{0,500}>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WORDS_INLINE = """
    a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s small span strong sub sup u var wbr
"""
_INLINE = frozenset(_WORDS_INLINE.split())
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_QUOTES = dict.fromkeys(map(ord, "‘’‛`´ʼ"), "'") | dict.fromkeys(map(ord, "“”„‟"), '"')
# Where a paragraph or a cell of a table begins or ends.
BLOCK = "\u2029"
_MARKS = frozenset("*`~")


@dataclass(frozen=True)
class PlainText:
    """The text as read, and for each sign the start and the end of what it stands for in the text as written."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where signs start to end − 1 stand in the text as written."""
        return self.starts[start], self.ends[end - 1]


def plain(written: str, *, keeps_tags: bool = False) -> PlainText:
    """The text with tags and marks of emphasis gone, entities and ligatures written out, all digits 0 to 9, all spaces
    " ", all dashes "-"; an underscore, as in the name of a file, is a space. `keeps_tags`: as a page shows them that
    somebody typed."""
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def add(text: str, start: int, end: int) -> None:
        for sign in text:
            for read in _read(sign):
                signs.append(read)
                starts.append(start)
                ends.append(end)

    place = 0
    while place < len(written):
        sign = written[place]
        if sign == "<" and not keeps_tags and (tag := _TAG.match(written, place)):
            if tag[1] and tag[1].lower() not in _INLINE and signs[-1:] != [BLOCK]:
                signs.append(BLOCK)
                starts.append(place)
                ends.append(tag.end())
            place = tag.end()
        elif sign == "&" and (entity := _ENTITY.match(written, place)):
            add(html.unescape(entity[0]), place, entity.end())
            place = entity.end()
        else:
            add(sign, place, place + 1)
            place += 1
    return PlainText("".join(signs), tuple(starts), tuple(ends))


def _read(sign: str) -> str:
    """What one sign reads as; nothing for what is not seen."""
    if sign in "\n\r":
        return "\n"
    if sign in _MARKS:
        return ""
    if sign == "_" or sign.isspace():
        return " "
    if sign.isascii():
        return sign
    if unicodedata.category(sign) in ("Cf", "Mn", "Me"):
        return ""
    if (digit := unicodedata.decimal(sign, None)) is not None:
        return str(digit)
    found = unicodedata.normalize("NFKC", sign).translate(_DASHES).translate(_QUOTES).replace("⁄", "/")
    return "".join(
        " " if one.isspace() else one for one in found if unicodedata.category(one) not in ("Cf", "Mn", "Me")
    )
