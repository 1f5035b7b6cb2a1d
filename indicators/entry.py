"""Reads what a person typed into one cell of a return: a figure, the reason for none, or what is wrong with it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from indicators.checks_engine.entry_rules import EarlierFigure, Entered, check_entered
from indicators.checks_engine.rules import Finding, Severity
from indicators.commentary_limits import large_words
from indicators.measurement import Basis, Confidence, Flag, Measured, NotReportableCode
from indicators.rag import MissingReason, missing_words
from indicators.typed_text import NOT_STORABLE, OTHER_DIGITS, has_other_digits, is_storable, quoted
from indicators.units import NumberTextError, Unit, is_share, parse_number, ratio, round_half_up, unit_asked, written

FIGURE = "figure"
VALUE_ONLY = "value"
HEADLINE_MAX = 60
COMMENTARY_MAX = 4_000
SHORT_TEXT_MAX = 300

FIELDS = (
    "kind",
    "numerator",
    "denominator",
    "value",
    "not_reportable_code",
    "responsible_role",
    "expected_on",
    "flags",
    "confidence",
    "confidence_reason",
    "validation_task",
    "source_system",
    "as_at_on",
    "extracted_on",
    "headline",
    "commentary",
    "keep_reason",
)

HAS_PARTS = frozenset({Unit.PERCENT, Unit.DAYS, Unit.PER_10000, Unit.PER_100000})

KIND_WORDS = {FIGURE: "Figure", VALUE_ONLY: "Value only"} | {r.value: missing_words(r) for r in MissingReason}

_KIND_BY_TEXT = {words.casefold(): code for code, words in KIND_WORDS.items()} | {code: code for code in KIND_WORDS}

_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%d-%m-%Y", "%d.%m.%Y")
_YEARS = range(1900, 2200)
_TARGET_IN_TEXT = re.compile(
    r"(?:target|tolerance)\s+(?:(?:of|is|was|at)\s+)?[0-9]{1,6}(?:\.[0-9]{1,4})?\s?(?:%|per cent)", re.I
)
_PERCENT_IN_TEXT = re.compile(r"(?<![0-9.,])([0-9]{1,6}(?:\.[0-9]{1,4})?)\s?(?:%|per cent)")
_FORMULA_START = ("=", "+", "-", "@", "\t")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_COUNTED = re.compile(r", file [0-9a-f]{8}$")


class DateTextError(ValueError):
    """What was typed is not a date that exists; the message says what to do."""


@dataclass(frozen=True)
class Problem:
    """What must be put right before the cell can be saved: the field it belongs to, and a sentence."""

    field: str
    message: str


@dataclass(frozen=True)
class Doubt:
    """What looks odd but may be true: saved all the same; some ask for a reason before the return is submitted.

    `field` is the box that it is about.
    """

    message: str
    asks_reason: bool = True
    field: str = ""


@dataclass(frozen=True)
class Around:
    """What is known around a cell that the checks may need; what is left out is not checked.

    `counts` is what one unit of the numerator is; the dates are those of the period; `earlier` are the figures that
    this one can be compared with, from the latest backwards.
    """

    counts: str = ""
    start_on: date | None = None
    end_on: date | None = None
    today: date | None = None
    earlier: tuple[EarlierFigure, ...] = ()


NOTHING_KNOWN = Around()


@dataclass(frozen=True)
class CellInput:
    """A cell as it can be stored. `basis` is None when nothing but words was given."""

    basis: Basis | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    missing_reason: MissingReason | None = None
    not_reportable_code: str = ""
    responsible_role: str = ""
    expected_on: date | None = None
    flags: str = ""
    confidence: str = ""
    confidence_reason: str = ""
    validation_task: str = ""
    source_system: str = ""
    as_at_on: date | None = None
    extracted_on: date | None = None
    headline: str = ""
    commentary: str = ""
    keep_reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was entered."""
        return self == CellInput()

    def measured(self) -> Measured | None:
        """The numbers as the judge and the pages take them; None when nothing but words was given."""
        if self.basis is None:
            return None
        return Measured(
            basis=self.basis,
            numerator=self.numerator,
            denominator=self.denominator,
            value=self.value,
            missing_reason=self.missing_reason,
        )


def counted_source(words: str, sha256: str) -> str:
    """The source of a figure counted from a file: "Annex A, reference date 31 March 2022, file 1a2b3c4d"."""
    return f"{words}, file {sha256[:8]}"


def typed_over(cell: CellInput, before: CellInput) -> CellInput:
    """What a person typed, without the source of a counted file unless its numbers still stand as they were counted."""
    if not _COUNTED.search(cell.source_system):
        return cell
    stands = cell.measured() == before.measured() and cell.source_system == before.source_system
    return cell if stands else replace(cell, source_system="")


@dataclass(frozen=True)
class Reading:
    """What came of reading a cell. `cell` is None exactly when there are problems."""

    cell: CellInput | None
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = field(default=())


def has_parts(unit: Unit) -> bool:
    """Whether a figure in this unit is entered as numerator and denominator rather than as one number."""
    return unit in HAS_PARTS


def kinds_for(unit: Unit) -> dict[str, str]:
    """The answers of the Symbol box, code to words: "value only" is no choice where a figure is one number anyway."""
    return {code: words for code, words in KIND_WORDS.items() if code != VALUE_ONLY or has_parts(unit)}


def normalised(raw: Mapping[str, str]) -> dict[str, str]:
    """The texts of one cell, every field present, without outer blanks and with one kind of line end."""
    texts = {n: (raw.get(n) or "").replace("\r\n", "\n").replace("\r", "\n").strip() for n in FIELDS}
    texts["kind"] = _KIND_BY_TEXT.get(texts["kind"].casefold(), texts["kind"]) or FIGURE
    texts["flags"] = " ".join(texts["flags"].split())
    return texts


def fingerprint(texts: Mapping[str, str]) -> str:
    """A short text that tells whether a cell still reads as it was shown, so that an untouched one is left alone."""
    joined = "\x1f".join(normalised(texts)[name] for name in FIELDS)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def unguarded(text: str) -> str:
    """A text of a file without the apostrophe that `table_spec.neutralised` puts before what looks like a formula."""
    return text[1:] if _GUARDED.match(text) else text


def _number_text(number: Decimal | None, *, plain: bool) -> str:
    if number is None:
        return ""
    text = f"{number:f}" if plain else f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date_text(day: date | None, *, plain: bool) -> str:
    if day is None:
        return ""
    return day.isoformat() if plain else f"{day.day} {day:%B %Y}"


def texts_of(cell: CellInput, unit: Unit, *, plain: bool = False) -> dict[str, str]:
    """The texts that would be typed to give this cell, by FIELDS; `plain`: as a file holds them (1266, 2022-03-31)."""
    kind = FIGURE
    if cell.missing_reason is not None:
        kind = cell.missing_reason.value
    elif cell.basis is Basis.VALUE_ONLY and has_parts(unit):
        kind = VALUE_ONLY
    texts = {name: getattr(cell, name) for name in FIELDS if name != "kind"}
    for name in ("numerator", "denominator", "value"):
        texts[name] = _number_text(texts[name], plain=plain)
    for name in ("expected_on", "as_at_on", "extracted_on"):
        texts[name] = _date_text(texts[name], plain=plain)
    return {"kind": kind} | texts


def parse_date(text: str) -> date | None:
    """A typed date, such as 31/3/2022 or 31 March 2022; None for an empty text. Raises DateTextError."""
    text = " ".join(text.split())
    if not text:
        return None
    if has_other_digits(text):
        raise DateTextError(f"{quoted(text)} {OTHER_DIGITS}")
    for pattern in _DATE_FORMATS:
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
        if day.year in _YEARS:
            return day
    raise DateTextError(f"{quoted(text)} is not a date that exists. Write it as 31/3/2022 or 31 March 2022.")


def read_cell(raw: Mapping[str, str], *, unit: Unit, around: Around = NOTHING_KNOWN) -> Reading:
    """The typed texts of one cell (keys: FIELDS, missing ones empty) as a cell that can be stored.

    Everything wrong is reported at once. A cell with a problem yields no cell at all, so nothing half-read is stored.
    What is known `around` the cell is what it is checked against.
    """
    texts = normalised(raw)
    problems: list[Problem] = []
    basis, numbers, missing = _read_numbers(texts, unit, problems)
    details = _read_details(texts, missing, problems)
    if problems:
        return Reading(None, tuple(problems))
    cell = CellInput(basis=basis, missing_reason=missing, **numbers, **details)  # type: ignore[arg-type]
    impossible = problems_about(cell, unit, around)
    if impossible:
        return Reading(None, tuple(impossible))
    doubts = doubts_about(cell, unit, around)
    if basis is Basis.DERIVED and texts["value"]:
        words = f"The value {texts['value'][:20]} is left out: the result is worked out from the two counts."
        doubts.append(Doubt(words, asks_reason=False, field="value"))
    if missing is MissingReason.NO_COHORT and texts["numerator"]:
        doubts.append(Doubt("0 of 0 is no figure: it is kept as “No cohort”.", asks_reason=False, field="kind"))
    return Reading(cell, doubts=tuple(doubts))


def _in_another_unit(text: str, sign: str, name: str, unit: Unit) -> str:
    """That a box takes no percentage, or no amount of money, and what it takes."""
    what = "a percentage" if sign == "%" else "an amount of money"
    is_count = name != "value" or unit is Unit.COUNT
    asked = "a count, for example 1,266" if is_count else unit_asked(unit)
    advice = (
        " For a percentage alone choose “Value only”." if name != "value" and sign == "%" and is_share(unit) else ""
    )
    return f"{quoted(text, 20)} is {what}, and this box takes {asked}.{advice}"


def _number(texts: Mapping[str, str], name: str, unit: Unit, problems: list[Problem]) -> Decimal | None:
    if not texts[name]:
        return None
    for sign, goes_with in (("%", Unit.PERCENT), ("£", Unit.POUNDS)):
        if sign in texts[name] and (name != "value" or unit is not goes_with):
            problems.append(Problem(name, _in_another_unit(texts[name], sign, name, unit)))
            return None
    try:
        number = parse_number(texts[name], brackets_negative=unit is Unit.POUNDS)
    except NumberTextError as error:
        problems.append(Problem(name, str(error)))
        return None
    if unit is Unit.POUNDS and number != round_half_up(number, 2):
        problems.append(Problem(name, "There is no part of a penny: type at most 2 decimals."))
        return None
    return number


def _read_numbers(
    texts: Mapping[str, str], unit: Unit, problems: list[Problem]
) -> tuple[Basis | None, dict[str, Decimal | None], MissingReason | None]:
    kind = texts["kind"]
    if kind not in KIND_WORDS:
        problems.append(Problem("kind", "Choose one of the listed kinds of figure."))
        return None, {}, None
    if kind == VALUE_ONLY or (kind == FIGURE and unit not in HAS_PARTS):
        return _read_value(texts, unit, problems)
    if kind == FIGURE:
        return _read_parts(texts, unit, problems)
    if any(texts[name] for name in ("numerator", "denominator", "value")):
        words = KIND_WORDS[kind].lower()
        problems.append(
            Problem("kind", f"There is a number and “{words}” as well. Clear the number, or choose “Figure”.")
        )
    return Basis.MISSING, {}, MissingReason(kind)


def _read_value(
    texts: Mapping[str, str], unit: Unit, problems: list[Problem]
) -> tuple[Basis | None, dict[str, Decimal | None], MissingReason | None]:
    if texts["numerator"] or texts["denominator"]:
        advice = (
            "Choose “Figure”, or clear them and type the value."
            if has_parts(unit)
            else "Clear them: this is one number."
        )
        problems.append(Problem("kind", f"Numerator and denominator are filled in. {advice}"))
        return None, {}, None
    value = _number(texts, "value", unit, problems)
    if value is None:
        return None, {}, None
    if value < 0 and unit is not Unit.POUNDS:
        problems.append(Problem("value", "The value cannot be below 0."))
    if is_share(unit) and value > 100:
        problems.append(
            Problem("value", f"{written(value, unit)} is more than the whole. Type a percentage from 0 to 100.")
        )
    return Basis.VALUE_ONLY, {"value": value}, None


def _read_parts(
    texts: Mapping[str, str], unit: Unit, problems: list[Problem]
) -> tuple[Basis | None, dict[str, Decimal | None], MissingReason | None]:
    if texts["value"] and not (texts["numerator"] and texts["denominator"]):
        problems.append(
            Problem("kind", "Only a value is filled in. Choose “Value only”, or type numerator and denominator.")
        )
        return None, {}, None
    before = len(problems)
    numerator = _number(texts, "numerator", unit, problems)
    denominator = _number(texts, "denominator", unit, problems)
    if len(problems) > before or (numerator is None and denominator is None):
        return None, {}, None
    for name, number, other in (("numerator", numerator, "denominator"), ("denominator", denominator, "numerator")):
        if number is None:
            problems.append(Problem(name, f"The {name} is missing. Type it, or clear the {other}."))
        elif number < 0:
            problems.append(Problem(name, f"The {name} cannot be below 0."))
    if len(problems) > before or numerator is None or denominator is None:
        return None, {}, None
    if denominator == 0 and numerator == 0:
        return Basis.MISSING, {}, MissingReason.NO_COHORT
    if denominator == 0:
        problems.append(Problem("denominator", "The denominator is 0 but the numerator is not. Correct one of them."))
        return None, {}, None
    if is_share(unit) and numerator > denominator:
        limit = written(denominator, Unit.COUNT)
        problems.append(
            Problem(
                "numerator",
                f"Numerator must be {limit} or less. Swap the two boxes if they are the wrong way round.",
            )
        )
        return None, {}, None
    return Basis.DERIVED, {"numerator": numerator, "denominator": denominator}, None


def _read_details(
    texts: Mapping[str, str], missing: MissingReason | None, problems: list[Problem]
) -> dict[str, str | date | None]:
    details: dict[str, str | date | None] = {}
    for name in ("expected_on", "as_at_on", "extracted_on"):
        try:
            details[name] = parse_date(texts[name])
        except DateTextError as error:
            problems.append(Problem(name, str(error)))
    for name, choices in (("not_reportable_code", NotReportableCode), ("confidence", Confidence)):
        if texts[name] and texts[name] not in {c.value for c in choices}:
            problems.append(Problem(name, "Choose one of the listed answers."))
        details[name] = texts[name]
    letters = texts["flags"].split()
    if not set(letters) <= {f.value for f in Flag}:
        problems.append(Problem("flags", "Use only the letters p, r, b, u and e."))
    elif letters and missing is not None:
        problems.append(Problem("flags", "A flag goes with a number. Clear the flags, or enter the figure."))
    details["flags"] = " ".join(f.value for f in Flag if f.value in letters)
    limits = {"headline": HEADLINE_MAX, "commentary": COMMENTARY_MAX, "responsible_role": 120, "source_system": 120}
    limits |= {"confidence_reason": SHORT_TEXT_MAX, "validation_task": 200, "keep_reason": SHORT_TEXT_MAX}
    for name, limit in limits.items():
        if len(texts[name]) > limit:
            over = len(texts[name]) - limit
            some = "1 character" if over == 1 else f"{over:,} characters"
            problems.append(Problem(name, f"Shorten this by {some}; it holds {limit:,} at most."))
        elif not is_storable(texts[name]):
            problems.append(Problem(name, NOT_STORABLE))
        details[name] = texts[name]
    if missing is not MissingReason.NOT_REPORTABLE:
        details["not_reportable_code"] = ""
    if missing is None:
        details["responsible_role"], details["expected_on"] = "", None
    if texts["confidence"] in {Confidence.CAUTION, Confidence.LOW} and not texts["confidence_reason"]:
        problems.append(Problem("confidence_reason", "Say why the data need caution."))
    return details


def findings_about(cell: CellInput, unit: Unit, around: Around = NOTHING_KNOWN) -> list[Finding]:
    """What the checks engine finds about the figure of a cell; nothing where it has none."""
    if cell.basis in (None, Basis.MISSING):
        return []
    entered = Entered(
        unit, cell.numerator, cell.denominator, cell.value, counts=around.counts, start_on=around.start_on,
        end_on=around.end_on, as_at_on=cell.as_at_on, extracted_on=cell.extracted_on, today=around.today,
        earlier=around.earlier,
    )  # fmt: skip
    return check_entered(entered)


def problems_about(cell: CellInput, unit: Unit, around: Around = NOTHING_KNOWN) -> list[Problem]:
    """What cannot be true of the figure as it stands, such as a date that is still to come: to be put right."""
    return [
        Problem(finding.field, finding.sentence)
        for finding in findings_about(cell, unit, around)
        if finding.severity is Severity.HARD
    ]


def doubts_about(cell: CellInput, unit: Unit, around: Around = NOTHING_KNOWN) -> list[Doubt]:
    """What a careful reader would ask about: the commentary quotes another percentage; the figure itself looks odd;
    text a spreadsheet would run."""
    doubts = []
    measured = cell.measured()
    number = measured.number(unit) if measured else None
    if number is not None and unit is Unit.PERCENT:
        said = _TARGET_IN_TEXT.sub("", cell.commentary)
        quoted = [Decimal(text) for text in _PERCENT_IN_TEXT.findall(said)]
        if quoted and not any(_agrees(q, number) for q in quoted):
            first = written(quoted[0], unit)
            if cell.numerator is not None and cell.denominator is not None:
                parts = f"{written(cell.numerator, Unit.COUNT)} of {written(cell.denominator, Unit.COUNT)}"
                percent = ratio(cell.numerator, cell.denominator, unit)
                found = f"{parts} is {written(percent, unit, 1)}"
            else:
                found = f"The figure is {written(number, unit)}"
            words = f"The commentary says {first}. {found}. Correct one, or keep both and say why."
            doubts.append(Doubt(words, field="commentary"))
    odd = [finding for finding in findings_about(cell, unit, around) if finding.severity is Severity.SOFT]
    doubts += [Doubt(finding.sentence, field=finding.field) for finding in odd]
    for name in ("commentary", "headline"):
        if getattr(cell, name).startswith(_FORMULA_START):
            doubts.append(
                Doubt(
                    "The text starts with a sign that a spreadsheet takes for a formula. It is kept as it is; "
                    "downloads put an apostrophe before it.",
                    asks_reason=False,
                    field=name,
                )
            )
            break
    return doubts


def _agrees(quoted: Decimal, number: Decimal) -> bool:
    exponent = quoted.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return round_half_up(number, places) == quoted


OUTSIDE_WITHOUT_WORDS = Problem("commentary", "It is outside tolerance: say why, and what is being done.")


def missing_before_submission(cell: CellInput, *, is_outside: bool, limit: str = "") -> list[Problem]:
    """What a return may not be submitted without: a figure or its reason, and words where the figure is off or, by
    `limit` (see `commentary_limits`), large."""
    if cell.basis is None:
        return [Problem("numerator", "Enter the figure, or choose why there is none.")]
    problems = []
    if cell.basis is Basis.MISSING and not cell.commentary:
        problems.append(Problem("commentary", "Say why there is no figure."))
    if cell.basis is Basis.MISSING and cell.missing_reason is MissingReason.NOT_REPORTABLE:
        if not cell.not_reportable_code:
            problems.append(Problem("not_reportable_code", "Choose why it is not reportable."))
        if not cell.responsible_role:
            problems.append(Problem("responsible_role", "Name the role that will make it reportable."))
        if cell.expected_on is None:
            problems.append(Problem("expected_on", "Give the date by which it is expected."))
    if is_outside and not cell.commentary:
        problems.append(OUTSIDE_WITHOUT_WORDS)
    elif limit and not cell.commentary:
        problems.append(Problem("commentary", large_words(limit)))
    return problems
