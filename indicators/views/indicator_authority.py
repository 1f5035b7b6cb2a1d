"""What the page of an indicator says of its targets and relief: every change, by whose authority, and what it was."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from indicators.as_at import london_day
from indicators.models import Relief, Target
from indicators.relief import relief_words
from indicators.selectors.indicators import IndicatorView
from indicators.selectors.reliefs import relief_of
from indicators.selectors.scorecards import period_of
from indicators.selectors.targets import in_force
from indicators.units import Unit
from indicators.views.indicator_texts import Reader, cited, dated, limits


def _said(target: Target | None, unit: Unit) -> str:
    if target is None:
        return "none set"
    words = "target {}, tolerance {}".format(*limits(target, unit))
    return f"suspended ({words})" if target.is_suspended else words


def _who(actor: str, source: str, recorded: date) -> str:
    """Who recorded it and when; nothing where the paper itself says so."""
    if source and actor == f"loaded from {source}":
        return ""
    return f"Recorded on {dated(recorded)} by {actor}"


def target_history(view: IndicatorView, read: Reader) -> list[dict[str, Any]]:
    """Every target of the line, the latest first: what it is, what it was before, from which period, and why."""
    unit = Unit(view.version.unit)
    return [_target(t, view.targets, view.target, unit, read) for t in view.targets]


def _target(target: Target, targets: Sequence[Target], now: Target | None, unit: Unit, read: Reader) -> dict[str, Any]:
    former = in_force((t for t in targets if t.number < target.number), period_of(target.valid_from))
    source = cited(target.source, target.paragraph)
    return {
        "from": target.valid_from.label,
        "is_in_force": target == now,
        "said": _said(target, unit),
        "before": _said(former, unit) if former or target.number > 1 else "",
        "authority": read(target.authority),
        "reason": read(target.reason),
        "source": source,
        "who": _who(target.actor, source, london_day(target.recorded_at)),
    }


def relief_history(view: IndicatorView, today: date, read: Reader) -> list[dict[str, Any]]:
    """Every relief of the line, the latest first: for which periods, by whose decision, and whether it still holds."""
    return [_relief(row, today, read) for row in view.reliefs]


def _relief(row: Relief, today: date, read: Reader) -> dict[str, Any]:
    agreed, end = relief_of(row), getattr(row, "end", None)
    first, last = row.from_period.label, row.until_period.label
    source = cited(row.source, row.paragraph)
    state = relief_words(row.ends_on)
    if end is not None and end.on <= today:
        state = f"Relief ended on {dated(end.on)}, before its last day"
    elif row.ends_on < today:
        state = f"Relief ran out on {dated(row.ends_on)}"
    return {
        "number": row.number,
        "state": state,
        "holds": agreed.holds_on(today),
        "may_end": agreed.holds_on(today) and end is None,
        "periods": first if first == last else f"{first} to {last}",
        "authority": read(row.authority),
        "approved_by": row.approved_by,
        "reason": read(row.reason),
        "source": source,
        "who": _who(row.actor, source, london_day(row.recorded_at)),
        "end": read(f"Ended from {dated(end.on)} on: {end.reason} ({_who(end.actor, '', london_day(end.recorded_at))})")
        if end
        else None,
    }


def authority_actions(view: IndicatorView, partnership: str) -> list[dict[str, str]]:
    """What may be done about the line's target, as links; none for an indicator on no scorecard."""
    if view.line is None:
        return []
    names = [("target_change", "Change target"), ("relief_agree", "Agree relief")]
    latest = max(view.targets, key=lambda t: (t.valid_from.start_on, t.number), default=None)
    if latest is None:
        names = names[:1]
    elif latest.is_suspended:
        names.insert(1, ("target_reinstate", "Reinstate"))
    else:
        names.insert(1, ("target_suspend", "Suspend"))
    arguments = [partnership, view.code, view.line.scorecard.code]
    return [{"label": label, "url": reverse(name, args=arguments)} for name, label in names]
