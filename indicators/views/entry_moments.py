"""When a cell of the entry grid was saved, and by whom, in words."""

from datetime import datetime

from indicators.operations.basics import LONDON
from indicators.operations.errors import Clash


def clock_words(at: datetime, now: datetime) -> str:
    """A moment beside a cell: the time today, else the day."""
    local = at.astimezone(LONDON)
    return f"{local:%H:%M}" if _is_today(at, now) else f"{local.day} {local:%B %Y}"


def clash_words(clash: Clash, now: datetime) -> str:
    """That somebody else was quicker, and who; or that it was the same person, and when."""
    if clash.own_at:
        when = f"{'at' if _is_today(clash.own_at, now) else 'on'} {clock_words(clash.own_at, now)}"
        return f"You saved this figure in another window {when}."
    return f"Somebody else ({clash.their_name}) has saved this figure meanwhile."


def _is_today(at: datetime, now: datetime) -> bool:
    return at.astimezone(LONDON).date() == now.astimezone(LONDON).date()
