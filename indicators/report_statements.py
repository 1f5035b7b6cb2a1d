"""Figures transcribed from a published report, one printed number a row, with what each should agree with.

The layout is a CSV with the columns of COLUMNS. A number is held in its unit (money in pounds, 85 for 85%) beside the
text as printed; `quantum` is the unit of its last printed digit, empty where the number is exact by nature. `parts`
names the other rows that the number follows from, by their codes: `A / B`, `A -> B`, `A + B - C`, `A * 52`. Signs and
arrows have a blank on both sides, because a code has hyphens in it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from indicators import quarters
from indicators.measurement import QUALIFIERS

COLUMNS = (
    "code", "report", "paragraph", "place", "quote", "printed", "number", "quantum", "qualifier", "unit", "group",
    "check", "parts",
)  # fmt: skip

QUOTE_WORDS = 12


class Check(StrEnum):
    """What the number of a row should be."""

    SHARE = "share"
    RATIO = "ratio"
    PRODUCT = "product"
    CHANGE = "change"
    DIFFERENCE = "difference"
    SUM = "sum"
    STOCK = "stock"
    HUNDRED = "hundred"
    ROWS = "rows"
    SAME = "same"
    RANGE = "range"
    PERIOD = "period"
    COUNT = "count"


class PrintedUnit(StrEnum):
    """What a printed number is in; `date` is a day, `period` a label such as 2021-22-q4."""

    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    POUNDS = "pounds"
    DAYS = "days"
    RATE = "rate"
    YEARS = "years"
    WEEKS = "weeks"
    MONTHS = "months"
    DATE = "date"
    PERIOD = "period"
    OTHER = "other"


@dataclass(frozen=True)
class Operand:
    """Another row, by its code, or a number that stands in the parts themselves."""

    code: str = ""
    constant: Decimal | None = None


@dataclass(frozen=True)
class Term:
    """A product of operands, added (sign 1) or taken away (−1)."""

    sign: int
    factors: tuple[Operand, ...]


Side = tuple[Term, ...]


@dataclass(frozen=True)
class Statement:
    """One printed number and what it should agree with.

    `sides` are the parts as read: two for what has `/` or `->` in it, one for a sum or a product, none without parts.
    A day has `on` and no number, a label of a period has `period`; a day that is checked has both. `number` is None
    where none is printed; `printed` may then say so ("data is not available"). A row without `printed` is worked out
    from the print, and its quantum is its own rounding.
    """

    code: str
    report: str
    paragraph: str
    place: str
    quote: str
    printed: str
    number: Decimal | None
    quantum: Decimal | None = None
    qualifier: str = ""
    unit: PrintedUnit = PrintedUnit.COUNT
    group: str = ""
    check: Check | None = None
    parts: str = ""
    sides: tuple[Side, ...] = ()
    on: date | None = None
    period: quarters.Period | None = None

    @property
    def part_codes(self) -> tuple[str, ...]:
        """The codes of the rows that the number follows from, each once, in the order of the parts."""
        named = (f.code for side in self.sides for term in side for f in term.factors if f.code)
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row: its number as a spreadsheet counts (the header is row 1), its column, a sentence."""

    row: int
    column: str
    message: str
    file: str = ""

    def __str__(self) -> str:
        place = f"row {self.row}, {self.column}: {self.message}"
        return f"{self.file}, {place}" if self.file else place


@dataclass(frozen=True)
class Read:
    """The statements of a file. Where there are problems, the rows that have them are left out."""

    statements: tuple[Statement, ...]
    problems: tuple[RowProblem, ...] = ()

    @property
    def by_code(self) -> dict[str, Statement]:
        """The statements by their codes."""
        return {s.code: s for s in self.statements}


_Choice = TypeVar("_Choice", bound=StrEnum)

_CODE = re.compile(r"[0-9]{3}-[a-z0-9]+(?:-[a-z0-9]+)*")
_REPORT = re.compile(r"[0-9]{3}")
_BARE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_CONSTANT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_GROUP = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DIGITS = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")

# How many sides the parts have, and the sign between two of them.
_DIVIDED = {Check.SHARE: "/", Check.RATIO: "/", Check.CHANGE: "->", Check.DIFFERENCE: "->"}
_NO_PARTS = frozenset({Check.RANGE, Check.PERIOD})
_ONE_UNIT = frozenset({Check.SUM, Check.STOCK, Check.SAME, Check.DIFFERENCE, Check.ROWS})
_PERCENT_LIKE = frozenset({PrintedUnit.PERCENT, PrintedUnit.POINTS})
# £0.551m and the £000 tables: the number is the print times one of these.
_SCALES = (1, 1_000, 1_000_000)


class _Wrong(ValueError):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def read_rows(rows: Iterable[Mapping[str, str]]) -> Read:
    """The rows of one file (keys: COLUMNS) as statements, and everything that is wrong with them; as `read_files`."""
    return read_files({"": rows})


def read_files(files: Mapping[str, Iterable[Mapping[str, str]]]) -> Read:
    """The rows of several files, by file name; a row may name a row of another file as its part.

    Raises nothing: a row that cannot be read is left out and named, with its file and column, in the problems.
    """
    problems: list[RowProblem] = []
    found: dict[str, tuple[str, int, Statement]] = {}
    for file, rows in files.items():
        for number, row in enumerate(rows, start=2):
            columns = _columns_wrong(row)
            if columns:
                problems += [RowProblem(number, name, message, file) for name, message in columns]
                continue
            try:
                statement = read_row(row)
            except _Wrong as error:
                problems.append(RowProblem(number, error.column, str(error), file))
                continue
            if statement.code in found:
                where = found[statement.code]
                words = f"“{statement.code}” is the code of row {where[1]}{f' of {where[0]}' if where[0] else ''} too."
                problems.append(RowProblem(number, "code", words, file))
                continue
            found[statement.code] = file, number, statement
    by_code = {code: statement for code, (_, _, statement) in found.items()}
    for file, number, statement in found.values():
        problems += [RowProblem(number, "parts", message, file) for message in _parts_wrong(statement, by_code)]
    bad = {(problem.file, problem.row) for problem in problems}
    kept = tuple(statement for file, number, statement in found.values() if (file, number) not in bad)
    return Read(kept, tuple(sorted(problems, key=lambda p: (p.file, p.row))))


def _columns_wrong(row: Mapping[str, str]) -> list[tuple[str, str]]:
    missing = [(name, "This column is missing.") for name in COLUMNS if row.get(name) is None]
    unknown = [(str(name), "There is no such column in the layout.") for name in row if name not in COLUMNS]
    return missing + unknown


def read_row(row: Mapping[str, str]) -> Statement:
    """One row (keys: COLUMNS) as a statement. Raises ValueError with a sentence; its `column` is where it belongs."""
    texts = {name: row[name] for name in COLUMNS}
    for name, text in texts.items():
        if text != text.strip() or "\n" in text:
            raise _Wrong(name, "Take away the blanks or line breaks around the text.")
    _check_place(texts)
    check = _one_of(Check, texts, "check") if texts["check"] else None
    unit = _one_of(PrintedUnit, texts, "unit")
    if texts["qualifier"] not in QUALIFIERS:
        raise _Wrong("qualifier", "Leave it empty or write <, > or ~.")
    on = _day(texts) if unit is PrintedUnit.DATE else None
    period = _period(texts, "number") if unit is PrintedUnit.PERIOD else None
    number = None if unit in (PrintedUnit.DATE, PrintedUnit.PERIOD) else _number(texts, check)
    quantum = _quantum(texts, number)
    _check_print(texts, number, quantum)
    if check is Check.PERIOD:
        period = _period(texts, "parts")
    if check is Check.PERIOD and on is None:
        raise _Wrong("unit", "A date is checked against a period: write the unit date and the day as 2022-06-17.")
    if (check is None or check in _NO_PARTS - {Check.PERIOD}) and texts["parts"]:
        raise _Wrong("parts", "There is no check that takes parts. Name the check, or leave the parts empty.")
    sides: tuple[Side, ...] = ()
    if check is not None and check not in _NO_PARTS:
        sides = read_parts(texts["parts"], check)
    return Statement(
        code=texts["code"], report=texts["report"], paragraph=texts["paragraph"], place=texts["place"],
        quote=texts["quote"], printed=texts["printed"], number=number, quantum=quantum, qualifier=texts["qualifier"],
        unit=unit, group=texts["group"], check=check, parts=texts["parts"], sides=sides, on=on, period=period,
    )  # fmt: skip


def _one_of(kind: type[_Choice], texts: Mapping[str, str], name: str) -> _Choice:
    try:
        return kind(texts[name])
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise _Wrong(name, f"“{texts[name][:30]}” is not one of: {known}.") from None


def _check_place(texts: Mapping[str, str]) -> None:
    if not _CODE.fullmatch(texts["code"]):
        raise _Wrong("code", "Write small letters, digits and hyphens, the report first, as in 003-24-share.")
    if not _REPORT.fullmatch(texts["report"]):
        raise _Wrong("report", "Write the three digits that the report is cited by, as in 003.")
    if not texts["code"].startswith(f"{texts['report']}-"):
        raise _Wrong("code", f"Start the code with its report, {texts['report']}, and a hyphen.")
    for name in ("paragraph", "place"):
        if not texts[name]:
            raise _Wrong(name, "Say where the number is printed.")
    if texts["printed"] and not texts["quote"]:
        raise _Wrong("quote", "Quote the words that show the number.")
    words = len(texts["quote"].split())
    if words > QUOTE_WORDS:
        raise _Wrong("quote", f"Quote at most {QUOTE_WORDS} words; these are {words}.")
    if texts["group"] and not _GROUP.fullmatch(texts["group"]):
        raise _Wrong("group", "Write small letters, digits and hyphens, as in 003-84.")


def _number(texts: Mapping[str, str], check: Check | None) -> Decimal | None:
    text = texts["number"]
    if not text:
        if check is None or check is Check.HUNDRED:
            return Decimal(100) if check else None
        if check is Check.SAME and texts["printed"]:
            return None
        raise _Wrong("number", "A number that is checked must be there.")
    if not _BARE.fullmatch(text):
        raise _Wrong("number", f"“{text[:30]}” is not a bare number. Write 1266, 13.7 or -4638000.")
    number = Decimal(text)
    if check is Check.HUNDRED and number != 100:
        raise _Wrong("number", "Shares of a whole come to 100: write 100 or leave it empty.")
    return number


def _day(texts: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(texts["number"])
    except ValueError:
        raise _Wrong("number", f"“{texts['number'][:30]}” is not a day. Write it as 2022-06-17.") from None


def _period(texts: Mapping[str, str], column: str) -> quarters.Period:
    try:
        return quarters.parse(texts[column])
    except quarters.PeriodTextError as error:
        raise _Wrong(column, str(error)) from None


def _quantum(texts: Mapping[str, str], number: Decimal | None) -> Decimal | None:
    text = texts["quantum"]
    if not text:
        if number is not None and texts["unit"] in _PERCENT_LIKE and texts["printed"]:
            raise _Wrong("quantum", "A printed percentage is rounded: give the unit of its last digit, as in 1 or 0.1.")
        return None
    if not _BARE.fullmatch(text) or Decimal(text) <= 0:
        raise _Wrong("quantum", "Give the unit of the last printed digit: a number above 0, as in 1, 0.1 or 1000.")
    quantum = Decimal(text)
    if number is None:
        raise _Wrong("quantum", "Only a number has a unit of print.")
    if number % quantum and texts["printed"]:
        raise _Wrong("quantum", f"{texts['number']} is no multiple of {text}, so {text} is not its last printed digit.")
    return quantum


def _check_print(texts: Mapping[str, str], number: Decimal | None, quantum: Decimal | None) -> None:
    """The number and the quantum against the digits of the print, where the print has one number in digits."""
    tokens = _DIGITS.findall(texts["printed"])
    if number is None or len(tokens) != 1:
        return
    token = tokens[0].rstrip(",").replace(",", "")
    digits = Decimal(token)
    scale = next((s for s in _SCALES if digits * s == abs(number)), None)
    if scale is None:
        raise _Wrong("number", f"{texts['number']} is not what is printed: {texts['printed']}.")
    decimals = len(token.partition(".")[2])
    if quantum is not None and number and quantum < Decimal(scale).scaleb(-decimals):
        raise _Wrong("quantum", f"{texts['printed']} is not printed to {texts['quantum']}.")


def read_parts(text: str, check: Check) -> tuple[Side, ...]:
    """The parts of a check as its sides. Raises ValueError with a sentence where they are not of its form."""
    words = text.split()
    if not words:
        raise _Wrong("parts", f"A check of the kind “{check}” needs its parts.")
    divider = _DIVIDED.get(check)
    sides: list[list[str]] = [[]]
    for word in words:
        if word in ("/", "->"):
            if word != divider:
                raise _Wrong("parts", f"“{word}” has no place in a check of the kind “{check}”.")
            sides.append([])
        else:
            sides[-1].append(word)
    if divider and len(sides) != 2:
        raise _Wrong("parts", f"A check of the kind “{check}” is written A {divider} B.")
    read = tuple(_side(words) for words in sides)
    terms = [term for side in read for term in side]
    if check is Check.PRODUCT and (len(terms) != 1 or len(terms[0].factors) < 2):
        raise _Wrong("parts", "A product is written A * B.")
    if check is Check.SAME and (len(terms) != 1 or terms[0].sign < 0 or len(terms[0].factors) != 1):
        raise _Wrong("parts", "The same number elsewhere is one code.")
    if check in (Check.HUNDRED, Check.ROWS, Check.COUNT) and any(
        term.sign < 0 or len(term.factors) != 1 or not term.factors[0].code for term in terms
    ):
        raise _Wrong("parts", "Name the codes, joined by +.")
    return read


def _side(words: list[str]) -> Side:
    terms: list[Term] = []
    factors: list[Operand] = []
    sign, wants_operand = 1, True
    for place, word in enumerate(words):
        if word in ("+", "-", "*"):
            if place == 0 and word == "-":
                sign = -1
                continue
            if wants_operand:
                raise _Wrong("parts", f"A code or a number is missing before “{word}”.")
            if word != "*":
                terms.append(Term(sign, tuple(factors)))
                sign, factors = (1 if word == "+" else -1), []
            wants_operand = True
            continue
        if not wants_operand:
            raise _Wrong("parts", f"A sign is missing before “{word[:40]}”.")
        factors.append(_operand(word))
        wants_operand = False
    if wants_operand:
        raise _Wrong("parts", "A code or a number is missing at the end.")
    return (*terms, Term(sign, tuple(factors)))


def _operand(word: str) -> Operand:
    if _CONSTANT.fullmatch(word):
        return Operand(constant=Decimal(word))
    if _CODE.fullmatch(word):
        return Operand(code=word)
    raise _Wrong("parts", f"“{word[:40]}” is neither a code nor a number. Put a blank on both sides of every sign.")


def _parts_wrong(statement: Statement, by_code: Mapping[str, Statement]) -> Iterator[str]:
    unknown = [code for code in statement.part_codes if code not in by_code]
    yield from (f"There is no row with the code {code}." for code in unknown)
    if statement.code in statement.part_codes:
        yield "A number cannot follow from itself."
    if unknown or statement.check is None:
        return
    check = statement.check
    parts = [by_code[code] for code in statement.part_codes]
    if check in (Check.SHARE, Check.CHANGE, Check.RANGE) and statement.unit is not PrintedUnit.PERCENT:
        yield f"A check of the kind “{check}” is of a number in per cent."
    if check is Check.HUNDRED and any(p.unit is not PrintedUnit.PERCENT for p in parts):
        yield "Shares of a whole are in per cent."
    if check in _ONE_UNIT and not any(len(t.factors) > 1 for side in statement.sides for t in side):
        units = {_like(p.unit) for p in (statement, *parts)}
        if len(units) > 1:
            yield f"These numbers are in different units: {', '.join(sorted(units))}."
    if check in (Check.SHARE, Check.CHANGE) and len({_like(p.unit) for p in parts}) > 1:
        yield "The two numbers are in different units."


def _like(unit: PrintedUnit) -> str:
    return PrintedUnit.PERCENT.value if unit in _PERCENT_LIKE else unit.value
