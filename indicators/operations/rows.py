"""What loading a file of rows has in common: references, rows that are held already, and a finding for each that is not
taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import DataError, IntegrityError, transaction
from django.db.models import Model, QuerySet

from indicators import quarters
from indicators.imports import Finding, Row
from indicators.models import Partnership, Period, SourceDocument
from indicators.operations.published import Refusal
from indicators.questions import question


@dataclass
class Loaded:
    """How many rows of each file were new and how many were held already; of these the ones that people have changed
    since, which stay as they are, by key and column."""

    new: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    left: dict[str, list[str]] = field(default_factory=dict)


def period_row(period: quarters.Period) -> Period:
    """The stored period of a pure one, made if it is not there yet."""
    held = _periods(period.kind, period.start_on, period.end_on)
    if held:
        return held[0]
    return Period.objects.get_or_create(
        kind=period.kind,
        start_on=period.start_on,
        end_on=period.end_on,
        defaults={"slug": period.slug, "label": period.label},
    )[0]


@question
def _periods(kind: str, start_on: date, end_on: date) -> QuerySet[Period]:
    return Period.objects.filter(kind=kind, start_on=start_on, end_on=end_on).order_by()


class RowLoader:
    """Resolves references and writes rows, counting what is new. A subclass has one method `_NAME` per file NAME, which
    answers whether the row was new and raises Refusal for one that cannot be taken."""

    # Where a column of a file is kept under another name.
    column_of: ClassVar[Mapping[tuple[str, str], str]] = {}

    def __init__(self, partnership: Partnership, at: datetime) -> None:
        self.partnership = partnership
        self.at = at
        self.counts = Loaded()
        self.findings: list[Finding] = []
        self.sources = {s.code: s for s in SourceDocument.objects.all()}
        self.periods: dict[str, Period] = {}
        # The rows of tables that held nothing when this loading came to them: all that such a table can hold.
        self._made: dict[type[Model], dict[tuple[Any, ...], Model] | None] = {}

    def load(self, file: str, rows: Sequence[Row]) -> None:
        """Loads the rows of one file, collecting a finding for each that cannot be."""
        one: Callable[[Row], bool] = getattr(self, f"_{file}")
        new = 0
        for row in rows:
            try:
                with transaction.atomic():
                    new += one(row)
            except Refusal as refusal:
                column = self.column_of.get((file, refusal.column), refusal.column)
                self.findings.append(Finding(row["row"], column, str(refusal), row.get("file") or f"{file}.csv"))
            except (IntegrityError, DataError):
                message = "the database does not take this row. Look at its numbers and dates."
                self.findings.append(Finding(row["row"], "", message, row.get("file") or f"{file}.csv"))
        self.counts.new[file] = new
        self.counts.unchanged[file] = len(rows) - new

    def _known(self, table: Mapping[str, Any], row: Row, column: str) -> Any:
        found = table.get(row[column])
        if found is None:
            raise Refusal(column, f"“{row[column]}” is not known. Define it first, or correct the code.")
        return found

    def _source(self, row: Row) -> SourceDocument:
        return self._known(self.sources, row, "source")  # type: ignore[no-any-return]

    def _period(self, row: Row, column: str = "period") -> Period:
        period: quarters.Period = row[column]
        if period.slug not in self.periods:
            self.periods[period.slug] = period_row(period)
        return self.periods[period.slug]

    def _held(self, model: type[Model], key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        """Writes the row if its key is not held (True); False when held with the same values; else refuses."""
        return self._row_of(model, key, values)[1]

    def _row_of(self, model: type[Model], key: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Any, bool]:
        """The same, with the row."""
        if model not in self._made:
            self._made[model] = None if model._default_manager.exists() else {}
        made, place = self._made[model], tuple(key.values())
        held = model._default_manager.filter(**key).order_by("pk").first() if made is None else made.get(place)
        if held is None:
            held = model._default_manager.create(**key, **values)
            if made is not None:
                made[place] = held
            return held, True
        for name, value in values.items():
            if getattr(held, name) != value:
                raise Refusal(name, f"this is held already with another value ({getattr(held, name)}).")
        return held, False
