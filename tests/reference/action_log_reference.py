"""A second way to the order of the action log, its lateness and its slips: day by day and pair by pair."""

from datetime import date, timedelta
from typing import Any

ORDER = ["overdue", "due", "undated", "done", "closed", "cancelled"]


def stands(state: str, due: date | None, today: date) -> str:
    if state != "open":
        return state
    if due is None:
        return "undated"
    return "due" if today <= due else "overdue"


def late(state: str, due: date | None, stopped_on: date | None, today: date) -> int:
    """Counts the days one by one."""
    if due is None or state == "cancelled":
        return 0
    day, days, until = due, 0, stopped_on or today
    while day < until:
        day += timedelta(days=1)
        days += 1
    return days


def before(a: dict[str, Any], b: dict[str, Any], today: date) -> bool:
    """Whether one action must stand before another."""
    first, second = (stands(x["state"], x["due"], today) for x in (a, b))
    ended = {"closed", "cancelled"}
    if first in ended and second in ended:
        if a["ended"] != b["ended"]:
            return bool(a["ended"] > b["ended"])
        return bool(a["number"] < b["number"])
    if first != second:
        return ORDER.index(first) < ORDER.index(second)
    if first in {"overdue", "due"} and a["due"] != b["due"]:
        return bool(a["due"] < b["due"])
    return bool(a["number"] < b["number"])
