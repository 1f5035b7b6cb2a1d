"""The official data sets that are held, the history of their imports, and what a new import would change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from indicators.benchmark_cells import SYMBOL_WORDS
from indicators.benchmark_maps import NeighboursMap
from indicators.models import Area, BenchmarkImport, BenchmarkMeasure, BenchmarkSet, BenchmarkValue, Period
from indicators.selectors.benchmark_maps import declared_maps
from indicators.units import Unit, written
from indicators.working_days import day_words

EXAMPLES = 12
_PARTS = ("value", "numerator", "denominator")
_NOTHING = Value(Decimal(-1), output_field=DecimalField(max_digits=15, decimal_places=4))


@dataclass(frozen=True)
class HeldSet:
    """A data set: what it is, up to which period it goes, and who imported what is read of it, from which file."""

    code: str
    title: str
    publisher: str
    licence: str
    source: str
    latest: str
    values: int
    is_neighbours: bool
    number: int
    at: datetime
    actor: str
    file_name: str

    @property
    def values_words(self) -> str:
        """How many values it has: "23,604"."""
        return f"{self.values:,}"


@dataclass(frozen=True)
class ImportRow:
    """One import of the history. `state`: current, replaced, or waiting to be confirmed."""

    code: str
    title: str
    number: int
    file_name: str
    sha256: str
    values: int
    at: datetime
    actor: str
    state: str

    @property
    def values_words(self) -> str:
        """How many values it has: "23,604"."""
        return f"{self.values:,}"


def sets_held() -> list[HeldSet]:
    """The data sets with a current import, by title. One query."""
    # Through the measures, so that each question is one look into the index of import, measure and period.
    read = BenchmarkValue.objects.filter(
        source_import=OuterRef(OuterRef(OuterRef("current"))), measure=OuterRef("pk"), period=OuterRef(OuterRef("pk"))
    )
    measures = BenchmarkMeasure.objects.filter(Exists(read), benchmark_set=OuterRef(OuterRef("pk")))
    latest = Period.objects.filter(Exists(measures)).order_by("-end_on").values("label")[:1]
    rows = (
        BenchmarkSet.objects.filter(current__isnull=False)
        .select_related("current")
        .annotate(latest=Subquery(latest))
        .order_by("title")
    )
    return [_held(row) for row in rows]


def _held(row: BenchmarkSet) -> HeldSet:
    chosen = declared_maps().get(row.code)
    current = row.current
    assert current is not None and current.completed_at is not None  # noqa: PT018, S101
    return HeldSet(
        code=row.code,
        title=row.title,
        publisher=row.publisher,
        licence=row.licence,
        source=chosen.source if chosen else "",
        latest=row.latest or "",  # type: ignore[attr-defined]
        values=current.values_held,
        is_neighbours=isinstance(chosen, NeighboursMap),
        number=current.number,
        at=current.completed_at,
        actor=current.actor,
        file_name=current.file_name,
    )


def history() -> "QuerySet[BenchmarkImport]":
    """The imports that are or were read, and those whole ones that wait to be confirmed, latest first."""
    rows = BenchmarkImport.objects.filter(values_held__gt=0).select_related("benchmark_set")
    return rows.order_by("-began_at", "-pk")


def import_row(row: BenchmarkImport) -> ImportRow:
    """One import as the history shows it; without a query."""
    state = "waiting" if row.completed_at is None else "replaced"
    if row.benchmark_set.current_id == row.pk:
        state = "current"
    return ImportRow(
        row.benchmark_set.code, row.benchmark_set.title, row.number, row.file_name, row.sha256, row.values_held,
        row.completed_at or row.began_at, row.actor, state,
    )  # fmt: skip


# What an import would change


@dataclass(frozen=True)
class MeasureChange:
    """What an import holds of one measure, against what is read now."""

    name: str
    values: int
    without_number: int
    first: str
    last: str
    new: int
    changed: int
    gone: int

    @property
    def periods(self) -> str:
        """From the first to the last period: "2012/13 to 2023/24"."""
        return self.first if self.first == self.last else f"{self.first} to {self.last}"

    @property
    def written(self) -> dict[str, str]:
        """The counts as they are printed."""
        names = ("values", "without_number", "new", "changed", "gone")
        return {name: f"{getattr(self, name):,}" for name in names}


@dataclass(frozen=True)
class Example:
    """A value that would change: of what, and how it is written now and then."""

    measure: str
    area: str
    period: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a staged import is, and what it would change."""

    row: ImportRow
    publisher: str
    licence: str
    source: str
    areas: int
    based_on: int | None
    based_on_number: int
    measures: Sequence[MeasureChange] = field(default_factory=list)
    examples: Sequence[Example] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """What confirming would do, in a sentence."""
        if self.based_on is None:
            return f"Nothing of this data set is in use, so all {self.new:,} values are new."
        if not (self.new or self.changed or self.gone):
            return "Every value is as it stands now; only the file or its mapping is another one."
        return (
            f"Against import {self.based_on_number}, which is in use: {self.new:,} new, {self.changed:,} changed, "
            f"{self.gone:,} gone."
        )

    @property
    def facts(self) -> list[dict[str, str]]:
        """What the file is, for the list of facts."""
        row = self.row
        return [
            {"key": "File", "value": row.file_name},
            {"key": "Fingerprint (SHA-256)", "value": row.sha256[:16]},
            {"key": "Sent by", "value": f"{row.actor}, {day_words(row.at.date())}"},
            {"key": "Publisher", "value": self.publisher},
            {"key": "Source", "value": self.source},
            {"key": "Licence", "value": self.licence},
            {"key": "Areas", "value": f"{self.areas:,}"},
            {"key": "Values", "value": row.values_words},
        ]

    @property
    def new(self) -> int:
        """Values that are not read now."""
        return sum(one.new for one in self.measures)

    @property
    def changed(self) -> int:
        """Values that are read now and would be others."""
        return sum(one.changed for one in self.measures)

    @property
    def gone(self) -> int:
        """Values that are read now and would not be there."""
        return sum(one.gone for one in self.measures)


def preview_of(staged: BenchmarkImport, *, own_code: str) -> Preview:
    """What a staged import would change; `own_code` is the area whose changes come first among the examples."""
    held, current = staged.benchmark_set, staged.benchmark_set.current
    chosen = declared_maps().get(held.code)
    values = BenchmarkValue.objects.filter(source_import=staged)
    return Preview(
        row=import_row(staged),
        publisher=held.publisher,
        licence=held.licence,
        source=chosen.source if chosen else "",
        areas=Area.objects.filter(Exists(values.filter(area=OuterRef("pk")))).count(),
        based_on=held.current_id,
        based_on_number=current.number if current else 0,
        measures=_measure_changes(staged, current),
        examples=_examples(staged, current, own_code) if current else [],
    )


def _at_same_place(of: BenchmarkImport | None) -> "QuerySet[BenchmarkValue]":
    """The value of another import for the same measure, period and area."""
    places = {name: OuterRef(name) for name in ("measure", "period", "area")}
    return BenchmarkValue.objects.filter(source_import=of, **places)


def _same(of: BenchmarkImport | None) -> "QuerySet[BenchmarkValue]":
    """The same, if it says the same; no value is below 0, so −1 stands for none."""
    found = _at_same_place(of).alias(**{f"{name}_or_none": Coalesce(name, _NOTHING) for name in _PARTS})
    equal = {f"{name}_or_none": Coalesce(OuterRef(name), _NOTHING) for name in _PARTS}
    return found.filter(symbol=OuterRef("symbol"), **equal)


def _changed(staged: BenchmarkImport, current: BenchmarkImport) -> "QuerySet[BenchmarkValue]":
    values = BenchmarkValue.objects.filter(source_import=staged)
    return values.filter(Exists(_at_same_place(current)), ~Exists(_same(current)))


def _counted(values: "QuerySet[BenchmarkValue]") -> dict[int, int]:
    return dict(values.order_by().values_list("measure").annotate(number=Count("pk")))


def _measure_changes(staged: BenchmarkImport, current: BenchmarkImport | None) -> list[MeasureChange]:
    values = BenchmarkValue.objects.filter(source_import=staged)
    new = _counted(values.filter(~Exists(_at_same_place(current)))) if current else _counted(values)
    changed = _counted(_changed(staged, current)) if current else {}
    old = BenchmarkValue.objects.filter(source_import=current)
    gone = _counted(old.filter(~Exists(_at_same_place(staged)))) if current else {}
    totals = values.order_by().values("measure").annotate(
        number=Count("pk"), empty=Count("pk", filter=Q(value__isnull=True)), first=Min("period__start_on"),
        last=Max("period__end_on"),
    )  # fmt: skip
    by_measure = {one["measure"]: one for one in totals}
    shown = set(by_measure) | set(gone)
    used = Period.objects.filter(Exists(values.filter(period=OuterRef("pk"))))
    first_labels = {period.start_on: period.label for period in used}
    last_labels = {period.end_on: period.label for period in used}
    found = []
    for measure in BenchmarkMeasure.objects.filter(pk__in=shown).order_by("pk"):
        told = by_measure.get(measure.pk, {"number": 0, "empty": 0, "first": None, "last": None})
        found.append(
            MeasureChange(
                measure.name, told["number"], told["empty"], first_labels.get(told["first"], ""),
                last_labels.get(told["last"], ""), new.get(measure.pk, 0), changed.get(measure.pk, 0),
                gone.get(measure.pk, 0),
            )
        )  # fmt: skip
    return found


def _examples(staged: BenchmarkImport, current: BenchmarkImport, own_code: str) -> list[Example]:
    """Some of the values that would change: those of the own area first, then the latest."""
    rows = _changed(staged, current).select_related("measure", "area", "period")
    own_first = Case(When(area__code=own_code, then=0), default=1)
    found = list(rows.order_by(own_first, "-period__end_on", "measure", "area")[:EXAMPLES])
    before = {
        (one.measure_id, one.period_id, one.area_id): one
        for one in BenchmarkValue.objects.filter(
            source_import=current, measure__in={r.measure_id for r in found}, period__in={r.period_id for r in found},
            area__in={r.area_id for r in found},
        )
    }  # fmt: skip
    return [
        Example(
            row.measure.name, row.area.name, row.period.label,
            _words(before[row.measure_id, row.period_id, row.area_id], row.measure), _words(row, row.measure),
        )
        for row in found
    ]  # fmt: skip


def _words(row: BenchmarkValue, measure: BenchmarkMeasure) -> str:
    """A value with its parts, or its symbol."""
    if row.value is None:
        return f"{row.symbol} ({SYMBOL_WORDS[row.symbol]})"
    said = written(row.value, Unit(measure.unit), measure.places)
    if row.numerator is not None and row.denominator is not None:
        parts = (written(one, Unit.COUNT) for one in (row.numerator, row.denominator))
        said = f"{said} ({' of '.join(parts)})"
    return f"{said} {row.symbol}".strip()
