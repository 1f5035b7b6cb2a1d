"""Which sums of an outturn can be checked, how they stand, and what is missing, by name.

A number that is worked out (see `outturn.table_of`) proves nothing about the sum it was worked out by; with others it
can still be held against a total that somebody reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from finance.outturn import Amounts, Cell, Head, Measure, Row, Side, Table, change_key, spend_key, variance_key
from finance.outturn_sums import SumOutcome, SumResult, TableSum, screen, sums_of_table, table_sentence
from indicators.balance import Amount
from indicators.checks_engine.sums import Identity
from indicators.phrases import listed

HEADING, BESIDE = "table", "beside"


@dataclass(frozen=True)
class CheckedSum:
    """A sum of the table or beside it (a line by its reasons, a change by its reasons) with how it stands; `missing`
    are the numbers it lacks, by name."""

    result: SumResult
    place: str
    missing: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What came out; of what cannot be checked, which numbers are missing."""
        if not self.missing:
            return self.result.sentence
        verb = "is" if len(self.missing) == 1 else "are"
        return f"{self.result.of.name}: cannot be checked, {listed(self.missing)} {verb} missing."


@dataclass(frozen=True)
class Proof:
    """Every sum that can be asked of an outturn; `is_exact`: no number of it is rounded, so that each sum by itself
    proves it, and none needs a solver."""

    sums: tuple[CheckedSum, ...]
    is_exact: bool

    def having(self, outcome: SumOutcome) -> tuple[CheckedSum, ...]:
        """Those that came out so, in order."""
        return tuple(one for one in self.sums if one.result.outcome is outcome)

    @property
    def table_said(self) -> str:
        """How the sums of the table stand; empty where there are none."""
        found = [one.result for one in self.sums if one.place == HEADING]
        return table_sentence(found) if found else ""

    @property
    def beside_said(self) -> str:
        """How those beside the table stand; empty where there are none."""
        found = [one.result for one in self.sums if one.place == BESIDE]
        wrong = sum(result.outcome is SumOutcome.DOES_NOT for result in found)
        if not found:
            return ""
        number = f"{len(found)} more sum{'' if len(found) == 1 else 's'} of lines and changes"
        if not wrong:
            return f"{number} {'holds' if len(found) == 1 else 'hold'} too."
        return f"Of {number} {wrong} {'does' if wrong == 1 else 'do'} not hold."


def completed(table: Table, figures: Amounts) -> tuple[dict[str, Amount], dict[str, frozenset[str]]]:
    """The figures that are known, with what the table works out of them; and for each of the latter, of which."""
    known = {key: amount for key, amount in figures.items() if amount is not None}
    heads = [row.head.code for row in table.heads]
    made_of: dict[str, frozenset[str]] = {}
    for row in (*table.heads, table.total):
        code = row.head.code
        for (side, measure), cell in row.spend.items():
            parts = [spend_key(m, side, code) for m in (Measure.GROSS, Measure.INCOME)]
            of_heads = [] if code else [spend_key(measure, side, head) for head in heads]
            _add(spend_key(measure, side, code), cell, parts, of_heads, known, made_of)
        for measure, cell in row.variance.items():
            parts = [spend_key(measure, side, code) for side in Side]
            of_heads = [] if code else [variance_key(measure, head) for head in heads]
            _add(variance_key(measure, code), cell, parts, of_heads, known, made_of)
    return known, made_of


def _add(
    key: str,
    cell: Cell,
    parts: Sequence[str],
    of_heads: Sequence[str],
    known: dict[str, Amount],
    made_of: dict[str, frozenset[str]],
) -> None:
    if cell.is_worked_out and cell.amount is not None:
        made_of[key] = frozenset(parts if key not in parts and all(part in known for part in parts) else of_heads)
        known[key] = cell.amount


def proof_of(heads: Sequence[Head], table: Table, figures: Amounts, reasons: Mapping[str, str]) -> Proof:
    """Every sum of these figures that says something: left out is what was worked out by that very sum, what nobody
    reports, and a line of which not every reason is reported. `reasons`: code to name."""
    known, made_of = completed(table, figures)
    asked = [(HEADING, one) for one in sums_of_table(_top(heads), tuple(reasons))]
    asked += [(BESIDE, one) for one in _beside(heads, table, tuple(reasons))]
    found = [(place, _named(one, reasons)) for place, one in asked if _tells(one, known, made_of)]
    results = screen([one for _, one in found], known)
    names = {head.code: head.name for head in heads}
    checked = tuple(
        CheckedSum(
            result, place, tuple(words_of_key(key, names, reasons) for key in result.of.keys if key not in known)
        )
        for (place, _), result in zip(found, results, strict=True)
    )
    return Proof(checked, all(amount.is_exact for amount in known.values()))


def _top(heads: Sequence[Head]) -> tuple[Head, ...]:
    return tuple(head for head in heads if not head.parent)


def _beside(heads: Sequence[Head], table: Table, reasons: Sequence[str]) -> list[TableSum]:
    """A line by its reasons where all are reported; the change of whatever has one as a whole, by its reasons."""
    found = []
    for one in sums_of_table(heads, reasons):
        if one.name.endswith(": by reason"):
            found.append(one)
    rows: list[Row] = [table.total, *(row for head in table.heads for row in (head, *head.lines))]
    for row in rows:
        head, line = (row.head.parent, row.head.code) if row.head.parent else (row.head.code, "")
        if row.change_reported is not None:
            parts = [change_key(head, line, reason) for reason in reasons]
            whole = change_key(head, line)
            factors = ((whole, Fraction(-1)), *((key, Fraction(1)) for key in parts))
            name = f"{row.head.name}: change since the quarter before by reason"
            found.append(TableSum(name, Identity(f"{whole} = {' '.join(parts)}", factors, Fraction(0))))
    reported = _reported(rows, reasons)
    return [one for one in found if all(key in reported for key in one.keys)]


def _reported(rows: Sequence[Row], reasons: Sequence[str]) -> set[str]:
    """The keys of lines, reasons and changes that have a number."""
    found = set()
    for row in rows:
        head, line = (row.head.parent, row.head.code) if row.head.parent else (row.head.code, "")
        keys = {variance_key(Measure.NET, head, line): row.net, change_key(head, line): row.change_reported}
        keys |= {variance_key(Measure.NET, head, line, reason): row.by_reason.get(reason) for reason in reasons}
        keys |= {change_key(head, line, reason): row.change.get(reason) for reason in reasons}
        found |= {key for key, amount in keys.items() if amount is not None}
    return found


def _tells(one: TableSum, known: Mapping[str, Amount], made_of: Mapping[str, frozenset[str]]) -> bool:
    """Whether somebody has said what the sum should make, and something of what makes it; of a number that is worked
    out, whether others than those it is made of make it too."""
    whole, *parts = one.keys
    if whole not in known or not any(key in known for key in parts):
        return False
    return whole not in made_of or (made_of[whole] != frozenset(parts) and not any(key in made_of for key in parts))


def _named(one: TableSum, reasons: Mapping[str, str]) -> TableSum:
    """The sum with the names of reasons for their codes: "Total: Covid variance"."""
    for code, name in reasons.items():
        for words in ("variance", "change"):
            if one.name == f"Total: {code} {words}":
                return TableSum(f"Total: {words} for the reason “{name}”", one.identity)
    return one


def words_of_key(key: str, names: Mapping[str, str], reasons: Mapping[str, str]) -> str:
    """What a figure is called: "Youth Justice, net budget"; of the grand total "the total, gross variance"."""
    indicator, _, slice_ = key.partition("/")
    parts = dict(part.split("=", 1) for part in slice_.split("|")) if slice_ else {}
    code = parts.get("line") or parts.get("head", "")
    name = names.get(code, code) if code else "the total"
    what = indicator.replace("variance-net-change", "change").removeprefix("spend-")
    if what.startswith("variance-"):
        what = f"{what.removeprefix('variance-')} variance"
    side, reason = parts.get("side", ""), parts.get("variance-reason", "")
    what = f"{what} {side}" if side in {s.value for s in Side} else what
    return f"{name}, {what}" + (f" ({reasons.get(reason, reason)})" if reason else "")
