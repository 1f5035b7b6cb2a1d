"""The rows of the entry grid and of the review table as finished texts, so that each template is one plain loop."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from indicators import entry, marks, rag
from indicators.committee_table import edges_of
from indicators.direction_of_travel import Change, ChangeCode, change_words, written_change
from indicators.entry import FIELDS, Problem, Reading
from indicators.measurement import CONFIDENCE_WORDS, FLAG_WORDS, NOT_REPORTABLE_WORDS, Basis, Measured
from indicators.operations import CellChange
from indicators.operations.errors import Clash
from indicators.rag import Judgement, Rating, Standard, ToleranceKind
from indicators.selectors.returns import Sheet, SheetLine
from indicators.units import Unit, written, written_apart, written_exactly
from indicators.views.addresses import indicator_url
from indicators.views.entry_moments import clash_words, clock_words

FIELD_WORDS = {
    "kind": "Symbol",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "value": "Value",
    "not_reportable_code": "Why it is not reportable",
    "responsible_role": "Responsible role",
    "expected_on": "Expected date",
    "flags": "Flags",
    "confidence": "Confidence in the data",
    "confidence_reason": "Why the data need caution",
    "validation_task": "What is being done to check them",
    "source_system": "Source system",
    "as_at_on": "As at",
    "extracted_on": "Extracted on",
    "headline": "Headline",
    "commentary": "Commentary",
    "keep_reason": "Reason to keep",
}
IN_DETAILS = frozenset(FIELDS) - {"kind", "numerator", "denominator", "value", "commentary", "keep_reason"}
_UNIT_WORDS = {
    Unit.PERCENT: "Value, %",
    Unit.COUNT: "Number",
    Unit.DAYS: "Value, days",
    Unit.PER_10000: "Value, per 10,000",
    Unit.PER_100000: "Value, per 100,000",
    Unit.POUNDS: "Value, £",
}
NO_TARGET = "No target set"
_SOUND = dict.fromkeys(FIELDS, mark_safe(""))
_CONFIDENCES = (("", "Not stated"), *((c.value, words) for c, words in CONFIDENCE_WORDS.items()))
_CODES = (("", "Choose a reason"), *((c.value, words) for c, words in NOT_REPORTABLE_WORDS.items()))


@dataclass(frozen=True)
class Typed:
    """One row as it came in a form: what was typed, and the version it was typed over."""

    line: SheetLine
    texts: Mapping[str, str]
    base: str
    was: str
    reading: Reading
    clash: Clash | None = None

    @property
    def pk(self) -> int:
        """The id that the form names the line with."""
        return self.line.due.line.pk

    @property
    def is_touched(self) -> bool:
        """Whether it differs from what the page had shown."""
        return entry.fingerprint(self.texts) != self.was

    def change(self) -> CellChange | None:
        """What to save; None when it cannot be."""
        if self.reading.cell is None:
            return None
        return CellChange(self.line.due.line.series, self.reading.cell, self.base)


def read_form(sheet: Sheet, data: QueryDict, *, only: int | None = None) -> list[Typed]:
    """The touched rows of a sent form, read. A row whose conflict was decided for the other version is left out."""
    found = []
    for pk, line in sheet.by_pk.items():
        name = f"c-{pk}-"
        base = data.get(f"{name}base")
        if base is None or (only is not None and pk != only) or data.get(f"{name}choice") == "theirs":
            continue
        if data.get(f"{name}choice") == "mine":
            base = data.get(f"{name}their", "")
        raw = {field: data.get(name + field, "") for field in FIELDS} | {
            "flags": " ".join(data.getlist(f"{name}flags"))
        }
        texts = entry.normalised(raw)
        reading = entry.read_cell(texts, unit=line.unit, around=line.around)
        typed = Typed(line, texts, base, data.get(f"{name}was", ""), reading)
        if typed.is_touched:
            found.append(typed)
    return found


# Words


def value_words(measured: Measured | None, unit: Unit, places: int, standard: Standard | None = None) -> str:
    """A figure in words: the number, its limit, the outcome that a paper states, or why there is none."""
    if measured is None:
        return "No figure entered"
    if measured.missing_reason is not None:
        return rag.missing_words(measured.missing_reason)
    if measured.basis is Basis.STATED_OUTCOME:
        return "Target met, as stated" if measured.stated_met else "Target not met, as stated"
    number = measured.number(unit)
    if number is None:
        return "No figure entered"
    if measured.basis is not Basis.DERIVED:
        return written(number, unit, None, measured.qualifier)
    return written_apart(number, edges_of(unit, standard), unit, places)


def counts_words(measured: Measured | None, unit: Unit) -> str:
    """What a figure was counted from: "1,266 of 1,514", or that there is a value only."""
    if measured is None or measured.number(unit) is None:
        return ""
    if measured.numerator is not None and measured.denominator is not None:
        return f"{written(measured.numerator, Unit.COUNT)} of {written(measured.denominator, Unit.COUNT)}"
    return "value only" if entry.has_parts(unit) else ""


def target_words(line: SheetLine) -> str:
    """Target and tolerance of a line in one phrase; without a target, the size from which it asks for commentary."""
    standard, unit = line.standard, line.unit
    if standard is None or standard.target is None:
        limit = line.due.line.commentary_from
        if limit is not None:
            return f"Commentary from {written(limit, unit)} over or under 0"
        return NO_TARGET
    if standard.suspended:
        return "Target suspended"
    target = written_exactly(standard.target, unit)
    if standard.band is not None:
        target = f"{target} give or take {written_exactly(standard.band, unit)}"
    if standard.tolerance is None:
        return f"Target {target}, no tolerance"
    tolerance = {
        ToleranceKind.RELATIVE: f"{written_exactly(standard.tolerance, Unit.PERCENT)} of target",
        ToleranceKind.POINTS: f"within {written_exactly(standard.tolerance, unit)}",
    }.get(standard.tolerance_kind, written_exactly(standard.tolerance, unit))
    return f"Target {target}, tolerance {tolerance}"


def rating_words(judgement: Judgement, *, short: bool) -> str:
    """The rating in words, short ones where the cell is narrow."""
    return (rag.short_words if short else rag.words)(judgement.rating, judgement.reason)


def _change_words(change: Change, unit: Unit, places: int) -> str:
    """How a figure compares with the one before, which stands beside it."""
    if change.code is ChangeCode.NOT_COMPARED:
        return f"Not compared: {change_words(change)}" if change_words(change) else ""
    meaning = {ChangeCode.BETTER: ", better", ChangeCode.WORSE: ", worse"}.get(change.code, "")
    return written_change(change, unit, places) + meaning


def hint_words(problems: Sequence[Problem]) -> str:
    """What is still to be filled in before the return can be submitted, in one sentence."""
    if not problems:
        return ""
    said = [p.message.rstrip(".") for p in problems]
    return "Before you submit: " + "; ".join(f"{text[0].lower()}{text[1:]}" for text in said) + "."


def _earlier_words(line: SheetLine) -> SafeString:
    if not line.earlier:
        return mark_safe("No earlier figures held")
    places = line.due.version.places
    parts = (
        (e.label, value_words(e.measured, line.unit, places), " (before a break in the series)" * e.is_before_break)
        for e in line.earlier
    )
    return format_html_join(", ", '<span class="nb">{}: <b>{}</b></span>{}', parts)


def _reported_words(line: SheetLine) -> str:
    if line.approved is None:
        return ""
    measured = line.approved.measured()
    words = rating_words(line.judged(measured), short=False)
    value = value_words(measured, line.unit, line.due.version.places, line.standard)
    if measured.numerator is not None and measured.denominator is not None:
        value += f" ({counts_words(measured, line.unit)})"
    return f"Reported: {value}" if words == value else f"Reported: {value}, {words.lower()}"


# The entry grid


@lru_cache(maxsize=512)
def _options(choices: Sequence[tuple[str, str]], chosen: str) -> SafeString:
    picked = ((code, mark_safe(" selected") if code == chosen else "", words) for code, words in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', picked)


@lru_cache(maxsize=32)
def _kinds(unit: Unit) -> tuple[tuple[str, str], ...]:
    return tuple(entry.kinds_for(unit).items())


def shape_of(texts: Mapping[str, str], unit: Unit) -> str:
    """Which boxes of a row are open: those its kind needs, and all of them when a number stands in another one."""
    kind = texts["kind"]
    parts, value = bool(texts["numerator"] or texts["denominator"]), bool(texts["value"])
    if not entry.has_parts(unit):
        return "is-one is-value" if kind in {entry.FIGURE, entry.VALUE_ONLY} or value else "is-one is-none"
    if kind == entry.FIGURE:
        return "is-all" if value else "is-figure"
    if kind == entry.VALUE_ONLY:
        return "is-all" if parts else "is-value"
    return "is-all" if parts or value else "is-none"


def field_id(pk: int, field: str, unit: Unit) -> str:
    """The id of the box that a problem is about."""
    if field in {"numerator", "denominator"} and not entry.has_parts(unit):
        field = "value"
    return f"c-{pk}-flags-p" if field == "flags" else f"c-{pk}-{field}"


def error_links(row: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the error summary says about a row."""
    return [{"text": f"{row['name']}: {p.message[0].lower()}{p.message[1:]}", "href": href} for p, href in row["wrong"]]


def entry_row(
    line: SheetLine,
    *,
    partnership: str,
    now: datetime,
    viewer_id: int,
    typed: Typed | None = None,
    points: Sequence[Problem] = (),
    sums: Sequence[str] = (),
) -> dict[str, Any]:
    """One row of the grid: as typed where it could not be saved, else as saved. `points` bar the way to submitting;
    `sums` are the sentences of sums that the row stands for and that still ask for a reason."""
    pk, unit, version = line.due.line.pk, line.unit, line.due.version
    saved = entry.texts_of(line.cell, unit)
    texts = typed.texts if typed else saved
    cell = typed.reading.cell if typed else line.cell
    measured = (cell.measured() if cell else None) if typed else line.measured
    judgement = line.judged(measured)
    number = measured.number(unit) if measured else None
    problems = list(typed.reading.problems if typed else points)
    doubts = list(typed.reading.doubts if typed else line.doubts)
    asks = bool(sums) or bool(cell and not cell.keep_reason and any(d.asks_reason for d in doubts))
    state, words, when = state_of(line, typed, now, viewer_id, asks=asks, has_points=bool(points))
    if typed and typed.clash:
        problems.append(Problem("choice", clash_words(typed.clash, now) + " Choose which one stands."))
    wrong = [(p, f"#{field_id(pk, p.field, unit)}") for p in problems]
    tone = "err" if problems else "warn" if asks or state == "unsaved" else ""
    outside = judgement.rating is Rating.OUTSIDE
    limit = line.due.limit(measured)
    asked = cell is not None and cell.basis is not None and not points
    hints = entry.missing_before_submission(cell, is_outside=outside, limit=limit) if cell and asked else []
    return {
        "pk": pk,
        "name": line.due.name,
        "code": line.due.line.series.indicator.code,
        "theme": line.due.line.theme.name,
        "url": indicator_url(partnership, line.due.line.series.indicator.code, line.due.line.series.slice.key),
        "target": target_words(line),
        "earlier": _earlier_words(line),
        "reported": _reported_words(line),
        "numerator_means": version.numerator,
        "denominator_means": version.denominator,
        "has_parts": entry.has_parts(unit),
        "value_label": _UNIT_WORDS[unit],
        "t": texts,
        "kinds": _options(_kinds(unit), texts["kind"]),
        "codes": _options(_CODES, texts["not_reportable_code"]),
        "confidences": _options(_CONFIDENCES, texts["confidence"]),
        "flags": _flag_boxes(pk, texts["flags"]),
        "base": typed.base if typed else line.version,
        "was": typed.was if typed else entry.fingerprint(saved),
        "clash": _clash(typed, line) if typed and typed.clash else None,
        "shape": shape_of(texts, unit),
        "result": "" if number is None else result_words(value_words(measured, unit, version.places, line.standard)),
        "rating": "" if number is None else mark_safe(  # noqa: S308
            marks.rating_short(judgement.rating.value, rating_words(judgement, short=True))
        ),
        "said": _said(problems, doubts, sums),
        "tone": tone,
        "bad": _marked(pk, problems, [*doubts, *(entry.Doubt(text, field="keep_reason") for text in sums)], unit),
        "wrong": wrong,
        "hints": hint_words(hints),
        "why": bool(texts["keep_reason"] or sums)
        or any(d.asks_reason for d in doubts)
        or any(p.field == "keep_reason" for p in problems),
        "is_open": any(p.field in IN_DETAILS for p in (*problems, *hints)),
        "filled": any(texts[name] for name in IN_DETAILS),
        "state": state,
        "state_words": words,
        "when": when,
    }  # fmt: skip


def result_words(text: str) -> str:
    """A figure without the words that its row says already."""
    return text.removesuffix(" per 10,000").removesuffix(" per 100,000")


def state_of(
    line: SheetLine, typed: Typed | None, now: datetime, viewer_id: int, *, asks: bool, has_points: bool
) -> tuple[str, str, str]:
    """Where a row stands: a code for the counts, and the words of its last column."""
    if typed is not None:
        if typed.clash:
            return "error", "Not saved", "two versions"
        if typed.reading.problems:
            return "error", "Not saved", "kept on this page"
        return "unsaved", "Not saved yet", "kept on this page"
    if line.draft is None:
        if line.working is None:
            return "none", "Not started", ""
        return "saved", "No change", f"on record since {clock_words(line.working.recorded_at, now)}"
    when = clock_words(line.draft.updated_at, now)
    if line.draft.updated_by_id != viewer_id:
        when = f"{when}, {line.draft.updated_by}"
    if has_points:
        return "warning", "Saved, not complete", when
    return ("warning", "Saved, with a warning", when) if asks else ("saved", "Saved", when)


def _said(problems: Iterable[Problem], doubts: Iterable[entry.Doubt], sums: Sequence[str]) -> SafeString:
    """The messages of a row: each error, then each doubt. Those about a sum are marked, as other rows decide them."""
    told = {p.message: mark_safe(" data-sum" if p.message in sums else "") for p in problems}  # noqa: S308
    lines = [
        format_html('<span class="msg msg--e"{}><span class="vh">Error: </span>{}</span>', mark, text)
        for text, mark in told.items()
    ]
    lines += [format_html('<span class="msg msg--w">{}</span>', d.message) for d in doubts]
    lines += [format_html('<span class="msg msg--w" data-sum>{}</span>', text) for text in sums if text not in told]
    return mark_safe("".join(lines))  # noqa: S308


def _marked(
    pk: int, problems: Sequence[Problem], doubts: Sequence[entry.Doubt], unit: Unit
) -> Mapping[str, SafeString]:
    """The attributes of each box: which message is about it, and whether it must be put right."""
    if not problems and not doubts:
        return _SOUND
    attributes = format_html(' aria-describedby="m-{}"', pk)
    invalid = format_html(' aria-invalid="true"{}', attributes)
    doubtful, wrong = (_boxes((said.field for said in group), unit) for group in (doubts, problems))
    return _SOUND | dict.fromkeys(doubtful, attributes) | dict.fromkeys(wrong, invalid)


def _boxes(fields: Iterable[str], unit: Unit) -> set[str]:
    marked = set(fields)
    return marked | {"value"} if not entry.has_parts(unit) and marked & {"numerator", "denominator"} else marked


def _flag_boxes(pk: int, chosen: str) -> SafeString:
    return mark_safe(_flag_pattern(chosen).replace("-pk-", f"-{pk}-"))  # noqa: S308


@lru_cache(maxsize=64)
def _flag_pattern(chosen: str) -> str:
    letters = chosen.split()
    return str(
        "".join(
            format_html(
                '<label class="tick"><input type="checkbox" name="c-pk-flags" id="c-pk-flags-{}" value="{}"{}>'
                "<span><b>{}</b> {}</span></label>",
                flag.value,
                flag.value,
                mark_safe(" checked") if flag.value in letters else "",
                flag.value,
                words,
            )
            for flag, words in FLAG_WORDS.items()
        )
    )


def _clash(typed: Typed, line: SheetLine) -> dict[str, Any]:
    """Both versions of a cell that two people changed, field by field where they differ."""
    assert typed.clash is not None  # noqa: S101
    theirs = entry.texts_of(typed.clash.theirs, line.unit)
    differing = [
        {"field": FIELD_WORDS[name], "mine": _shown(name, typed.texts[name]), "theirs": _shown(name, theirs[name])}
        for name in FIELDS
        if typed.texts[name] != theirs[name]
    ]
    whose = f"{typed.clash.their_name}’s"
    saved, take = ("Saved in another window", "the saved one") if typed.clash.own_at else (f"{whose}, saved", whose)
    return {"saved": saved, "take": take, "version": typed.clash.their_version, "rows": differing}


def _shown(name: str, text: str) -> str:
    if name == "kind":
        return entry.KIND_WORDS.get(text, text)
    if name == "confidence":
        return dict(_CONFIDENCES).get(text, text)
    if name == "not_reportable_code":
        return dict(_CODES).get(text, text) if text else ""
    return text


def with_clashes(typed: Iterable[Typed], clashes: Iterable[Clash]) -> tuple[list[Typed], list[Typed]]:
    """The rows that another person changed meanwhile, with both versions; and the others."""
    by_series = {c.series_id: c for c in clashes}
    both, others = [], []
    for row in typed:
        clash = by_series.get(row.line.due.line.series_id)
        if clash:
            both.append(replace(row, clash=clash))
        else:
            others.append(row)
    return both, others


def footer_counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many rows are saved, wrong, doubtful and not started; they add up to all."""
    counts = {"all": 0, "saved": 0, "error": 0, "warning": 0, "unsaved": 0, "none": 0}
    for row in rows:
        counts["all"] += 1
        counts[row["state"]] += 1
    counts["saved"] += counts["warning"]
    return counts


# Review and status


def read_row(line: SheetLine, *, partnership: str) -> dict[str, Any]:
    """One line as it is read on the status, review and correction pages."""
    unit, version, cell = line.unit, line.due.version, line.cell
    places = version.places
    reason = entry.texts_of(cell, unit)
    before = line.earlier[0] if line.earlier else None
    return {
        "pk": line.due.line.pk,
        "name": line.due.name,
        "theme": line.due.line.theme.name,
        "url": indicator_url(partnership, line.due.line.series.indicator.code, line.due.line.series.slice.key),
        "target": target_words(line),
        "value": value_words(line.measured, unit, places, line.standard),
        "has_number": line.measured is not None and line.measured.number(unit) is not None,
        "counts": counts_words(line.measured, unit),
        "rating": mark_safe(  # noqa: S308
            marks.rating_tag(line.judgement.rating.value, rating_words(line.judgement, short=False))
        ),
        "before": f"{before.label}: {value_words(before.measured, unit, places)}" if before else "",
        "change": _change_words(line.change, unit, places) if line.measured else "",
        "reported": _reported_words(line) if line.replaces is not None else "",
        "reported_flips": line.replaces is not None
        and line.judged(line.replaces.measured()).rating is not line.judgement.rating,
        "problems": [p.message for p in line.problems],
        "doubts": [d.message for d in line.doubts],
        "keep_reason": cell.keep_reason,
        "asks_reason": line.asks_reason,
        "commentary": cell.commentary,
        "headline": cell.headline,
        "flags": [FLAG_WORDS[f] for f in FLAG_WORDS if f.value in cell.flags.split()],
        "confidence": cell.confidence,
        "confidence_reason": cell.confidence_reason,
        "validation_task": cell.validation_task,
        "not_reportable": _shown("not_reportable_code", cell.not_reportable_code),
        "responsible_role": cell.responsible_role,
        "expected": reason["expected_on"],
        "is_missing": cell.basis is Basis.MISSING,
        "source_system": cell.source_system,
        "as_at": reason["as_at_on"],
        "extracted": reason["extracted_on"],
        "is_draft": line.draft is not None,
        "by": str(line.draft.updated_by) if line.draft else line.working.actor if line.working else "",
        "odd": line.oddities,
        "marks": line.marks,
    }
