"""The engine's verdicts on the five source reports, against those judged by hand."""

import csv

import pytest

from indicators.checks_engine.comparison import Outcome
from indicators.checks_engine.reports import judge_report
from indicators.checks_engine.verdicts import Verdict
from tests.indicators.report_rows import BY_HAND, hand_verdicts, transcribed


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return {verdict.code: verdict for verdict in judge_report(transcribed().statements)}


def test_reports_when_judged_then_every_check_has_its_verdict_by_hand(verdicts):
    assert len(verdicts) > 0
    assert set(verdicts) == set(hand_verdicts())


def test_reports_when_judged_then_the_verdicts_are_those_by_hand(verdicts):
    by_hand = hand_verdicts()
    wrong = {
        code: f"{verdict.outcome.value}, by hand {by_hand[code]['verdict']}: {verdict.sentence}"
        for code, verdict in verdicts.items()
        if code in by_hand and verdict.outcome.value != by_hand[code]["verdict"]
    }
    assert wrong == {}


def test_verdicts_by_hand_when_they_need_a_note_then_they_have_one():
    noted = {Outcome.CONTRADICTS, Outcome.TRUNCATED, Outcome.CANNOT_BE_CHECKED}
    without = [code for code, row in hand_verdicts().items() if row["verdict"] in noted and not row["note"].strip()]
    assert without == []


def test_verdicts_by_hand_when_opened_then_the_file_has_its_columns_and_stands_in_the_order_of_the_reports():
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["code", "verdict", "note"]
    codes = [code for code, *_ in rows]
    assert len(set(codes)) == len(codes)
    assert codes == [s.code for s in transcribed().statements if s.check]


def test_findings_when_told_then_each_quotes_the_statement_and_its_parts(verdicts):
    by_code = transcribed().by_code
    assert verdicts
    for verdict in verdicts.values():
        codes = [place.code for place in verdict.places]
        assert codes[: 1 + len(by_code[verdict.code].part_codes)] == [verdict.code, *by_code[verdict.code].part_codes]
        assert verdict.sentence.endswith(".")
        if verdict.outcome is Outcome.CONTRADICTS:
            assert all(place.paragraph and place.place for place in verdict.places)


def test_printed_shares_when_their_counts_give_others_then_found(verdicts):
    """The two errors that the demonstration restates: 1,266 of 1,514 as 85%, 292 of 1,031 as 22.3%."""
    found = {(v.outcome, tuple(p.printed.replace(",", "") for p in v.places)) for v in verdicts.values()}
    assert (Outcome.CONTRADICTS, ("85%", "1266", "1514")) in found
    assert any(
        outcome is Outcome.CONTRADICTS and printed[0] == "22.3%" and "292" in printed for outcome, printed in found
    )


@pytest.mark.parametrize(("group", "sums", "rounded"), [("003-84", 70, 15), ("000-36", 15, 3)])
def test_tables_when_only_rounded_then_nothing_is_found_in_them(verdicts, group, sums, rounded):
    """The outturn of 003 §84 and the funding table of 000 §36 do not add up to the last digit, and are right."""
    members = [verdicts[s.code] for s in transcribed().statements if s.group == group and s.check]
    assert len(members) >= sums
    assert [v.code for v in members if v.is_finding] == []
    assert sum(v.outcome is Outcome.WITHIN_ROUNDING for v in members) >= rounded
