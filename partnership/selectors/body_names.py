"""Reads what bodies are called on a day, also those that no longer exist."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from indicators.models import Partnership
from indicators.questions import question
from partnership.meeting_dates import day_or_month
from partnership.models import BodyVersion, Meeting


@dataclass(frozen=True)
class BodyNames:
    """What the bodies of a partnership are called, by their id: each version with the day from which it holds."""

    versions: dict[int, list[tuple[date, str]]]

    def of(self, body_id: int | None, day: date) -> str:
        """The name on that day; before the first version that one's name; empty for no body."""
        held = self.versions.get(body_id or 0, [])
        begun = [name for from_on, name in held if from_on <= day]
        return begun[-1] if begun else held[0][1] if held else ""

    def meeting(self, meeting: Meeting) -> str:
        """ "Scrutiny Committee, 7 July 2022", by the name of that day; a meeting without a day by its month."""
        return f"{self.of(meeting.body_id, meeting.on)}, {day_or_month(meeting.on, meeting.precision)}"


def names_of_bodies(partnership: Partnership) -> BodyNames:
    """How each body was called, and when. One query."""
    found: dict[int, list[tuple[date, str]]] = {}
    for body_id, from_on, name in _names(partnership.pk):
        found.setdefault(body_id, []).append((from_on, name))
    return BodyNames(found)


@question
def _names(place: int) -> QuerySet[BodyVersion, tuple[int, date, str]]:
    rows = BodyVersion.objects.filter(body__partnership=place).order_by("from_on", "number")
    return rows.values_list("body", "from_on", "name")
