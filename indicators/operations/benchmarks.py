"""Imports official figures of other areas: in blocks under an import that nobody reads, current by one statement.

A file is read and checked whole in a bounded child before anything is written. Each block is a short transaction, so
nobody waits long for the database. Until `make_current` the old import is what everybody reads; an import that failed,
was killed or was never confirmed leaves it so, and the next one clears what is left of it.
"""

import hashlib
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Max, Q

from indicators import bounded, quarters
from indicators.benchmark_answers import FileRead, FileRefused, NotAsAgreed, ReadArea, ReadValue, read_answers
from indicators.benchmark_maps import SetMap
from indicators.models import (
    Area,
    AuditEvent,
    BenchmarkImport,
    BenchmarkMeasure,
    BenchmarkSet,
    BenchmarkValue,
    Partnership,
    Period,
    User,
)
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import ACTOR_MAX, operation
from indicators.operations.errors import OperationError
from indicators.selectors.benchmark_maps import declared_maps, payload_of
from indicators.typed_text import is_storable

JOB = "indicators.benchmark_files:read_benchmarks"
BLOCK = 1_000
# Between two blocks others may write: SQLite has one writer at a time, and who waits looks again every now and then.
_PAUSE_SECONDS = 0.01
COMMAND = "loaded on the server"
GIVEN_UP = ""  # the mapping of an import whose values are being removed


class AlreadyCurrent(OperationError):
    """The same file, read by the same mapping, is current already; `held` is its import."""

    def __init__(self, held: BenchmarkImport) -> None:
        super().__init__(
            f"“{held.benchmark_set.title}”: this very file is current already (import {held.number}). "
            "Nothing was changed."
        )
        self.held = held


class ImportGone(OperationError):
    """Another import of the same data set has begun or become current meanwhile."""


_GONE = "Another import of this data set has begun since, so this one was given up. Nothing was changed; send it again."
_OTHER_MAPPING = "The mapping of this data set has changed since the file was read. Send the file again."


@dataclass(frozen=True)
class SentFile:
    """A file by its name and fingerprint."""

    name: str
    sha256: str

    @classmethod
    def of(cls, name: str, data: bytes) -> "SentFile":
        """The facts of a file; of its name what can be kept."""
        shown = name.replace("\\", "/").rsplit("/", 1)[-1][-200:]
        return cls(shown if is_storable(shown) else "", hashlib.sha256(data).hexdigest())


@dataclass(frozen=True)
class Importer:
    """Who imports, and from where: a person of a partnership, or the command, which is nobody."""

    by: User | None = None
    partnership: Partnership | None = None
    request_id: str = ""

    @property
    def actor(self) -> str:
        return shown_as(self.by)[:ACTOR_MAX] if self.by else COMMAND


def reading(
    files: Sequence[tuple[str, bytes]], *, patience: float = 2.0
) -> Generator[str, None, list[FileRead | FileRefused]]:
    """Reads files, each by its name, in one bounded child, giving its lines of progress; the value is what each says,
    or why it is refused. Nothing is written. Raises BoundedError, NotAsAgreed."""
    answers = read_answers((yield from bounded.stream(job=JOB, payload=payload_of(files), patience=patience)))
    if len(answers) != len(files):
        raise NotAsAgreed("the answer is about other files")
    return answers


def current_of(file: SentFile) -> BenchmarkImport | None:
    """The current import that the same file made by the same mapping; None when there is none."""
    for held in BenchmarkImport.objects.filter(current_of__isnull=False, sha256=file.sha256).select_related(
        "benchmark_set"
    ):
        chosen = declared_maps().get(held.benchmark_set.code)
        if chosen is not None and chosen.sha256 == held.mapping_sha256:
            return held
    return None


def staging(
    *, read: FileRead, file: SentFile, importer: Importer, at: datetime
) -> Generator[str, None, BenchmarkImport]:
    """Writes all values of a file under a new import that nobody reads, giving lines of progress; the value is it.

    Raises AlreadyCurrent, ImportGone, OperationError.
    """
    refuse_if_current(file)
    yield from clearing(code=read.code)
    staged, keys = _begin(read=read, file=file, importer=importer, at=at)
    number = len(read.values)
    for start in range(0, number, BLOCK):
        _write_block(staged=staged, statements=_statements(staged, keys, read.values[start : start + BLOCK]))
        time.sleep(_PAUSE_SECONDS)
        done = min(start + BLOCK, number)
        if done == number or done % (10 * BLOCK) == 0:
            yield f"{done:,} of {number:,} values written"
    _finish(staged=staged, number=number)
    return staged


def importing(
    *, read: FileRead, file: SentFile, importer: Importer, at: datetime
) -> Generator[str, None, BenchmarkImport]:
    """Stages a file and makes it current at once; clears what it replaces. Raises as `staging` and `make_current`."""
    staged = yield from staging(read=read, file=file, importer=importer, at=at)
    make_current(staged=staged, based_on=staged.benchmark_set.current_id, importer=importer, at=at)
    yield from clearing(code=read.code)
    return staged


def refuse_if_current(file: SentFile) -> None:
    """Raises AlreadyCurrent when the current import of a data set is of the same file by the same mapping."""
    held = current_of(file)
    if held is not None:
        raise AlreadyCurrent(held)


@dataclass(frozen=True)
class _Keys:
    """Primary keys by the places of the file."""

    measures: Sequence[int]
    periods: Sequence[int]
    areas: Sequence[int]


@operation
def _begin(*, read: FileRead, file: SentFile, importer: Importer, at: datetime) -> tuple[BenchmarkImport, _Keys]:
    """Opens an import, with the data set, measures, periods and areas that are not there yet."""
    chosen = declared_maps().get(read.code)
    if not isinstance(chosen, SetMap) or chosen.sha256 != read.mapping_sha256:
        raise OperationError(_OTHER_MAPPING)
    held = held_set(chosen)
    staged = new_import(held, read, file, importer, at)
    keys = _Keys(
        measures=_measures(held, chosen, read.measures),
        periods=_periods(read.periods),
        areas=_areas(read.areas),
    )
    return staged, keys


def held_set(chosen: object) -> BenchmarkSet:
    """The data set of a mapping, made if it is not there yet, and locked."""
    told = {name: getattr(chosen, name) for name in ("title", "publisher", "licence")}
    row, _ = BenchmarkSet.objects.get_or_create(code=chosen.code, defaults=told)  # type: ignore[attr-defined]
    return BenchmarkSet.objects.select_for_update().get(pk=row.pk)


def new_import(held: BenchmarkSet, read: FileRead, file: SentFile, importer: Importer, at: datetime) -> BenchmarkImport:
    """The row of a new import under a number of its own."""
    last = held.imports.aggregate(last=Max("number"))["last"] or 0
    return BenchmarkImport.objects.create(
        benchmark_set=held, number=last + 1, file_name=file.name, sha256=file.sha256,
        mapping_sha256=read.mapping_sha256, began_at=at, by=importer.by, actor=importer.actor,
    )  # fmt: skip


def _measures(held: BenchmarkSet, chosen: SetMap, codes: Sequence[str]) -> list[int]:
    known = dict(held.measures.values_list("code", "pk"))
    declared = {measure.code: measure for measure in chosen.measures}
    for code in codes:
        if code not in known:
            known[code] = BenchmarkMeasure.objects.create(
                benchmark_set=held, code=code, **_told(declared[code])
            ).pk  # fmt: skip
    return [known[code] for code in codes]


def _told(measure: object) -> dict[str, object]:
    """What a mapping says of a measure, by the names of the columns that hold it."""
    words = {"numerator": "numerator_text", "denominator": "denominator_text"}
    names = ("name", "unit", "places", "polarity", "numerator", "denominator", "note")
    return {name: getattr(measure, words.get(name, name)) for name in names}


def _periods(found: Sequence[quarters.Period]) -> list[int]:
    """The keys of the periods, new ones made, in three queries however many there are."""
    if not found:
        return []
    first, last = min(period.start_on for period in found), max(period.end_on for period in found)
    within = Period.objects.filter(start_on__gte=first, end_on__lte=last)
    held = set(within.values_list("kind", "start_on", "end_on"))
    new = [period for period in found if (period.kind, period.start_on, period.end_on) not in held]
    rows = (
        Period(kind=p.kind, start_on=p.start_on, end_on=p.end_on, slug=p.slug, label=p.label) for p in new
    )  # fmt: skip
    Period.objects.bulk_create(rows, ignore_conflicts=True)  # somebody else may make one at the same moment
    keys = {(kind, start, end): pk for pk, kind, start, end in within.values_list("pk", "kind", "start_on", "end_on")}
    return [keys[period.kind, period.start_on, period.end_on] for period in found]


def _areas(found: Sequence[ReadArea]) -> list[int]:
    """The keys of the areas, new ones made. An authority under another code but the same number is the same one; the
    name that came first stays, since names are spelt in many ways."""
    by_code = {area.code: area for area in Area.objects.all()}
    by_number = {area.old_code: area for area in by_code.values() if area.old_code}
    for are_authorities in (False, True):  # regions before their members
        new = []
        for one in found:
            if (one.kind == Area.Kind.AUTHORITY) != are_authorities:
                continue
            area, region = by_code.get(one.code) or by_number.get(one.old_code), by_code.get(one.region)
            if area is None:
                area = Area(code=one.code, old_code=one.old_code, name=one.name, kind=one.kind, region=region)
                new.append(area)
            else:
                _complete(area, one, region)
            by_code[one.code] = area
        Area.objects.bulk_create(new)
    return [by_code[one.code].pk for one in found]


def _complete(area: Area, one: ReadArea, region: Area | None) -> None:
    if area.old_code and one.old_code and area.old_code != one.old_code:
        raise OperationError(
            f"{area.name} ({area.code}) is held under the number {area.old_code}; this file gives {one.old_code}. "
            "Correct the file. Nothing was changed."
        )
    if (not area.old_code and one.old_code) or (area.region_id is None and region is not None):
        area.old_code, area.region = area.old_code or one.old_code, area.region or region
        area.save(update_fields=["old_code", "region"])


# What is written goes in many rows at a time, made ready before the transaction begins, so that this is soon over: on
# SQLite nobody else can write meanwhile.
_COLUMNS = ("source_import_id", "measure_id", "period_id", "area_id", "value", "numerator", "denominator", "symbol")
_ROWS_AT_ONCE = 100
Statement = tuple[str, list[int | Decimal | str | None]]


def _statements(staged: BenchmarkImport, keys: _Keys, values: Sequence[ReadValue]) -> list[Statement]:
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, _COLUMNS))
    row = f"({', '.join(['%s'] * len(_COLUMNS))})"
    found: list[Statement] = []
    for start in range(0, len(values), _ROWS_AT_ONCE):
        some = values[start : start + _ROWS_AT_ONCE]
        text = f"INSERT INTO {quote(BenchmarkValue._meta.db_table)} ({names}) VALUES {', '.join([row] * len(some))}"  # noqa: S608
        told: list[int | Decimal | str | None] = []
        for v in some:
            told += (staged.pk, keys.measures[v.measure], keys.periods[v.period], keys.areas[v.area], *v[3:])
        found.append((text, told))
    return found


@operation
def _write_block(*, staged: BenchmarkImport, statements: Sequence[Statement]) -> None:
    """Writes some values of an import that is still being written. Raises ImportGone when it is not."""
    _locked(staged)
    with connection.cursor() as cursor:
        for text, told in statements:
            cursor.execute(text, told)


def _locked(staged: BenchmarkImport) -> BenchmarkImport:
    """The import, locked, while nobody reads it yet. Raises ImportGone."""
    row = BenchmarkImport.objects.select_for_update().filter(pk=staged.pk, completed_at__isnull=True).first()
    if row is None or row.mapping_sha256 == GIVEN_UP:
        raise ImportGone(_GONE)
    return row


@operation
def _finish(*, staged: BenchmarkImport, number: int) -> None:
    """Says that every value is written; only then can the import become current."""
    _locked(staged)
    BenchmarkImport.objects.filter(pk=staged.pk).update(values_held=number)
    staged.values_held = number


@operation
def make_current(*, staged: BenchmarkImport, based_on: int | None, importer: Importer, at: datetime) -> None:
    """Makes a staged import the one that is read: one statement, if what it was compared with is still current.

    `based_on` is the primary key of that import, None for none. Raises ImportGone, and OperationError when the values
    are not whole or the mapping has changed.
    """
    row = _locked(staged)
    chosen = declared_maps().get(row.benchmark_set.code)
    if not isinstance(chosen, SetMap) or chosen.sha256 != row.mapping_sha256:
        raise OperationError(_OTHER_MAPPING)
    if not row.values_held:
        raise OperationError("The values of this import are not all written. Send the file again.")
    for measure in chosen.measures:
        BenchmarkMeasure.objects.filter(benchmark_set=row.benchmark_set_id, code=measure.code).update(**_told(measure))
    swap(row, based_on, chosen, importer, at)


def swap(row: BenchmarkImport, based_on: int | None, chosen: object, importer: Importer, at: datetime) -> None:
    """The last statement of an import, and the record of it. Raises ImportGone when another is current meanwhile."""
    BenchmarkImport.objects.filter(pk=row.pk).update(completed_at=at)
    record_audit(
        partnership=importer.partnership, kind=AuditEvent.Kind.BENCHMARKS_IMPORTED, by=importer.by,
        what=f"{row.benchmark_set.title}, import {row.number}", at=at, request_id=importer.request_id,
    )  # fmt: skip
    told = {name: getattr(chosen, name) for name in ("title", "publisher", "licence")}
    if not BenchmarkSet.objects.filter(pk=row.benchmark_set_id, current=based_on).update(current=row, **told):
        raise ImportGone(_GONE)


# What is left of earlier imports


def clearing(*, code: str) -> Iterator[str]:
    """Removes, block by block, the values of every import of a data set that is not current, and of those that never
    were current the import too. Gives lines of progress."""
    rows = BenchmarkImport.objects.filter(benchmark_set__code=code, current_of__isnull=True)
    left = rows.filter(Q(completed_at__isnull=True) | Q(values__isnull=False)).distinct()
    for row in left.order_by("pk"):
        if row.completed_at is None and not _give_up(row=row):
            continue
        removed = 0
        while number := _remove_block(row=row):
            removed += number
            time.sleep(_PAUSE_SECONDS)
        if row.completed_at is None:
            discard(staged=row)
        if removed:
            yield f"{removed:,} values of import {row.number} removed"


@operation
def _give_up(*, row: BenchmarkImport) -> bool:
    """Marks an import that nobody reads so that it can neither be written on nor become current while its values go;
    False when it became current meanwhile."""
    unread = BenchmarkImport.objects.filter(pk=row.pk, completed_at__isnull=True)
    return bool(unread.update(values_held=0, mapping_sha256=GIVEN_UP))


@operation
def _remove_block(*, row: BenchmarkImport) -> int:
    """Removes some values of an import that is not current; how many."""
    if BenchmarkSet.objects.filter(current=row).exists():
        return 0
    keys = row.values.order_by("pk").values_list("pk", flat=True)[: 2 * BLOCK]
    last = max(keys, default=None)
    return row.values.filter(pk__lte=last).delete()[0] if last is not None else 0


@operation
def discard(*, staged: BenchmarkImport) -> None:
    """Forgets an import that never became current, with whatever it has written."""
    BenchmarkImport.objects.filter(pk=staged.pk, completed_at__isnull=True, current_of__isnull=True).delete()
