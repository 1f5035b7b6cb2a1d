"""Every measure that is computed from Annex A, as a table: what is counted of which list, and what it feeds."""

from referrals.annex_a.measures import adoption, care, children, front_door
from referrals.annex_a.measures.declared import Durations, Measure, OpenLate

__all__ = ["DURATIONS", "MEASURES", "OPEN_LATE", "Durations", "Measure", "OpenLate"]

MEASURES: tuple[Measure, ...] = (*front_door.MEASURES, *children.MEASURES, *care.MEASURES, *adoption.MEASURES)
DURATIONS: tuple[Durations, ...] = (
    *front_door.DURATIONS, *children.DURATIONS, *care.DURATIONS, *adoption.DURATIONS,
)  # fmt: skip
OPEN_LATE: tuple[OpenLate, ...] = (*front_door.OPEN_LATE, *children.OPEN_LATE, *care.OPEN_LATE)
