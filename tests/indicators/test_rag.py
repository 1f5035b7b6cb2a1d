"""The judge: every edge case of the vectors, the 36 printed indicators, and what must hold for any figure."""

import csv
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest

from indicators.rag import (
    RATING_ORDER,
    DefinitionError,
    Judgement,
    Missing,
    MissingReason,
    NotJudged,
    Number,
    Polarity,
    Rating,
    Standard,
    StatedOutcome,
    ToleranceKind,
    gap_in_cases,
    judge,
    missing_words,
    rule_sentence,
    short_words,
    words,
)
from indicators.units import Unit, ratio, written

D = Decimal
H, L, BAND = Polarity.HIGHER, Polarity.LOWER, Polarity.BAND
ABSOLUTE, RELATIVE, POINTS = ToleranceKind.ABSOLUTE, ToleranceKind.RELATIVE, ToleranceKind.POINTS
BETTER, WITHIN, OUTSIDE, NOT_JUDGED = Rating.BETTER, Rating.WITHIN, Rating.OUTSIDE, Rating.NOT_JUDGED
VECTORS = Path(__file__).parents[1] / "data" / "vectors"


def standard(polarity, target, tolerance="", unit=None, kind=ABSOLUTE, band=None):
    """A standard from texts as a table prints them; no tolerance for '' and N/A."""
    has_tolerance = tolerance not in ("", "N/A")
    return Standard(
        {"H": H, "L": L}.get(polarity, polarity),
        None if target is None else D(target),
        kind if has_tolerance else ToleranceKind.NONE,
        D(tolerance) if has_tolerance else None,
        band=None if band is None else D(band),
        unit=unit,
    )


def number(text, quantum=None, upper=None):
    """A number as printed: 85, <1, approx 8."""
    qualifier = text[0] if text[0] in "<>" else "~" if text.startswith("approx") else ""
    return Number(D(text.removeprefix("approx").lstrip("<> ")), qualifier, quantum, upper)


# Every row of the vectors. Their words: below = outside, no data and indeterminate = not judged.

EDGES = list(csv.DictReader((VECTORS / "rag_edge_cases.csv").read_text(encoding="utf-8").splitlines()))
CODES = {
    "better": (BETTER, None),
    "within": (WITHIN, None),
    "below": (OUTSIDE, None),
    "no data": (NOT_JUDGED, None),
    "indeterminate": (NOT_JUDGED, NotJudged.STRADDLES),
}


def test_there_are_edge_cases():
    assert len(EDGES) == 17


@pytest.mark.parametrize("row", EDGES, ids=[f"{r['polarity']} {r['value'] or 'none'} v {r['target']}" for r in EDGES])
def test_edge_case_vectors(row):
    if row["expected"] == "config error":
        with pytest.raises(DefinitionError):
            standard(row["polarity"], row["target"], row["tolerance"])
        return
    against = standard(row["polarity"], row["target"], row["tolerance"])
    if row["expected"] == "unit error":
        with pytest.raises(DefinitionError, match="proportion"):
            against.check_standard_against(D(row["value"]), Unit.PERCENT)
        return
    measure = number(row["value"]) if row["value"] else Missing(MissingReason(row["displayed"].replace(" ", "_")))
    judgement = judge(measure, against)
    rating, reason = CODES[row["expected"]]
    assert judgement.rating is rating
    assert (judgement.reason is None) == (rating is not NOT_JUDGED)
    if reason:
        assert judgement.reason is reason
    assert judgement.approximate == row["displayed"].startswith("approx")


# The 36 indicators of report 003 paragraph 74, judged by hand: polarity, target, tolerance, printed value, rating.

NO_FIGURE_GIVEN = {"not reportable": "not_reportable", "not available": "x", "see report": "narrative_only"}
CONTRACT = """
C1 | assessments within 45 days       | H | 90  | 75  | 85             | within
C2 | conferences within 15 days       | H | 95  | 80  | 99             | better
C3 | children with a plan seen        | H | 80  | 80  | 93             | better
C4 | child in need plan               | H | 95  | 80  | 100            | better
C5 | reviews in time                  | H | 95  | 80  | not reportable | no data
C6 | three or more moves              | L | 9   | 15  | 6              | better
C7 | pathway plans                    | H | 95  | 80  | 80             | within
C8 | in touch                         | H | 95  | 75  | 94             | within
C9 | under 14 months to adoption      | H | 60  | N/A | not available  | no data
C10 | audits good or better           | H | 80  | 80  | 56             | below
C11 | supervision                     | H | 90  | N/A | not met        | below
"""
PARTNERSHIP = """
P1 | re-referrals                     | L | 22  | 28  | 5              | better
P2 | family support outcomes          | H | 60  | 40  | not reportable | no data
P3 | length of intervention           | L | 140 | 180 | not reportable | no data
P4 | assessments under 20 days        | H | 25  | 15  | not available  | no data
P5 | in need 6 to 12 months           | L | 15  | 20  | 22.3           | below
P6 | in need 12 to 24 months          | L | 15  | 20  | 14.7           | better
P7 | in need over 2 years             | L | 25  | 30  | 6.6            | better
P8 | second plan within 2 years       | L | 10  | 16  | not reportable | no data
P9 | plan of 2 years or more          | L | 3   | 5   | <1             | better
P10 | homes good or better            | H | 100 | 80  | 80             | within
P11 | long-term stability             | H | 70  | 60  | not available  | no data
P12 | proceedings within 26 weeks     | H | 80  | 70  | 55             | below
P13 | adopted                         | H | 19  | 14  | approx 8       | below
P14 | days to adoptive family         | L | 426 | 460 | 463            | below
P15 | order to match                  | L | 121 | 200 | 121            | better
P16 | special guardianship            | H | 15  |     | 13             | below
P17 | child arrangements              | H | 10  |     | 17             | better
P18 | accommodation                   | H | 85  | 80  | 93             | better
P19 | education or work               | H | 48  | 40  | 58             | better
P20 | staying put                     | H | 25  | 20  | 15             | below
P21 | audits better than inadequate   | H | 95  |     | 96             | better
P22 | agency posts                    | L | 8   | 12  | see report     | no data
P23 | turnover                        | L | 16  | 18  | 8              | better
P24 | first-time entrants             | L | 194 | N/A | 124            | better
P25 | re-offending                    | L | 25  | N/A | 25.7           | below
"""


def printed_rows(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def judge_row(row):
    _, _, polarity, target, tolerance, printed, _ = row
    if printed == "not met":
        measure = StatedOutcome(met=False)
    elif printed in NO_FIGURE_GIVEN:
        measure = Missing(MissingReason(NO_FIGURE_GIVEN[printed]))
    else:
        measure = number(printed)
    return judge(measure, standard(polarity, target, tolerance))


ROWS = printed_rows(CONTRACT) + printed_rows(PARTNERSHIP)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_printed_indicators(row):
    assert judge_row(row).rating is CODES[row[6]][0]


@pytest.mark.parametrize(
    ("table", "better", "within", "outside", "not_judged"),
    [(CONTRACT, 4, 3, 2, 2), (PARTNERSHIP, 11, 1, 7, 6)],
    ids=["contract", "partnership"],
)
def test_printed_counts_add_up_to_the_rows(table, better, within, outside, not_judged):
    rows = printed_rows(table)
    ratings = [judge_row(row).rating for row in rows]
    assert [ratings.count(rating) for rating in (BETTER, WITHIN, OUTSIDE, NOT_JUDGED)] == [
        better,
        within,
        outside,
        not_judged,
    ]
    assert better + within + outside + not_judged == len(rows)


def test_most_printed_rows_change_class_when_the_polarity_is_swapped():
    """A check that the table above would notice: 26 of the 27 rows that print a number change."""
    changed, numbers = 0, 0
    for row in ROWS:
        judged = judge_row(row).rating
        if row[5] in NO_FIGURE_GIVEN or row[5] == "not met":
            continue
        numbers += 1
        swapped = L if row[2] == "H" else H
        value = number(row[5])
        target, tolerance = D(row[3]), row[4]
        mirrored = Standard(swapped, target)
        if tolerance not in ("", "N/A"):
            mirrored = Standard(swapped, target, POINTS, abs(D(tolerance) - target))
        changed += judge(value, mirrored).rating is not judged
    assert numbers == 27
    assert changed == 26


# Chance: the probability of each colour, over every possible count, against the vectors.

CHANCES = json.loads((VECTORS / "rag_by_chance.json").read_text(encoding="utf-8"))
SETTINGS = [
    (95, 150, "H", "95", "80"),
    (95, 20, "H", "95", "80"),
    (80, 75, "H", "80", "80"),
    (82, 75, "H", "80", "80"),
    (60, 4, "H", "60", ""),
    (80, 223, "H", "95", "80"),
    (82, 223, "H", "95", "80"),
    (14, 47, "H", "19", "14"),
    (15, 47, "H", "15", ""),
    (9, 550, "L", "9", "15"),
    (20, 40, "H", "25", "20"),
]


@pytest.mark.parametrize(("vector", "setting"), list(zip(CHANCES, SETTINGS, strict=True)), ids=[c[0] for c in CHANCES])
def test_chance_of_each_rating(vector, setting):
    true, n, polarity, target, tolerance = setting
    share, against = Fraction(true, 100), standard(polarity, target, tolerance)
    chances = dict.fromkeys((BETTER, WITHIN, OUTSIDE), Fraction(0))
    for x in range(n + 1):
        rating = judge(Number(ratio(x, n, Unit.PERCENT)), against).rating
        chances[rating] += comb(n, x) * share**x * (1 - share) ** (n - x)
    assert [float(chance) for chance in chances.values()] == pytest.approx(vector[1:], abs=0.00051)


# Single rules.


@pytest.mark.parametrize(
    ("polarity", "target", "tolerance", "value", "expected"),
    [
        ("H", "90", "75", "90", BETTER),
        ("H", "90", "75", "89.9999", WITHIN),
        ("H", "90", "75", "75", WITHIN),
        ("H", "90", "75", "74.9999", OUTSIDE),
        ("L", "9", "15", "9", BETTER),
        ("L", "9", "15", "9.0001", WITHIN),
        ("L", "9", "15", "15", WITHIN),
        ("L", "9", "15", "15.0001", OUTSIDE),
        ("H", "80", "80", "80", BETTER),
        ("H", "15", "", "14.9999", OUTSIDE),
        ("H", "15", "", "0", OUTSIDE),
        ("L", "15", "", "15.0001", OUTSIDE),
        ("L", "0", "2", "0", BETTER),
        ("L", "0", "2", "1", WITHIN),
        ("L", "0", "2", "2", WITHIN),
        ("L", "0", "2", "3", OUTSIDE),
        ("L", "0", "", "0", BETTER),
        ("L", "0", "", "0.0001", OUTSIDE),
        ("H", "0", "", "0", BETTER),
        ("H", "95", "80", "104", BETTER),
        ("H", "-5", "-10", "-7", WITHIN),
    ],
)
def test_boundaries_belong_to_the_better_class(polarity, target, tolerance, value, expected):
    assert judge(number(value), standard(polarity, target, tolerance)) == Judgement(expected)


@pytest.mark.parametrize(
    ("against", "limit"),
    [
        (standard(H, "90", "75"), "75"),
        (standard(L, "9", "15"), "15"),
        (standard(H, "80", "10", kind=RELATIVE), "72"),
        (standard(L, "80", "10", kind=RELATIVE), "88"),
        (standard(H, "-80", "10", kind=RELATIVE), "-88"),
        (standard(L, "0", "10", kind=RELATIVE), "0"),
        (standard(H, "80", "5", kind=POINTS), "75"),
        (standard(L, "80", "5", kind=POINTS), "85"),
        (standard(H, "99999999999.9999", "99.9999", kind=RELATIVE), "99999.9999999999"),
        (standard(H, "80"), None),
        (standard(H, None), None),
        (standard(Polarity.NONE, "80"), None),
        (standard(BAND, "10", "5", band="3"), None),
    ],
)
def test_limit(against, limit):
    assert against.limit == (None if limit is None else D(limit))


@pytest.mark.parametrize(
    ("kind", "tolerance", "reach"),
    [(ABSOLUTE, "5", 5), (POINTS, "2", 5), (RELATIVE, "20", 5), (ABSOLUTE, "3", 3), (ToleranceKind.NONE, "", 3)],
)
def test_band(kind, tolerance, reach):
    """Target 10, better within 3 either way, and so far with the tolerance."""
    against = standard(BAND, "10", tolerance, kind=kind, band="3")
    for value, expected in [("7", BETTER), ("13", BETTER), ("10", BETTER)]:
        assert judge(number(value), against).rating is expected
    for value in ("6.9999", "13.0001", str(10 - reach), str(10 + reach)):
        distance = abs(D(value) - 10)
        assert judge(number(value), against).rating is (
            BETTER if distance <= 3 else WITHIN if distance <= reach else OUTSIDE
        )
    for value in (str(D(10 - reach) - D("0.0001")), str(D(10 + reach) + D("0.0001"))):
        assert judge(number(value), against).rating is OUTSIDE
    assert against.allowed_range == (10 - reach, 10 + reach)
    assert against.better_range == (7, 13)


@pytest.mark.parametrize(
    "build",
    [
        lambda: standard(H, "15", "20"),
        lambda: standard(L, "20", "15"),
        lambda: Standard(H, D(80), ABSOLUTE),
        lambda: Standard(H, D(80), RELATIVE),
        lambda: Standard(H, D(80), POINTS),
        lambda: Standard(H, D(80), ToleranceKind.NONE, D(75)),
        lambda: Standard(H, None, ABSOLUTE, D(75)),
        lambda: Standard(H, D(80), POINTS, D(-1)),
        lambda: Standard(L, D(80), RELATIVE, D(-1)),
        lambda: Standard(H, D(80), band=D(1)),
        lambda: Standard(BAND, D(80)),
        lambda: Standard(BAND, D(80), band=D(-1)),
        lambda: standard(BAND, "80", "2", band="3"),
        lambda: Standard(H, D("NaN")),
        lambda: Standard(H, D("Infinity")),
        lambda: Standard(H, D(80), ABSOLUTE, D("NaN")),
        lambda: Standard(BAND, D(80), band=D("NaN")),
    ],
)
def test_contradictory_definitions_are_refused(build):
    with pytest.raises(DefinitionError) as caught:
        build()
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("against", "value", "unit", "refused"),
    [
        (standard(H, "0.9", "0.75"), "85", Unit.PERCENT, True),
        (standard(H, "0.9", "0.75"), "5", Unit.PERCENT, True),
        (standard(H, "1"), "80", Unit.PERCENT, True),
        (standard(L, "0.22", "0.28"), "25", Unit.PERCENT, True),
        (standard(H, "0.9", "5", kind=POINTS), "85", Unit.PERCENT, True),
        (standard(H, "90", "75"), "85", Unit.PERCENT, False),
        (standard(L, "1", "2"), "5", Unit.PERCENT, False),
        (standard(L, "1"), "5", Unit.PERCENT, False),
        (standard(L, "0", "2"), "5", Unit.PERCENT, False),
        (standard(H, "0.9", "0.75"), "0.8", Unit.PERCENT, False),
        (standard(H, "0.9", "0.75"), None, Unit.PERCENT, False),
        (standard(H, "0.9", "0.75"), "NaN", Unit.PERCENT, False),
        (standard(H, "0.9", "0.75"), "85", Unit.COUNT, False),
        (standard(L, "194", unit=Unit.PER_100000), "124", Unit.PERCENT, True),
        (standard(L, "194", unit=Unit.PER_100000), "124", Unit.PER_100000, False),
        (standard(L, None), "124", Unit.PERCENT, False),
    ],
)
def test_a_target_in_another_unit_is_refused(against, value, unit, refused):
    value = None if value is None else D(value)
    if refused:
        with pytest.raises(DefinitionError):
            against.check_standard_against(value, unit)
    else:
        against.check_standard_against(value, unit)


@pytest.mark.parametrize("reason", MissingReason)
@pytest.mark.parametrize("against", [standard(H, "90", "75"), standard(L, "0"), None])
def test_missing_is_never_a_colour(reason, against):
    judgement = judge(Missing(reason), against)
    assert judgement == Judgement(NOT_JUDGED, NotJudged(reason.value))
    assert words(judgement.rating, judgement.reason) == missing_words(reason)


@pytest.mark.parametrize("bad", ["NaN", "sNaN", "-NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("polarity", ["H", "L"])
@pytest.mark.parametrize("qualifier", ["", "<", ">", "~"])
def test_what_is_not_a_number_is_never_a_colour(bad, polarity, qualifier):
    judgement = judge(Number(D(bad), qualifier, quantum=D(1)), standard(polarity, "90"))
    assert judgement == Judgement(NOT_JUDGED, NotJudged.NO_FIGURE)


@pytest.mark.parametrize(
    ("measure", "against", "reason"),
    [
        (None, standard(H, "90"), "no_figure"),
        (None, None, "no_figure"),
        (number("85"), None, "no_target"),
        (number("85"), standard(H, None), "no_target"),
        (StatedOutcome(met=False), None, "no_target"),
        (number("85"), replace(standard(H, "90"), suspended=True), "target_suspended"),
        (StatedOutcome(met=False), replace(standard(H, "90"), suspended=True), "target_suspended"),
        (number("85"), standard(Polarity.NONE, "90"), "no_polarity"),
        (StatedOutcome(met=False), standard(H, "90", "75"), "outcome_with_tolerance"),
        (StatedOutcome(met=False), standard(H, "80", "80"), "outcome_with_tolerance"),
    ],
)
def test_reasons_for_no_rating(measure, against, reason):
    assert judge(measure, against) == Judgement(NOT_JUDGED, NotJudged(reason))


@pytest.mark.parametrize(
    ("met", "tolerance", "rating"), [(True, "", BETTER), (True, "75", BETTER), (False, "", OUTSIDE)]
)
def test_stated_outcomes(met, tolerance, rating):
    assert judge(StatedOutcome(met), standard(H, "90", tolerance)) == Judgement(rating)


@pytest.mark.parametrize(
    ("text", "against", "expected"),
    [
        ("<1", standard(L, "3", "5"), BETTER),
        ("<3", standard(L, "3", "5"), BETTER),
        ("<3.0001", standard(L, "3", "5"), None),
        ("<4", standard(L, "3", "5"), None),
        ("<6", standard(L, "3", "5"), None),
        ("<3", standard(H, "5", "3"), OUTSIDE),
        ("<5", standard(H, "5", "0"), WITHIN),
        ("<5", standard(H, "5", "3"), None),
        ("<5", standard(H, "5"), OUTSIDE),
        ("<5", standard(H, "0"), BETTER),
        ("<5", standard(H, "0", unit=Unit.POUNDS), None),
        ("<5", standard(L, "5", unit=Unit.POUNDS), BETTER),
        ("<0", standard(L, "0"), BETTER),
        (">5", standard(H, "5", "3"), BETTER),
        (">5", standard(L, "5"), OUTSIDE),
        (">5", standard(L, "3", "5"), OUTSIDE),
        (">5", standard(L, "3", "6"), None),
        (">4.9999", standard(L, "3", "5"), None),
        (">95", standard(H, "90"), BETTER),
        (">95", standard(H, "100", "80"), None),
        (">95", standard(L, "90", "100"), None),
        (">8", standard(BAND, "10", "5", band="3"), None),
        (">15", standard(BAND, "10", "5", band="3"), OUTSIDE),
        ("<5", standard(BAND, "10", "5", band="3"), OUTSIDE),
        ("<10", standard(BAND, "5", band="5"), BETTER),
    ],
)
def test_limits_are_judged_only_when_wholly_in_one_class(text, against, expected):
    judgement = judge(number(text), against)
    assert judgement == (Judgement(expected) if expected else Judgement(NOT_JUDGED, NotJudged.STRADDLES))


@pytest.mark.parametrize(
    ("text", "upper", "against", "expected"),
    [
        (">95", "100", standard(L, "90", "100"), WITHIN),
        (">95", "100", standard(BAND, "98", band="3"), BETTER),
        (">95", "100", standard(H, "100", "80"), None),
        (">100", "100", standard(H, "100"), BETTER),
    ],
)
def test_more_than_reaches_to_the_greatest_value_possible(text, upper, against, expected):
    judgement = judge(number(text, upper=D(upper)), against)
    assert judgement.rating is (expected or NOT_JUDGED)


@pytest.mark.parametrize(
    ("value", "quantum", "against", "rating", "in_rounding"),
    [
        ("80", "1", standard(H, "95", "80"), WITHIN, True),
        ("85", "1", standard(H, "90", "75"), WITHIN, False),
        ("85", None, standard(H, "85", "75"), BETTER, False),
        ("84.5", "1", standard(H, "85"), OUTSIDE, False),
        ("84.5", "1.0001", standard(H, "85"), OUTSIDE, True),
        ("85.5", "1", standard(H, "85"), BETTER, False),
        ("85.5", "1", standard(L, "85"), OUTSIDE, True),
        ("121", "1", standard(L, "121", "200"), BETTER, True),
        ("463", "1", standard(L, "426", "460"), OUTSIDE, False),
        ("0", "1", standard(H, "0"), BETTER, False),
        ("0", "1", standard(L, "0"), BETTER, True),
        ("0", "1", standard(H, "0", unit=Unit.POUNDS), BETTER, True),
        ("-3", "1", standard(L, "-3.5"), OUTSIDE, False),
        ("-3", "1", standard(L, "-3.4999"), OUTSIDE, True),
        ("-3", "1", standard(H, "-2.5"), OUTSIDE, True),
        ("-3", "1", standard(L, "-2.5"), BETTER, False),
    ],
)
def test_printed_rounded_is_judged_as_printed_and_marked(value, quantum, against, rating, in_rounding):
    judgement = judge(number(value, quantum=None if quantum is None else D(quantum)), against)
    assert (judgement.rating, judgement.boundary_in_rounding) == (rating, in_rounding)


def test_rounding_does_not_reach_beyond_the_greatest_value_possible():
    against = standard(BAND, "95", band="5")
    assert judge(number("100", D(1)), against).boundary_in_rounding
    assert not judge(number("100", D(1), upper=D(100)), against).boundary_in_rounding


@pytest.mark.parametrize(
    "build",
    [
        lambda: Number(D(1), "≤"),
        lambda: Number(D(1), quantum=D(0)),
        lambda: Number(D(1), quantum=D("NaN")),
        lambda: Number(D(1), upper=D("NaN")),
    ],
)
def test_impossible_numbers_are_refused(build):
    with pytest.raises(ValueError, match=r"\.$"):
        build()


def test_a_float_never_reaches_the_judge():
    with pytest.raises(TypeError, match="Decimal"):
        Number(0.9)


# Words.


def test_reasons_hold_every_missing_reason():
    assert {reason.value for reason in MissingReason} < {reason.value for reason in NotJudged}
    assert set(RATING_ORDER) == set(Rating)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((BETTER,), "Better than target"),
        ((WITHIN,), "Within tolerance"),
        ((OUTSIDE,), "Outside tolerance"),
        ((NOT_JUDGED,), "Not judged"),
        ((NOT_JUDGED, NotJudged.NOT_REPORTABLE), "Not reportable"),
        ((NOT_JUDGED, NotJudged.NOT_AVAILABLE), "Not available"),
        ((NOT_JUDGED, NotJudged.NARRATIVE_ONLY), "Narrative only"),
        ((NOT_JUDGED, NotJudged.NOT_YET_DUE), "Not yet due"),
        ((NOT_JUDGED, NotJudged.CONFIDENTIAL), "Confidential"),
        ((NOT_JUDGED, NotJudged.NOT_APPLICABLE), "Not applicable"),
        ((NOT_JUDGED, NotJudged.LOW), "Rounds to nothing"),
        ((NOT_JUDGED, NotJudged.NO_COHORT), "No cohort"),
        ((NOT_JUDGED, NotJudged.NO_TARGET), "No target set"),
        ((NOT_JUDGED, NotJudged.TARGET_SUSPENDED), "Target suspended"),
        ((NOT_JUDGED, NotJudged.NO_POLARITY), "No direction set"),
        ((NOT_JUDGED, NotJudged.STRADDLES), "Cannot be judged"),
        ((NOT_JUDGED, NotJudged.OUTCOME_WITH_TOLERANCE), "Cannot be judged"),
        ((NOT_JUDGED, NotJudged.NO_FIGURE), "No figure entered"),
    ],
)
def test_words(args, expected):
    assert words(*args) == expected


def test_short_words():
    assert [short_words(rating) for rating in RATING_ORDER] == ["Outside", "Within", "Better", "Not judged"]
    assert short_words(NOT_JUDGED, NotJudged.NO_COHORT) == "No cohort"


@pytest.mark.parametrize(
    ("text", "against", "unit", "places", "sentence"),
    [
        (
            "13.78",
            standard(L, "16", "18"),
            Unit.PERCENT,
            2,
            "13.78% is less than 16%, and lower is better, so the figure is better than target.",
        ),
        (
            "93",
            standard(H, "80", "80"),
            Unit.PERCENT,
            0,
            "93% is more than 80%, and higher is better, so the figure is better than target.",
        ),
        (
            "80",
            standard(H, "95", "80"),
            Unit.PERCENT,
            0,
            "80% equals the tolerance of 80%, and the boundary counts as within, so the figure is within tolerance.",
        ),
        (
            "121",
            standard(L, "121", "200"),
            Unit.DAYS,
            0,
            "121 days equals the target of 121 days, and the boundary counts as better, "
            "so the figure is better than target.",
        ),
        (
            "85",
            standard(H, "90", "75"),
            Unit.PERCENT,
            0,
            "85% is less than the target of 90% but not less than the tolerance of 75%, "
            "so the figure is within tolerance.",
        ),
        (
            "463",
            standard(L, "426", "460"),
            Unit.DAYS,
            0,
            "463 days is more than the tolerance of 460 days, and lower is better, so the figure is outside tolerance.",
        ),
        (
            "13",
            standard(H, "15"),
            Unit.PERCENT,
            0,
            "13% is less than the target of 15%, higher is better and no tolerance is set, so the target is not met.",
        ),
        (
            "89.96",
            standard(H, "90", "75"),
            Unit.PERCENT,
            1,
            "89.96% is less than the target of 90% but not less than the tolerance of 75%, "
            "so the figure is within tolerance.",
        ),
        (
            "<1",
            standard(L, "3", "5"),
            Unit.PERCENT,
            0,
            "<1%, whatever it is exactly, is not more than 3%, and lower is better, "
            "so the figure is better than target.",
        ),
        (
            "<4",
            standard(L, "3", "5"),
            Unit.PERCENT,
            0,
            "<4% can be on either side of a boundary (3% and 5%), so it cannot be judged.",
        ),
        (
            "approx 8",
            standard(H, "19", "14"),
            Unit.PERCENT,
            0,
            "Approx. 8% is less than the tolerance of 14%, and higher is better, "
            "so the figure is outside tolerance. The figure itself is approximate.",
        ),
        (
            "12",
            standard(BAND, "10", "5", band="3"),
            Unit.COUNT,
            0,
            "12 is inside 7 to 13, so the figure is better than target.",
        ),
        (
            "14",
            standard(BAND, "10", "5", band="3"),
            Unit.COUNT,
            0,
            "14 is outside 7 to 13 but inside the tolerance of 5 to 15, so the figure is within tolerance.",
        ),
        (
            "16",
            standard(BAND, "10", "5", band="3"),
            Unit.COUNT,
            0,
            "16 is outside 5 to 15, so the figure is outside tolerance.",
        ),
        ("16", standard(BAND, "10", band="3"), Unit.COUNT, 0, "16 is outside 7 to 13, so the target is not met."),
    ],
)
def test_rule_sentence(text, against, unit, places, sentence):
    measure = number(text)
    assert rule_sentence(judge(measure, against), measure, against, unit, places) == sentence


@pytest.mark.parametrize(
    ("measure", "against", "part"),
    [
        (number("80", D(1)), standard(H, "95", "80"), "It is printed rounded: before rounding"),
        (StatedOutcome(met=True), standard(H, "90"), "target was met and gives no number, so the figure is better"),
        (StatedOutcome(met=False), standard(H, "90"), "no tolerance is set, so the figure is outside tolerance, as st"),
        (StatedOutcome(met=False), standard(H, "90", "75"), "it could be within tolerance or outside"),
        (None, standard(H, "90"), "No figure has been entered"),
        (number("85"), None, "No target is set"),
        (number("85"), standard(H, None), "No target is set"),
        (number("85"), standard(Polarity.NONE, "90"), "not laid down which way is better"),
        (number("85"), replace(standard(H, "90"), suspended=True), "The target is suspended"),
        (Missing(MissingReason.NOT_REPORTABLE), standard(H, "90"), "Not reportable: there is no figure"),
        (Number(D("NaN")), standard(H, "90"), "No figure has been entered"),
    ],
)
def test_rule_sentence_says_why(measure, against, part):
    sentence = rule_sentence(judge(measure, against), measure, against, Unit.PERCENT, 0)
    assert part in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("numerator", "denominator", "against", "unit", "gap"),
    [
        (42, 75, standard(H, "80", "80"), Unit.PERCENT, 18),
        (1266, 1514, standard(H, "90", "75"), Unit.PERCENT, 97),
        (32, 223, standard(H, "25", "20"), Unit.PERCENT, 13),
        (120, 1000, standard(L, "9", "15"), Unit.PERCENT, 30),
        (160, 1000, standard(L, "9", "15"), Unit.PERCENT, 10),
        (6, 47, standard(H, "15"), Unit.PERCENT, 2),
        (50, 25000, standard(L, "194"), Unit.PER_100000, 2),
        (72, 75, standard(H, "95"), Unit.PERCENT, None),
        (1, 4, standard(H, "101"), Unit.PERCENT, None),
        (1, 4, standard(L, "-1"), Unit.PERCENT, None),
        (0, 0, standard(H, "95"), Unit.PERCENT, None),
        (-1, 4, standard(H, "95"), Unit.PERCENT, None),
        (463, 1, standard(L, "426"), Unit.DAYS, None),
        (1, 4, None, Unit.PERCENT, None),
        (1, 4, standard(H, None), Unit.PERCENT, None),
        (1, 4, standard(Polarity.NONE, "90"), Unit.PERCENT, None),
        (1, 4, replace(standard(H, "90"), suspended=True), Unit.PERCENT, None),
        (1, 4, standard(BAND, "90", band="1"), Unit.PERCENT, None),
    ],
)
def test_gap_in_cases(numerator, denominator, against, unit, gap):
    assert gap_in_cases(numerator, denominator, against, unit) == gap


def test_written_and_judged_differ_only_in_print():
    """89.96% is shown as 90.0% and is still within, not better."""
    assert written(D("89.96"), Unit.PERCENT, 1) == "90.0%"
    assert judge(Number(D("89.96")), standard(H, "90", "75")).rating is WITHIN
