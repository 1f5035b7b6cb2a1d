"""What somebody typed or sent as text: whether it can be read and kept, and how it is quoted back."""

import re
import unicodedata

_NOT_STORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# They turn round the letters that follow, so that a text reads otherwise than it is kept.
_TURNING = re.compile("[\u202d\u202e]")
# Letters and signs by their kind that no font draws: the fillers of Hangul, and the empty cell of Braille.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Marks that are drawn nowhere, whatever they stand on: they choose between forms of a letter, or join.
_SELECTORS = re.compile("[\u034f\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
NOT_STORABLE = "There is a sign in this text that cannot be stored. Type the text anew."
NOTHING_SEEN = "Nothing of this text can be seen. Type it anew in letters."
TURNED = "There is a sign in this text that turns its letters round. Type the text anew."
OTHER_DIGITS = "has digits of another alphabet: type the digits 0 to 9."
QUOTED_MOST = 40
_UNSEEN = "\ufffd"


def is_storable(text: str) -> bool:
    """Whether a database takes the text: it holds no control characters but tabs and ends of lines."""
    return _NOT_STORABLE.search(text) is None


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: spaces, signs without width, marks that stand on no letter."""
    return all(unicodedata.category(sign)[0] in "CMZ" or sign in _FILLERS for sign in text)


def problem_of(text: str) -> str:
    """Why a name or another text that people will read cannot be taken, as a sentence; "" where it can, and for spaces
    alone, which are no text."""
    if not is_storable(text):
        return NOT_STORABLE
    if text.strip() and is_blank(text):
        return NOTHING_SEEN
    return TURNED if _TURNING.search(text) else ""


# Digits of an id, as a page sends it back.
LONGEST_ID = 18


def whole_number(text: str, most: int = 9) -> int | None:
    """The whole number of at most so many digits that a text says; None for any other text. Python would read digits of
    other alphabets as well, and refuses to read thousands of them."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most else None


def has_other_digits(text: str) -> bool:
    """Whether it holds digits other than 0 to 9: they look alike to Python and not to who reads the figure."""
    return any(sign.isdigit() and not sign.isascii() for sign in text)


def quoted(text: str, most: int = QUOTED_MOST) -> str:
    """A refused text as a sentence may quote it: on one line, cut, with a mark for each sign that cannot be seen."""
    line = " ".join(text[: most * 4].split())
    shown = ""
    for sign in line[:most]:
        shown += sign if _is_seen_after(shown, sign) else _UNSEEN
    return f"“{shown}{'…' if len(line) > most or len(text) > most * 4 else ''}”"


def _is_seen_after(before: str, sign: str) -> bool:
    """Whether a sign can be seen where it follows that text: a mark only on a letter or sign of its own."""
    kind = unicodedata.category(sign)[0]
    if kind == "M":
        return before[-1:] not in {"", " ", _UNSEEN} and _SELECTORS.match(sign) is None
    return kind != "C" and sign not in _FILLERS
