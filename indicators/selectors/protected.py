"""Which lines and returns are for the board and who works on its figures alone (see `Permission.VIEW_PROTECTED`)."""

from collections.abc import Iterable
from typing import Protocol

from django.db.models import Exists, OuterRef

from indicators.models import Return, Scorecard, ScorecardLine, SliceCategory
from indicators.permissions import Access
from indicators.roles import Permission


class Due(Protocol):
    """A line of a return."""

    @property
    def line(self) -> ScorecardLine: ...


def in_protected_part(to_slice: str) -> Exists:
    """The condition that a row is of a part by a protected dimension; `to_slice` leads from the row to its slice."""
    return Exists(SliceCategory.objects.filter(slice=OuterRef(to_slice), dimension__is_protected=True))


def protected_series(lines: Iterable[Due]) -> frozenset[int]:
    """Of those lines the series (ids) that are a part by a protected dimension. One query."""
    series = {due.line.series_id: due.line.series.slice_id for due in lines}
    rows = SliceCategory.objects.filter(slice__in=set(series.values()), dimension__is_protected=True)
    slices = set(rows.values_list("slice", flat=True))
    return frozenset(pk for pk, slice_id in series.items() if slice_id in slices)


def is_withheld(row: Return, access: Access) -> bool:
    """Whether a return as a whole is not for the person: its scorecard is for the board. Its round and scorecard should
    be selected with it."""
    for_board = row.round.scorecard.audience == Scorecard.Readers.BOARD
    return for_board and not access.can(Permission.VIEW_PROTECTED)
