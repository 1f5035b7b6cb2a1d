"""Loads who an area is held beside, and which official measure an indicator of ours is held beside."""

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from indicators.benchmark_answers import FileRead, FileRefused, NotAsAgreed
from indicators.benchmark_maps import NeighboursMap
from indicators.bounded import BoundedError
from indicators.imports import Column, Finding, Layout, read_csv
from indicators.imports import FileRefused as RowsRefused
from indicators.models import (
    Area,
    BenchmarkImport,
    BenchmarkMeasure,
    BenchmarkSet,
    ComparatorGroup,
    ComparatorMember,
    Comparison,
    Indicator,
)
from indicators.operations.basics import operation
from indicators.operations.benchmarks import (
    AlreadyCurrent,
    Importer,
    SentFile,
    current_of,
    held_set,
    importing,
    new_import,
    reading,
    refuse_if_current,
    swap,
)
from indicators.operations.errors import OperationError
from indicators.selectors.benchmark_maps import declared_maps
from indicators.selectors.neighbours import authorities_by_number

_BATCH_BYTES = 8 * 1024 * 1024
COMPARISONS_FILE = "comparisons.csv"
COMPARISONS = Layout(
    (
        Column("indicator", "slug", required=True, max_length=80),
        Column("measure", "slug", required=True, max_length=80),
        Column("is_same_definition", "choice", required=True, choices=("yes", "no")),
        Column("note", max_length=500),
    ),
    key=("indicator", "measure"),
)


@operation
def import_neighbours(
    *, read: FileRead, file: SentFile, based_on: int | None, importer: Importer, at: datetime
) -> BenchmarkImport:
    """Takes a file of statistical neighbours: a group for each area of the file, in one transaction. `based_on` is the
    key of the import that it was compared with, None for none; gives the import that is in use from now on.

    Raises AlreadyCurrent, ImportGone when another file became current meanwhile, and OperationError for a number that
    belongs to no area held.
    """
    chosen = declared_maps().get(read.code)
    if not isinstance(chosen, NeighboursMap) or chosen.sha256 != read.mapping_sha256:
        raise OperationError("The mapping of this data set has changed since the file was read. Send the file again.")
    refuse_if_current(file)
    areas = authorities_named(read)
    held = held_set(chosen)
    row = new_import(held, read, file, importer, at)
    ComparatorGroup.objects.filter(code=chosen.group_code).delete()
    groups = ComparatorGroup.objects.bulk_create(
        ComparatorGroup(
            area=areas[area], code=chosen.group_code, name=chosen.group_name, valid_from=chosen.valid_from,
            valid_until=chosen.valid_until, source=chosen.source,
        )
        for area, _ in read.neighbours
    )  # fmt: skip
    members = [
        ComparatorMember(group=group, area=areas[number], rank=rank)
        for group, (_, numbers) in zip(groups, read.neighbours, strict=True)
        for rank, number in enumerate(numbers, start=1)
    ]
    ComparatorMember.objects.bulk_create(members)
    row.values_held = len(members)
    row.save(update_fields=["values_held"])
    swap(row, based_on, chosen, importer, at)
    return row


def authorities_named(read: FileRead) -> dict[str, Area]:
    """The authorities held, by number. Raises OperationError when a file of neighbours names a number of none."""
    areas = authorities_by_number()
    unknown = sorted({number for area, members in read.neighbours for number in (area, *members)} - set(areas))
    if unknown:
        raise OperationError(
            f"No authority is held under the number {', '.join(unknown[:5])}{'…' if len(unknown) > 5 else ''}. Import "
            "a data set with every authority first. Nothing was changed."
        )
    return areas


@operation
def load_comparisons(*, path: Path) -> tuple[int, int]:
    """Takes the declared comparisons as they stand in the file; those it no longer has go. How many there are, and how
    many were new or changed. Indicators that this installation does not hold are left out.

    Raises imports.FileRefused for a file that is not sound or names no known measure.
    """
    rows = read_csv(path.read_bytes(), COMPARISONS, file=path.name)
    measures = {measure.code: measure for measure in BenchmarkMeasure.objects.all()}
    unknown = [row for row in rows if row["measure"] not in measures]
    if unknown:
        raise RowsRefused(
            [Finding(r["row"], "measure", f"“{r['measure']}” is no measure that is held.", path.name) for r in unknown]
        )
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    held = {(one.indicator_id, one.measure_id): one for one in Comparison.objects.all()}
    new = 0
    for row in rows:
        if row["indicator"] not in indicators:
            continue
        indicator, measure = indicators[row["indicator"]], measures[row["measure"]]
        told = {"is_same_definition": row["is_same_definition"] == "yes", "note": row["note"]}
        before = held.pop((indicator.pk, measure.pk), None)
        if before is not None and all(getattr(before, name) == value for name, value in told.items()):
            continue
        new += 1
        Comparison.objects.update_or_create(indicator=indicator, measure=measure, defaults=told)
    Comparison.objects.filter(pk__in=[one.pk for one in held.values()]).delete()
    return Comparison.objects.count(), new


# Folders of files

Refused = list[tuple[str, Exception]]
Read = tuple[Path, SentFile, FileRead]


def import_files(*, paths: Sequence[Path], importer: Importer, at: datetime) -> Generator[str, None, Refused]:
    """Imports files: data sets, then neighbours, then comparisons. Gives lines of progress; the value is what was not
    taken, each file with its refusal. What is current already is told and is no refusal."""
    refused: Refused = []
    read: list[Read] = []
    for batch in _batches([path for path in paths if path.name != COMPARISONS_FILE]):
        try:
            read += yield from _read(batch, refused)
        except (BoundedError, NotAsAgreed) as why:
            refused += [(path.name, why) for path in batch]
    for path, file, found in sorted(read, key=lambda one: bool(one[2].neighbours)):
        try:
            yield from _import(path, file, found, importer, at)
        except AlreadyCurrent as current:
            yield str(current)
        except OperationError as why:
            refused.append((path.name, why))
    for path in (path for path in paths if path.name == COMPARISONS_FILE):
        try:
            number, new = load_comparisons(path=path)
            yield f"{path.name}: {number} comparisons, {new} of them new or changed"
        except (RowsRefused, OSError) as why:
            refused.append((path.name, why))
    return refused


def _batches(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Files that one child reads one after the other, since starting it takes longer than reading a small file."""
    batch: list[Path] = []
    size = 0
    for path in paths:
        size += path.stat().st_size if path.exists() else 0
        if batch and size > _BATCH_BYTES:
            yield batch
            batch, size = [], path.stat().st_size
        batch.append(path)
    if batch:
        yield batch


def _read(batch: Sequence[Path], refused: Refused) -> Generator[str, None, list[Read]]:
    files = []
    for path in batch:
        try:
            data = path.read_bytes()
        except OSError as why:
            refused.append((path.name, why))
            continue
        file = SentFile.of(path.name, data)
        held = current_of(file)
        if held is None:
            files.append((path, file, data))
        else:
            yield str(AlreadyCurrent(held))
    if not files:
        return []
    answers = yield from reading([(path.name, data) for path, _, data in files], patience=60)
    read: list[Read] = []
    for (path, file, _), answer in zip(files, answers, strict=True):
        if isinstance(answer, FileRefused):
            refused.append((path.name, answer))
        else:
            read.append((path, file, answer))
    return read


def _import(path: Path, file: SentFile, found: FileRead, importer: Importer, at: datetime) -> Iterator[str]:
    if found.neighbours:
        current = BenchmarkSet.objects.filter(code=found.code).values_list("current", flat=True).first()
        import_neighbours(read=found, file=file, based_on=current, importer=importer, at=at)
        yield f"{path.name}: neighbours of {len(found.neighbours)} areas"
        return
    made = yield from importing(read=found, file=file, importer=importer, at=at)
    yield f"{path.name}: current as import {made.number}, {made.values_held:,} values"
    for note in found.notes:
        yield f"  {note}"
