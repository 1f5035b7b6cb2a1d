"""Imports of official figures: whole or not at all, current by one statement, the one before gone afterwards."""

import time
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from indicators import operations
from indicators.benchmark_answers import FileRefused
from indicators.imports import FileRefused as RowsRefused
from indicators.models import (
    Area,
    AuditEvent,
    BenchmarkImport,
    BenchmarkMeasure,
    BenchmarkSet,
    BenchmarkValue,
    ComparatorGroup,
    Comparison,
    DraftCell,
)
from indicators.operations import CellChange, OperationError, benchmarks, comparators
from indicators.operations.benchmarks import AlreadyCurrent, Importer, ImportGone, SentFile
from indicators.selectors.benchmark_data import preview_of, sets_held
from tests import builders
from tests.builders import benchmarks as b
from tests.threads import Together

pytestmark = pytest.mark.django_db


def read_now(measure: str = "dfe-re-referrals", area: str = "E08000017") -> list[tuple[str, Any, str]]:
    """What everybody reads: period, value and symbol of the current import."""
    rows = BenchmarkValue.objects.filter(
        source_import__current_of__isnull=False, measure__code=measure, area__code=area
    ).order_by("period__start_on")
    return [(row.period.slug, row.value, row.symbol) for row in rows]


def changed(text: str = "21.1") -> bytes:
    """A file in which Doncaster's latest share is another."""

    def change(rows: list[b.Row]) -> None:
        rows[6] |= {"rereferral_percent": text, "rereferral_count": "211"}

    return b.a_c1_file(change)


def test_import_when_whole_then_current_with_its_areas_measures_and_record():
    people = builders.the_people()
    held = b.an_import(importer=Importer(people.acceptor, builders.a_partnership()))
    assert read_now() == [("2022-23", D("20.2"), ""), ("2023-24", D("20.2"), "")]
    assert (held.number, held.values_held, held.by) == (1, 24, people.acceptor)
    doncaster = Area.objects.get(code="E08000017")
    assert (doncaster.old_code, doncaster.name, doncaster.region.code) == ("371", "Doncaster", "E12000003")
    measure = BenchmarkMeasure.objects.get(code="dfe-re-referrals")
    assert (measure.unit, measure.polarity, measure.places) == ("percent", "lower", 1)
    event = AuditEvent.objects.get(kind="benchmarks_imported")
    assert event.what == "Children in need: referrals and re-referrals, import 1"
    (row,) = sets_held()
    assert (row.latest, row.values, row.licence) == ("2023/24", 24, "Open Government Licence v3.0")


def test_import_when_the_same_file_comes_again_then_nothing_is_changed():
    first = b.an_import()
    before = list(BenchmarkValue.objects.values_list("pk", flat=True))
    with pytest.raises(AlreadyCurrent, match=r"current already \(import 1\)"):
        b.an_import()
    assert list(BenchmarkValue.objects.values_list("pk", flat=True)) == before
    assert BenchmarkImport.objects.get() == first
    assert AuditEvent.objects.filter(kind="benchmarks_imported").count() == 1


def test_import_when_the_mapping_is_another_then_the_same_file_is_read_anew():
    first = b.an_import()
    BenchmarkImport.objects.filter(pk=first.pk).update(mapping_sha256="of an older mapping")
    BenchmarkMeasure.objects.filter(code="dfe-referrals").update(name="As it was called before")
    assert b.an_import().number == 2
    assert BenchmarkMeasure.objects.get(code="dfe-referrals").name == "Referrals to children’s social care"


def test_import_when_a_later_file_comes_then_it_replaces_the_values_and_the_history_stays():
    b.an_import()
    b.an_import(changed())
    assert read_now()[-1] == ("2023-24", D("21.1"), "")
    assert BenchmarkValue.objects.count() == 24
    history = BenchmarkImport.objects.order_by("number").values_list("number", "values_held", "current_of__code")
    assert list(history) == [(1, 24, None), (2, 24, "dfe-cin-c1")]


def test_import_when_staged_then_what_is_read_stays_and_the_preview_counts_what_would_change():
    b.an_import()

    def change(rows: list[b.Row]) -> None:
        rows[6] |= {"rereferral_percent": "21.1", "rereferral_count": "211"}
        rows[7] |= {"referral_count": "c"}
        del rows[3]

    rows = b.c1_rows(years=(2023, 2024, 2025))
    change(rows)
    staged = b.a_staged_import(b.csv_of(rows))
    assert read_now()[-1] == ("2023-24", D("20.2"), "")
    preview = preview_of(staged, own_code="E08000017")
    assert (preview.new, preview.changed, preview.gone, preview.areas) == (12, 4, 3, 4)
    assert preview.summary == "Against import 1, which is in use: 12 new, 4 changed, 3 gone."
    first = preview.examples[0]
    assert (first.area, first.before, first.after) == ("Doncaster", "20.2% (202 of 1,000)", "21.1% (211 of 1,000)")
    assert [e.after for e in preview.examples if e.measure.startswith("Referrals to")] == [
        "c (confidential: suppressed)"
    ]
    b.confirm(staged)
    assert len(read_now()) == 3


def test_import_when_it_breaks_off_then_the_old_one_is_read_and_the_next_clears_what_is_left(monkeypatch):
    b.an_import()
    monkeypatch.setattr(benchmarks, "BLOCK", 10)
    data = changed()
    lines = benchmarks.staging(read=b.read(data), file=SentFile.of(b.C1, data), importer=Importer(), at=builders.NOW)
    blocks: list[int] = []
    really = benchmarks._write_block

    def write(**kwargs: Any) -> None:
        if blocks:
            raise OperationError("The disk is full.")
        blocks.append(1)
        really(**kwargs)

    monkeypatch.setattr(benchmarks, "_write_block", write)
    with pytest.raises(OperationError, match="disk is full"):
        b.spent(lines)
    assert BenchmarkValue.objects.count() == 24 + 10
    assert read_now()[-1] == ("2023-24", D("20.2"), "")
    dead = BenchmarkImport.objects.get(completed_at=None)
    assert dead.values_held == 0
    with pytest.raises(OperationError, match="not all written"):
        b.confirm(dead)
    monkeypatch.setattr(benchmarks, "_write_block", really)
    assert b.an_import(data).number == 2
    assert not BenchmarkImport.objects.filter(pk=dead.pk).exists()
    assert BenchmarkValue.objects.count() == 24
    assert read_now()[-1] == ("2023-24", D("21.1"), "")


def test_import_when_another_has_become_current_since_then_refused_and_that_stays():
    b.an_import()
    staged = b.a_staged_import(changed())
    held = BenchmarkSet.objects.get()
    with pytest.raises(ImportGone):
        benchmarks.make_current(staged=staged, based_on=None, importer=Importer(), at=builders.NOW)
    assert BenchmarkSet.objects.get().current_id == held.current_id
    assert AuditEvent.objects.filter(kind="benchmarks_imported").count() == 1
    other = b.a_staged_import(changed("21.2"))
    with pytest.raises(ImportGone):
        benchmarks.make_current(staged=staged, based_on=held.current_id, importer=Importer(), at=builders.NOW)
    b.confirm(other)
    assert read_now()[-1][1] == D("21.2")


def test_import_when_a_second_one_begins_meanwhile_then_the_first_gives_up(monkeypatch):
    monkeypatch.setattr(benchmarks, "BLOCK", 10)
    data = changed()
    lines = benchmarks.staging(read=b.read(data), file=SentFile.of(b.C1, data), importer=Importer(), at=builders.NOW)
    really = benchmarks._write_block

    def write(**kwargs: Any) -> None:
        monkeypatch.setattr(benchmarks, "_write_block", really)
        really(**kwargs)
        b.an_import()

    monkeypatch.setattr(benchmarks, "_write_block", write)
    with pytest.raises(ImportGone):
        b.spent(lines)
    assert read_now()[-1][1] == D("20.2")
    assert BenchmarkValue.objects.count() == 24


def test_import_when_confirmed_while_another_clears_it_then_refused(monkeypatch):
    first = b.an_import()
    staged = b.a_staged_import(changed())
    really = benchmarks._remove_block

    def remove(**kwargs: Any) -> int:
        with pytest.raises(ImportGone):
            benchmarks.make_current(staged=staged, based_on=first.pk, importer=Importer(), at=builders.NOW)
        return really(**kwargs)

    monkeypatch.setattr(benchmarks, "_remove_block", remove)
    b.spent(benchmarks.clearing(code="dfe-cin-c1"))
    assert BenchmarkSet.objects.get().current == first
    assert BenchmarkValue.objects.count() == 24


def test_import_when_forgotten_then_nothing_of_it_is_left_but_never_of_the_current_one():
    first = b.an_import()
    staged = b.a_staged_import(changed())
    benchmarks.discard(staged=staged)
    benchmarks.discard(staged=first)
    assert BenchmarkValue.objects.count() == 24
    assert BenchmarkImport.objects.get() == first


def test_authority_when_it_has_another_code_in_another_file_then_it_stays_one_area():
    barnsley = b.authority("E06000901", "999", "Somewhere")
    b.an_import(b.a_c1_file(areas=(*b.AREAS, barnsley)))
    b.an_import(b.a_c1_file(areas=(*b.AREAS, b.authority("E06000902", "999", "Somewhere else"))))
    area = Area.objects.get(old_code="999")
    assert (area.code, area.name) == ("E06000901", "Somewhere")
    assert len(read_now(area="E06000901")) == 2


def test_authority_when_held_under_another_number_then_the_file_is_refused():
    b.an_import()
    with pytest.raises(OperationError, match="held under the number 371; this file gives 999"):
        b.an_import(b.a_c1_file(areas=(b.ENGLAND, b.REGION, b.authority("E08000017", "999", "Doncaster"))))
    assert len(read_now()) == 2


# Neighbours and comparisons


def neighbours(name: str) -> Callable[[], None]:
    file = SentFile.of(name, (b.FOLDER / name).read_bytes())
    return lambda: comparators.import_neighbours(
        read=b.read_fixture(name), file=file, based_on=None, importer=Importer(), at=builders.NOW
    )


OLDER = "statistical_neighbours_2021_doncaster.csv"


def test_neighbours_when_their_areas_are_held_then_ranked_and_dated_and_a_second_time_unchanged():
    name = next(b.FOLDER.glob("d3*")).name
    b.an_import((b.FOLDER / name).read_bytes(), name)
    for one in (OLDER, "sn_model_2025_wide.csv"):
        neighbours(one)()
    groups = ComparatorGroup.objects.filter(area__code="E08000017").order_by("valid_from")
    assert [(str(g.valid_from), str(g.valid_until)) for g in groups] == [
        ("2021-04-01", "2025-04-30"),
        ("2025-05-01", "None"),
    ]
    names = [[m.area.name for m in group.members.all()] for group in groups]
    assert [n[:2] for n in names] == [["Rotherham", "Barnsley"], ["Rotherham", "Barnsley"]]
    assert names[1][-1] == "North Lincolnshire"
    assert ComparatorGroup.objects.count() == 154
    with pytest.raises(AlreadyCurrent):
        neighbours(OLDER)()


def test_neighbours_when_an_area_is_not_held_then_refused():
    b.an_import()
    with pytest.raises(OperationError, match="No authority is held under the number 332, 357"):
        neighbours(OLDER)()
    assert not ComparatorGroup.objects.exists()


def test_comparisons_when_loaded_then_as_the_file_stands(tmp_path):
    b.an_import()
    for code in ("re-referrals-12-months", "referrals"):
        builders.an_indicator(code)
    path = tmp_path / "comparisons.csv"
    head = "indicator,measure,is_same_definition,note\n"
    path.write_text(f"{head}re-referrals-12-months,dfe-re-referrals,yes,\nreferrals,dfe-referrals,no,Ours is older.\n")
    assert comparators.load_comparisons(path=path) == (2, 2)
    assert comparators.load_comparisons(path=path) == (2, 0)
    path.write_text(f"{head}referrals,dfe-referrals,no,Ours is newer.\nnot-ours,dfe-referrals,yes,\n")
    assert comparators.load_comparisons(path=path) == (1, 1)
    assert Comparison.objects.get().note == "Ours is newer."
    path.write_text(f"{head}referrals,dfe-nothing,yes,\n")
    with pytest.raises(RowsRefused, match="no measure that is held"):
        comparators.load_comparisons(path=path)
    assert Comparison.objects.count() == 1


# The command


def test_command_when_a_folder_has_a_broken_file_then_the_others_are_imported_and_it_fails(tmp_path, capsys):
    (tmp_path / b.C1).write_bytes(b.a_c1_file())
    (tmp_path / "c6_children_in_need_referrals_by_month.csv").write_bytes(b"April,May\n1,2\n")
    with pytest.raises(CommandError, match="1 of 2 files were refused"):
        call_command("import_benchmarks", tmp_path)
    said = capsys.readouterr()
    assert "current as import 1, 24 values" in said.out
    assert (
        "Row 1, time_period: the column is missing; this is read as “Children in need: referrals by month”" in said.err
    )
    assert len(read_now()) == 2
    with pytest.raises(CommandError):
        call_command("import_benchmarks", tmp_path)
    assert "this very file is current already" in capsys.readouterr().out


def test_command_when_nothing_is_there_then_it_says_so(tmp_path):
    with pytest.raises(CommandError, match="no CSV file"):
        call_command("import_benchmarks", tmp_path)
    with pytest.raises(CommandError, match="1 of 1 files"):
        call_command("import_benchmarks", tmp_path / "gone.csv")


def test_file_when_broken_then_not_a_row_is_written():
    with pytest.raises(FileRefused):
        b.an_import(b.a_c1_file(lambda rows: rows[7].update(referral_count="many")))
    models = (BenchmarkSet, BenchmarkImport, BenchmarkValue, BenchmarkMeasure, Area)
    assert not any(model.objects.exists() for model in models)


# Others meanwhile


@pytest.mark.django_db(transaction=True)
def test_cell_when_saved_while_a_file_is_imported_then_at_once(tmp_path):
    measure, row, people = builders.an_indicator(), builders.a_return(), builders.the_people()
    together = Together(tmp_path)
    name = next(b.FOLDER.glob("c5*")).name
    data = (b.FOLDER / name).read_bytes()
    read, waits = b.read(data, name), []

    def save() -> None:
        for version in range(6):
            time.sleep(0.05)
            change = CellChange(measure.series, builders.a_cell(80 + version, 100), f"0.{version}")
            began = time.perf_counter()
            operations.keep_cells(in_return=row, changes=[change], by=people.analyst, at=builders.NOW)
            waits.append(time.perf_counter() - began)

    def load() -> str:
        b.spent(benchmarks.importing(read=read, file=SentFile.of(name, data), importer=Importer(), at=builders.NOW))
        return "imported"

    assert together.run(load, save) == ["imported", "done"]
    assert max(waits) < 1
    assert together.read(lambda: (DraftCell.objects.get().version, BenchmarkValue.objects.count())) == (6, 3_146)
