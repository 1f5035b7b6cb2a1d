"""Published files of official figures as tests make them, in the layout of the Department’s file c1; all numbers are
made up."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from indicators.benchmark_answers import FileRead
from indicators.benchmark_files import read_file
from indicators.benchmark_maps import NeighboursMap, SetMap, read_map, successors_of
from indicators.models import BenchmarkImport
from indicators.operations.benchmarks import Importer, SentFile, clearing, importing, make_current, staging
from tests.builders.basics import NOW

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "benchmarks"
C1 = "c1_children_in_need_referrals_2024.csv"
Row = dict[str, str]
Change = Callable[[list[Row]], None]

ENGLAND = {"geographic_level": "National", "country_code": "E92000001", "country_name": "England"}
REGION = ENGLAND | {
    "geographic_level": "Regional",
    "region_code": "E12000003",
    "region_name": "Yorkshire and The Humber",
}


def authority(code: str, number: str, name: str) -> Row:
    """The columns of a row that say which authority of the region it is about."""
    where = {"geographic_level": "Local authority", "new_la_code": code, "old_la_code": number, "la_name": name}
    return REGION | where


DONCASTER = authority("E08000017", "371", "Doncaster")
ROTHERHAM = authority("E08000018", "372", "Rotherham")
AREAS = (ENGLAND, REGION, DONCASTER, ROTHERHAM)
PLACE = (
    "geographic_level", "country_code", "country_name", "region_code", "region_name", "old_la_code", "new_la_code",
    "la_name",
)  # fmt: skip
HEADINGS = (
    "time_period", "time_identifier", *PLACE, "category", "referral_count", "rereferral_count", "rereferral_percent",
    "no_further_action_count", "no_further_action_percent",
)  # fmt: skip


def c1_rows(*, years: Sequence[int] = (2023, 2024), areas: Sequence[Mapping[str, str]] = AREAS) -> list[Row]:
    """A row for each year and area: 1,000 referrals, 200 and some of them again, 100 without further action."""
    found = []
    for year in years:
        for number, area in enumerate(areas):
            again = 200 + number
            row = dict.fromkeys(HEADINGS, "") | dict(area)
            row |= {
                "time_period": str(year), "time_identifier": "Reporting year", "category": "Referrals",
                "referral_count": "1000", "rereferral_count": str(again),
                "rereferral_percent": f"{again // 10}.{again % 10}", "no_further_action_count": "100",
                "no_further_action_percent": "10",
            }  # fmt: skip
            found.append(row)
    return found


def csv_of(rows: Sequence[Mapping[str, str]], headings: Sequence[str] = HEADINGS, *, bom: bool = False) -> bytes:
    """The rows as a file; `headings` are those of the file in its order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([row[name] for name in headings] for row in rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def a_c1_file(change: Change | None = None, **kwargs: Any) -> bytes:
    """A sound file c1, or one that `change` has changed."""
    rows = c1_rows(**kwargs)
    if change is not None:
        change(rows)
    return csv_of(rows)


@cache
def the_maps() -> tuple[SetMap | NeighboursMap, ...]:
    """Every mapping that is shipped."""
    return tuple(read_map(p.read_text(encoding="utf-8"), p.name) for p in sorted((FOLDER / "maps").glob("*.toml")))


@cache
def the_successors() -> dict[str, str]:
    """The codes that were replaced."""
    return successors_of((FOLDER / "areas.toml").read_text(encoding="utf-8"))


def read(data: bytes, name: str = C1) -> FileRead:
    """What a file says, read in this process."""
    return read_file(data, name, the_maps(), the_successors(), lambda line: None)


@cache
def read_fixture(name: str) -> FileRead:
    """What a shipped file says."""
    return read((FOLDER / name).read_bytes(), name)


def spent(lines: Any) -> Any:
    """The value of a generator that gives lines of progress."""
    while True:
        try:
            next(lines)
        except StopIteration as end:
            return end.value


def an_import(data: bytes | None = None, name: str = C1, **who: Any) -> BenchmarkImport:
    """A file that is current."""
    data = a_c1_file() if data is None else data
    importer = who.get("importer", Importer())
    return spent(importing(read=read(data, name), file=SentFile.of(name, data), importer=importer, at=NOW))


def a_staged_import(data: bytes | None = None, name: str = C1) -> BenchmarkImport:
    """A file that is written and waits to be confirmed."""
    data = a_c1_file() if data is None else data
    return spent(staging(read=read(data, name), file=SentFile.of(name, data), importer=Importer(), at=NOW))


def confirm(staged: BenchmarkImport) -> None:
    """Makes a staged import current, and clears what it replaces."""
    make_current(staged=staged, based_on=staged.benchmark_set.current_id, importer=Importer(), at=NOW)
    spent(clearing(code=staged.benchmark_set.code))
