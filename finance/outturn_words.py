"""What is said of an outturn in sentences."""

from collections.abc import Sequence
from decimal import Decimal

from finance.outturn import Row, variance_words
from finance.outturn_parts import ChangeRow, ChangeVerdict
from finance.outturn_proof import BESIDE, Proof
from finance.outturn_sums import SumOutcome
from finance.outturn_table import OutturnRow, Reason
from indicators.phrases import capital, listed
from indicators.units import Unit, written


def total_words(total: Row, reasons: Sequence[Reason]) -> str:
    """The total in words, and by reason: "£5.832m overspend: £4.782m overspend of operating costs and …"."""
    if total.net is None:
        return ""
    said = variance_words(total.net.value, total.net.quantum)
    known = [(r.name, amount) for r in reasons if (amount := total.by_reason.get(r.code)) is not None]
    if not known:
        return said
    parts = [f"{variance_words(amount.value, amount.quantum)} ({name})" for name, amount in known]
    return f"{said}: {listed(parts)}"


def large_heading(rows: Sequence[OutturnRow]) -> str:
    """How many headings ask for commentary."""
    heads = [row for row in rows if row.level == "heading"]
    found = sum(row.is_large for row in heads)
    limits = {row.limit for row in heads if row.limit is not None}
    size = f"by {written(next(iter(limits)), Unit.POUNDS)} or more" if len(limits) == 1 else "by enough to ask why"
    if not found:
        return f"No heading is over or under budget {size}"
    return f"{found} of {len(heads)} headings {'is' if found == 1 else 'are'} over or under budget {size}"


def large_words(rows: Sequence[OutturnRow]) -> str:
    """Which headings ask for commentary, the largest first, and on what there is none yet; empty where none asks."""
    heads = [row for row in rows if row.is_large and row.level == "heading" and row.row.net is not None]
    found = sorted(heads, key=lambda row: -row.row.net.value.copy_abs() if row.row.net else Decimal(0))
    silent = [row.row.head.name for row in rows if row.is_large and not row.commentary]
    said = [f"{capital(listed([f'{row.row.head.name} ({row.row.words})' for row in found]))}."] if found else []
    return " ".join([*said, f"There is no commentary yet on {listed(silent)}."] if silent else said)


def proof_heading(proof: Proof) -> str:
    """What the sums come to, as a heading."""
    wrong, missing = len(proof.having(SumOutcome.DOES_NOT)), len(proof.having(SumOutcome.MISSING))
    if wrong:
        return f"{wrong} sum{'' if wrong == 1 else 's'} {'does' if wrong == 1 else 'do'} not add up"
    if missing == len(proof.sums):
        return "Whether it adds up cannot be checked"
    return f"It adds up{'' if proof.is_exact else ' within rounding'}{', as far as it is reported' if missing else ''}"


def rounded_words(proof: Proof) -> str:
    """How many sums need rounding, in the table and beside it."""
    found = [one.place for one in proof.having(SumOutcome.WITHIN_ROUNDING)]
    beside = found.count(BESIDE)
    said = f"Sums that need rounding, and how much: {len(found) - beside} of the table"
    return f"{said} and {beside} beside it" if beside else said


def changes_heading(rows: Sequence[ChangeRow]) -> str:
    """How the changes that are reported stand to those that two quarters make."""
    held = [row for row in rows if row.held is not None]
    wrong = sum(row.verdict is ChangeVerdict.DOES_NOT for row in held)
    if not held:
        return "The change since the quarter before, worked out"
    if not wrong:
        return f"All {len(held)} changes that are reported agree with the two quarters"
    return f"{wrong} of {len(held)} changes that are reported {'does' if wrong == 1 else 'do'} not agree with them"


def lead_words(total: Row, reasons: Sequence[Reason], label: str) -> str:
    """The first sentence of the page; empty where the total is not known."""
    said = total_words(total, reasons)
    return f"{label}: {said}." if said else ""


def section_words(rows: Sequence[OutturnRow], total: Row, proof: Proof, label: str) -> str:
    """What the overview says of the latest quarter."""
    said = [f"{label}: {total_words(total, ()) or 'the total is not reported'}."]
    heads = [row for row in rows if row.level == "heading"]
    if large := sum(row.is_large for row in heads):
        said.append(f"{large} of {len(heads)} headings ask for commentary.")
    if proof.sums:
        said.append(f"{proof_heading(proof)}.")
    return " ".join(said)
