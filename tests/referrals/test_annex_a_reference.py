"""Every measure of Annex A against the second computation with pandas: seeds, sizes, layouts, days, dirt."""

import math
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

from referrals.annex_a.codes import CODES
from referrals.annex_a.compute import computed
from referrals.annex_a.spec import LISTS, ListData
from referrals.annex_a.synthetic import columns_of, synthetic_lists
from tests.reference import annex_a_measures_reference as second
from tests.reference.annex_a_reference import Reference

TEXTS = {name: {code.text: code.code for code in codes} for name, codes in CODES.items()}
QUARTER = date(2022, 3, 31), date(2022, 1, 1), date(2022, 3, 31)


def typed(seed: int, number: int, reference: date, layout: str = "newer") -> list[ListData]:
    """The synthetic lists as a reader would hand them on: codes for official texts."""
    rows = synthetic_lists(seed, number, reference, layout)
    found = []
    for spec in LISTS:
        columns = columns_of(spec.number, layout)
        coded = {column.key: TEXTS[column.codes] for column in columns if column.codes}
        for row in rows[spec.number]:
            for key, texts in coded.items():
                row[key] = texts[row[key]] if row[key] else None
        keys = tuple(column.key for column in columns)
        found.append(ListData(spec.number, spec.name, f"List {spec.number}", rows[spec.number], keys))
    return found


def number_left_out(line: dict) -> int:
    return sum(reason["number"] for reason in line["left_out"])


def rounded(numerator: int, denominator: int, times: int) -> str | None:
    if not denominator:
        return None
    return str((Decimal(numerator) * times / denominator).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def nearest_rank(values: pd.Series) -> str | None:
    ordered = sorted(values)
    return str(int(ordered[math.ceil(len(ordered) / 2) - 1])) if ordered else None


def check_measures(answer: dict, r: Reference) -> int:
    """Compares every measure and category; gives how many lines agreed."""
    first = [line for line in answer["measures"] if not line["dimension"]]
    parts = {}
    for line in answer["measures"]:
        if line["dimension"]:
            parts.setdefault((line["code"], line["dimension"]), {})[line["category"]] = int(line["numerator"])
    lines = second.lines(r)
    absent = {line["code"] for line in first if line["numerator"] is None and line["denominator"] is None}
    assert {line["code"] for line in first} - absent == set(lines)
    for line in first:
        if line["code"] not in absent:
            check_line(line, lines[line["code"]], r, parts)
    assert parts == {}, "a breakdown that the second computation does not know"
    return len(answer["measures"])


def check_line(line: dict, other: second.Line, r: Reference, parts: dict) -> None:
    code, kind = line["code"], line["kind"]
    alive, left = r.sift(other.number, other.keep, other.once)
    if kind in ("mean", "median"):
        values = other.span[alive].dropna()
        left += int(alive.sum()) - len(values)
        total = int(values.sum())
        expected = (str(total), str(len(values)), rounded(total, len(values), 1)) if kind == "mean" else (
            None, str(len(values)), nearest_rank(values))  # fmt: skip
    else:
        hit, judged, left = r.judge(alive, left, other.counted)
        top, bottom = int(hit.sum()), int(judged.sum())
        expected = (str(top), None, str(top)) if kind == "count" else (str(top), str(bottom), rounded(top, bottom, 100))
        for by, (category, key) in other.by.items():
            if key in r.frames[other.number]:
                counts = Counter(category(r, other.number, key)[hit])
                mine = parts.pop((code, by))
                assert {name: n for name, n in mine.items() if n} == dict(counts), (code, by)
                assert sum(mine.values()) == top
    assert (line["numerator"], line["denominator"], line["value"]) == expected, code
    assert number_left_out(line) == left, code


def check_durations(answer: dict, r: Reference) -> None:
    others = second.durations(r)
    assert {line["code"] for line in answer["durations"]} == set(others)
    for line in answer["durations"]:
        number, keep, once, days, lasts = others[line["code"]]
        alive, left = r.sift(number, keep, once)
        values = days[alive].dropna()
        bands = pd.cut(values, [-1, *lasts, math.inf], labels=False).value_counts()
        assert [b["number"] for b in line["bands"]] == [bands.get(n, 0) for n in range(len(lasts) + 1)], line["code"]
        assert line["median"] == nearest_rank(values), line["code"]
        assert number_left_out(line) == left + int(alive.sum()) - len(values), line["code"]


def check_open_late(answer: dict, r: Reference) -> None:
    others = second.open_late(r)
    for line in answer["open_late"]:
        if line["number"] is not None:
            number, keep, once, late = others.pop(line["code"])
            alive, left = r.sift(number, keep, once)
            hit, judged, left = r.judge(alive, left, [late])
            found = line["number"], line["denominator"], number_left_out(line)
            assert found == (hit.sum(), judged.sum(), left), line["code"]
    assert others == {}


@pytest.mark.parametrize(
    ("seed", "number", "layout", "days"),
    [
        (1, 1200, "newer", QUARTER),
        (2, 1200, "older", QUARTER),
        (3, 400, "newer", (date(2022, 4, 18), date(2021, 10, 19), date(2022, 4, 18))),
        (4, 60, "newer", (date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29))),
        (5, 1, "older", QUARTER),
        (6, 900, "newer", (date(2022, 1, 2), date(2021, 10, 1), date(2021, 12, 31))),
    ],
)
def test_measures_when_computed_with_pandas_then_the_same(seed: int, number: int, layout: str, days: tuple) -> None:
    lists = typed(seed, number, days[0], layout)
    answer, r = computed(lists, *days), Reference(lists, *days)
    assert check_measures(answer, r) > 600
    check_durations(answer, r)
    check_open_late(answer, r)
