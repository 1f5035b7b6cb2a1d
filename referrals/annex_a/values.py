"""One cell of Annex A read as what its column holds: a date, a code, a whole number, a text, or nothing usable.

A cell comes as text, whatever Excel kept it as: a date cell as its serial number, TRUE and #N/A as these words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from referrals.annex_a.spec import CODES, Code, ColumnSpec, Value

# The value, and the code of what is to be said about it (a key of findings.KINDS), "" for nothing.
Reading = tuple[Value, str]

EARLIEST, LATEST = date(1920, 1, 1), date(2100, 12, 31)
MAX_WHOLE = 999
MAX_TEXT = 200

_SIGNS = str.maketrans({"‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-",
                        "‑": "-", "−": "-", "\u200b": None, "\ufeff": None, "\u00ad": None})  # fmt: skip
_ERROR = re.compile(r"#(n/a|ref!|value!|div/0!|name\?|null!|num!|spill!|calc!|getting_data|#+)", re.IGNORECASE)
_NOTHING = frozenset(
    {"-", "--", "---", ".", "..", "n/a", "na", "nan", "null", "none", "nil", "<blank>", "(blank)", "blank", "<na>",
     "not applicable", "nat"}
)  # fmt: skip
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?( ?\d([A-Z]{2})?)?", re.IGNORECASE)


def tidy(text: str) -> str:
    """A text with ordinary spaces, quotes and dashes, each space once and none at its ends."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def reader_of(column: ColumnSpec, *, is_1904: bool = False, is_text_usual: bool = False) -> Callable[[str], Reading]:
    """What reads the cells of a column. `is_1904`: the workbook counts its days from 1904; `is_text_usual`: dates come
    as text anyway, as in CSV, so that nothing is said about it. It raises nothing, whatever the text."""
    blank = "blank" if column.is_required else ""
    if column.kind == "id":
        blank = "no-id"
    read = _reader(column, is_1904=is_1904, is_text_usual=is_text_usual)

    def reading(raw: str) -> Reading:
        text = tidy(raw)
        if not text:
            return None, blank
        if _ERROR.fullmatch(text):
            return None, "no-id" if column.kind == "id" else "excel-error"
        value, trouble = read(text)
        if value is None and text.lower() in _NOTHING:
            return None, "no-id" if column.kind == "id" else "placeholder"
        return value, trouble

    return reading


def _reader(column: ColumnSpec, *, is_1904: bool, is_text_usual: bool) -> Callable[[str], Reading]:
    if column.kind == "date":
        return lambda text: _date(text, is_1904=is_1904, is_text_usual=is_text_usual)
    if column.codes:
        book = code_book(column.codes)
        return book.read
    if column.kind == "whole":
        return _age if column.key.startswith("age_") else _whole
    if column.kind == "id":
        return _identifier
    return _postcode if column.key.endswith("postcode") else _text


# Texts


def _identifier(text: str) -> Reading:
    if text.lower() in _NOTHING:
        return None, ""
    number = _number(text) if text[:1].isdigit() and not text.isdigit() else None
    if number is not None and number == number.to_integral_value() and number < 10**18:
        return str(int(number)), ""
    return text[:MAX_TEXT], ""


def _text(text: str) -> Reading:
    return (None if text.lower() in _NOTHING else text[:MAX_TEXT]), ""


def _postcode(text: str) -> Reading:
    if text.lower() in _NOTHING:
        return None, ""
    return text[:MAX_TEXT], "" if _POSTCODE.fullmatch(text) else "odd-postcode"


# Numbers


def _number(text: str) -> Decimal | None:
    if len(text) > 40:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 30 else None


_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
_YEARS = re.compile(r"(\d{1,3}(?:\.\d+)?) ?(?:y|yr|yrs|year|years)(?: old)?(?:[ ,]+\d{1,2} ?(?:m|mth|mths|months?))?")


def _age(text: str) -> Reading:
    number = _number(text)
    if text.lower() == "unborn" or (number is not None and -1 <= number < 0):
        return None, "unborn"
    return _whole(text)


def _whole(text: str) -> Reading:
    low = text.lower()
    if _THOUSANDS.fullmatch(low):
        low = low.replace(",", "")
    years = _YEARS.fullmatch(low)
    number = _number(years[1] if years else low)
    if number is None:
        return None, "not-a-number"
    if number < 0:
        return None, "not-a-number"
    if number > MAX_WHOLE:
        return None, "odd-number"
    whole = int(number)
    return whole, "" if number == whole else "not-whole"


# Dates

_TIME = r"(?:(?:[T ]|, ?)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:[ap]m|z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.IGNORECASE)
_BRITISH = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_WORDS = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*(?:of )?([a-z]{{3,9}})[-/., ]*(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(rf"([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"(19|20)\d{6}")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_EXCEL_DAY = re.compile(r"\d{1,7}(\.\d+)?(E\+?\d)?", re.IGNORECASE)


def _date(text: str, *, is_1904: bool, is_text_usual: bool) -> Reading:
    if _EXCEL_DAY.fullmatch(text):
        return _from_serial(text, is_1904=is_1904)
    parts = _parts(text)
    if parts is None:
        return None, "not-a-date"
    (year, month, day), trouble = parts
    try:
        found = date(year, month, day)
    except ValueError:
        return None, "not-a-date"
    if not EARLIEST <= found <= LATEST:
        return None, "odd-year"
    return found, trouble or ("" if is_text_usual else "date-as-text")


def _from_serial(text: str, *, is_1904: bool) -> Reading:
    """The day of Excel's serial number, counted so that 1 March 1900 is 61 (or from 1 January 1904)."""
    number = _number(text)
    if number is None or number > 3_000_000:
        return None, "not-a-date"
    found = (date(1904, 1, 1) if is_1904 else date(1899, 12, 30)) + timedelta(days=min(int(number), 110_000))
    return (found, "") if EARLIEST <= found <= LATEST else (None, "not-a-date")


def _parts(text: str) -> tuple[tuple[int, int, int], str] | None:
    """(year, month, day) as a text says them, and what is to be said about it; None where it says none."""
    if _COMPACT.fullmatch(text):
        return (int(text[:4]), int(text[4:6]), int(text[6:])), ""
    if match := _ISO.fullmatch(text):
        return (int(match[1]), int(match[2]), int(match[3])), ""
    if match := _BRITISH.fullmatch(text):
        return (_year(match[3]), int(match[2]), int(match[1])), "short-year" if len(match[3]) == 2 else ""
    if (match := _WORDS.fullmatch(text)) and (month := _month(match[2])):
        return (_year(match[3]), month, int(match[1])), "short-year" if len(match[3]) == 2 else ""
    if (match := _MONTH_FIRST.fullmatch(text)) and (month := _month(match[1])):
        return (int(match[3]), month, int(match[2])), ""
    return None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _month(word: str) -> int:
    low = word.lower()
    found = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(low)]
    return found[0] if len(found) == 1 else 9 if low == "sept" else 0


# Codes

_LETTER = re.compile(r"([a-z]{1,2})\) ?(.*)")
_LEADING = re.compile(r"(?:\[([a-z0-9]{1,4})\]|\(([a-z0-9]{1,4})\)|([a-z0-9]{1,4})(?= ?[:.\-]|$| )) ?[:.\-]? ?(.*)")
_TRAILING = re.compile(r"(.*\S) ?[\[(]([a-z0-9]{1,4})[\])]")
_FIRST_WORD = re.compile(r"(yes|no|unknown)\b ?[:,;(\-].*")
_POINT_NOUGHT = re.compile(r"(\d+)\.0+")


def bare(text: str) -> str:
    """The words and numbers of a text alone, in small letters."""
    return " ".join(re.findall(r"[a-z0-9&+]+", tidy(text).lower().replace("'", "")))


@dataclass(frozen=True)
class CodeBook:
    """How the values of one kind of coded column are recognised."""

    words: dict[str, str]  # bare wording -> code
    codes: dict[str, str]  # code in small letters -> code, where codes are more than words of our own
    letters: dict[str, str]  # letter -> code

    def read(self, text: str) -> Reading:
        """The code that a cell means, if it means exactly one."""
        low = text[: MAX_TEXT + 1].lower()
        if match := _POINT_NOUGHT.fullmatch(low):
            low = match[1]
        found = self.words.get(bare(low))
        if found:
            return found, ""
        votes = self._votes(low) if len(low) <= MAX_TEXT else []
        meant = set(votes)
        if len(meant) == 2:  # its code and its words outvote its letter: letters change between editions
            meant = {code for code in meant if votes.count(code) > 1}
        if len(meant) == 1:
            return meant.pop(), ""
        return None, "code-unclear" if votes else "not-a-code"

    def _votes(self, low: str) -> list[str]:
        """The codes that the parts of a text point at: its letter, its code and its words, each one where it does."""
        if match := _LETTER.fullmatch(low):
            letter, rest = self.letters.get(match[1]), match[2]
            if not rest:
                return [letter] if letter else []
            found = self._of_rest(rest)
            return [*found, letter] if found and letter else found
        return self._of_rest(low)

    def _of_rest(self, low: str) -> list[str]:
        """The votes of a text without its letter."""
        if match := _LEADING.fullmatch(low):
            token, rest = match[1] or match[2] or match[3], match[4]
            code = self.codes.get(token)
            named = self.words.get(bare(rest)) if rest else None
            is_apart = not match[3] or not rest or low[len(token) :].lstrip()[:1] in ":.-"
            if code and (is_apart or named == code or len(token) > 1 or token.isdigit()):
                return [code, named] if named else [code]
        if match := _TRAILING.fullmatch(low):
            code, named = self.codes.get(match[2]), self.words.get(bare(match[1]))
            if code:
                return [code, named] if named else [code]
        if (match := _FIRST_WORD.fullmatch(low)) and match[1] in self.words:
            return [self.words[match[1]]]
        whole = self.words.get(bare(low))
        return [whole] if whole else []


@cache
def code_book(name: str) -> CodeBook:
    """How the values of CODES[name] are recognised; a wording that fits two codes means neither."""
    codes = CODES[name]
    words = _unique((wording, code.code) for code in codes for wording in _wordings(code))
    known = {code.code.lower(): code.code for code in codes if not code.code.islower()}
    letters = _unique((code.letter, code.code) for code in codes if code.letter)
    return CodeBook(words, known, letters)


def _wordings(code: Code) -> Iterable[str]:
    text = code.text.split(") ", 1)[-1] if code.letter else code.text
    label = re.sub(rf"^{re.escape(code.code)} ?[:\-] ?", "", text)
    wordings = {code.code, code.text, text, label, code.name, f"{code.code} {code.name}", *code.synonyms}
    return {bare(wording) for wording in wordings}


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    unclear = set()
    for wording, code in pairs:
        if found.setdefault(wording, code) != code:
            unclear.add(wording)
    return {wording: code for wording, code in found.items() if wording not in unclear}
