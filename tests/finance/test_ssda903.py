"""The SSDA903 return: counted as walked night by night, balanced on every rung, and silent about what stands in it."""

import json
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.demand_model import LEFT, Child, model_of, project_cohort, rates
from finance.ssda903 import CannotBeRead, cohort, counted, read, summarise
from finance.ssda903.codes import BY_PROVIDER, RUNGS, TEMPORARY, rung_of
from finance.ssda903.counting import AGE_NOT_STATED
from tests.reference import ssda903_reference as reference

FIRST, LAST = date(2021, 4, 1), date(2022, 3, 31)
HEADINGS = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
PLACES = {
    "in-house-fostering": ("U6", "PR1"), "independent-fostering": ("U4", "PR4"), "out-of-authority": ("K2", "PR4"),
    "with-parents": ("P1", "PR0"),
}  # fmt: skip


def header(*births: str, start: int = 1) -> bytes:
    rows = [f"{n},1,{birth},WBRI,UPN{n},0," for n, birth in enumerate(births, start=start)]
    return "\r\n".join([HEADINGS, *rows, ""]).encode()


def episode(child=1, decom="01/04/2021", place="U6", provider="PR1", dec="", rec="", legal="C2") -> str:
    return f"{child},{decom},S,{legal},N1,{place},{provider},{dec},{rec},,DN1 1AA,DN2 2BB,SC0001"


def episodes(*rows: str) -> bytes:
    return "\r\n".join([EPISODES, *rows, ""]).encode()


def summary(births: list[str], *rows: str):
    return summarise(header(*births), episodes(*rows), FIRST, LAST)


def codes(found) -> dict[str, tuple[str, ...]]:
    return {finding.code: finding.cells for finding in found.findings}


# Counting


def test_year_when_a_child_starts_moves_and_leaves_then_each_is_counted_once():
    found = summary(
        ["10/06/2010"],
        episode(decom="01/05/2021", place="U4", provider="PR4", dec="01/07/2021", rec="X1"),
        episode(decom="01/07/2021", place="K2", provider="PR4", dec="2022-01-01", rec="E4A"),
    )
    assert found.starters == {("10-to-15", "independent-fostering"): 1}
    assert found.moves == {("10-to-15", "independent-fostering", "out-of-authority"): 1}
    assert found.leavers == {("10-to-15", "out-of-authority", "returned-to-family"): 1}
    assert found.child_days == {("10-to-15", "independent-fostering"): 61, ("10-to-15", "out-of-authority"): 184}
    assert (found.at_start, found.at_end, found.children, found.findings) == ({}, {}, 1, ())


def test_days_when_a_birthday_is_passed_then_they_are_of_two_bands():
    found = summary(["20/02/2017"], episode(decom="01/03/2021", place="P1", provider="PR0"))
    assert found.at_start == {("1-to-4", "with-parents"): 1}
    assert found.at_end == {("5-to-9", "with-parents"): 1}
    assert found.child_days == {("1-to-4", "with-parents"): 325, ("5-to-9", "with-parents"): 40}


def test_episode_when_it_goes_on_after_18_then_care_ends_on_the_birthday():
    found = summary(
        ["01/10/2003", "02/10/2003"],
        episode(1, "01/03/2021", "H5", "PR4"),
        episode(2, "01/03/2021", "H5", "PR4", dec="05/10/2021", rec="E17"),
    )
    assert found.leavers == {("16-to-17", "supported-16-plus", "turned-18"): 2}
    assert found.aged_out == {("16-to-17", "supported-16-plus"): 2}
    assert codes(found) == {"over-18": ("H3",)}
    assert all(row.to_rung != LEFT for row in found.observed())


def test_temporary_placement_when_it_follows_another_then_the_child_stays_on_its_rung():
    found = summary(
        ["01/10/2010"],
        episode(decom="01/03/2021", place="K2", provider="PR1", dec="01/06/2021", rec="X1"),
        episode(decom="01/06/2021", place="T1", provider="", dec="05/06/2021", rec="X1"),
        episode(decom="05/06/2021", place="K2", provider="PR1"),
    )
    assert found.moves == {}
    assert found.child_days == {("10-to-15", "in-house-residential"): 365}


def test_short_breaks_when_there_are_then_they_are_left_out_and_told():
    found = summary(["01/10/2010"], episode(legal="V4"), episode())
    assert found.children == 1
    assert codes(found) == {"short-break": ("D2",)}


def test_overlap_when_the_next_episode_begins_early_then_it_takes_over_from_then():
    found = summary(
        ["01/10/2010"],
        episode(decom="01/03/2021", dec="10/06/2021", rec="X1"),
        episode(decom="01/06/2021", place="U4", provider="PR5"),
    )
    assert found.child_days == {("10-to-15", "in-house-fostering"): 61, ("10-to-15", "independent-fostering"): 304}
    assert codes(found) == {"overlap": ("H2",)}


@st.composite
def returns(draw):
    """Children with episodes in order, some with gaps, and the files that say so."""
    children, rows, births = [], [], []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        birth = draw(st.dates(date(2003, 5, 1), date(2021, 1, 1)))
        births.append(birth.strftime("%d/%m/%Y"))
        day = max(birth, date(2021, 1, 1)) + timedelta(days=draw(st.integers(0, 200)))
        told = []
        for _ in range(draw(st.integers(1, 4))):
            rung = draw(st.sampled_from(sorted(PLACES)))
            length = draw(st.integers(0, 150))
            end = None if draw(st.integers(0, 5)) == 0 else day + timedelta(days=length)
            told.append({"start": day, "end": end, "rung": rung})
            place, provider = PLACES[rung]
            rows.append(
                episode(number, day.isoformat(), place, provider, end.strftime("%d/%m/%Y") if end else "", "E8")
            )
            if end is None:
                break
            day = end + timedelta(days=draw(st.sampled_from([0, 0, 1, 9])))
        children.append((birth, told))
    return children, header(*births), episodes(*draw(st.permutations(rows)))


@settings(max_examples=60)
@given(made=returns())
def test_return_when_walked_night_by_night_then_the_same_sums_and_every_rung_balances(made):
    children, head, body = made
    for _, told in children:  # an episode of no night changes nothing
        told[:] = [one for one in told if one["end"] is None or one["end"] > one["start"]]
    if not any(told for _, told in children):
        return
    found, wanted = summarise(head, body, FIRST, LAST), reference.walked(children, FIRST, LAST)
    leavers: dict[tuple[str, str], int] = {}
    for (band, rung, _), number in found.leavers.items():
        leavers[band, rung] = leavers.get((band, rung), 0) + number
    assert leavers == wanted["leavers"]
    for name in ("at_start", "at_end", "starters", "moves", "child_days"):
        assert getattr(found, name) == wanted[name], name
    for rung in PLACES:
        moved = sum(n * ((to == rung) - (begin == rung)) for (_, begin, to), n in found.moves.items())
        came = sum(n for (_, on), n in found.starters.items() if on == rung)
        went = sum(n for (_, on), n in leavers.items() if on == rung)
        opening, closing = (sum(n for (_, on), n in s.items() if on == rung) for s in (found.at_start, found.at_end))
        assert opening + came - went + moved == closing
    total = sum(found.exposure.values()) - sum(found.child_days.values())
    assert total == sum(found.at_start.values()) - sum(found.at_end.values())


# For the demand model


def test_summary_when_it_feeds_the_model_then_rates_and_cohort_fit_together():
    births = [f"0{1 + n % 9}/06/201{n % 9}" for n in range(40)]
    rows = [
        row
        for n in range(1, 41)
        for row in (
            episode(n, "01/01/2021", "K2", "PR4", "01/08/2021", "X1"),
            episode(n, "01/08/2021", "U6", "PR1", "01/02/2022" if n % 4 == 0 else "", "E4A" if n % 4 == 0 else ""),
        )
    ]
    care = read(header(*births), episodes(*rows))
    found, children = counted(care, FIRST, LAST), cohort(care, LAST)
    assert len(children) == 30 == sum(found.at_end.values())
    assert children[0] == Child(date(2010, 6, 1), "in-house-fostering")
    assert {(row.from_rung, row.to_rung) for row in found.observed()} == {
        ("out-of-authority", "in-house-fostering"),
        ("in-house-fostering", LEFT),
    }
    assert sum(row.moves for row in found.observed()) == 50
    model = model_of(rates(found.observed()), ("out-of-authority", "in-house-fostering"), found.entrants())
    stocks = project_cohort(model, children, LAST, [LAST + timedelta(days=365)]).stocks[0]
    assert 0 < stocks.total < 30
    assert found.entrants() == {}
    one = summary(["10/06/2010"], episode(decom="01/05/2021"))
    assert one.entrants()["10-to-15", "in-house-fostering"] * 365 == pytest.approx(Decimal(1))


# Cells


def test_rows_when_something_is_wrong_then_found_by_cell_and_never_by_content():
    secret = "Jane-Secret"
    head = "\n".join([HEADINGS, f"{secret},1,31/02/2010,x,y,0,", ",1,01/01/2010,x,y,0,", "", f"{secret},1,,,,,",
                      "7,1,01/01/2012,,,,"])  # fmt: skip
    body = [
        episode(secret, "soon"), episode(secret, ""), episode("", "01/04/2021"), episode(secret, place="QQ"),
        episode(7, "01/04/2021", provider="PR9", dec="01/05/2021", rec="zz"),
        episode(7, "01/05/2021", dec="30/04/2021", rec="E8"), episode(7, "01/06/2021", dec="never"),
        episode(8, "01/06/2021", dec="01/07/2021", rec="X1"), episode(7, "01/01/2011", dec="01/02/2011", rec="E8"),
    ]  # fmt: skip
    found = summarise(head.encode(), episodes(*body), FIRST, LAST)
    assert {(f.file, f.column, f.code): f.cells for f in found.findings} == {
        ("header", "DOB", "no-birth"): ("C2",), ("header", "CHILD", "no-child"): ("A3",),
        ("header", "CHILD", "child-twice"): ("A5",), ("episodes", "DECOM", "not-a-date"): ("B2",),
        ("episodes", "DECOM", "no-date"): ("B3",), ("episodes", "CHILD", "no-child"): ("A4",),
        ("episodes", "PLACE", "not-a-place"): ("F5",), ("episodes", "PLACE_PROVIDER", "no-provider"): ("G6",),
        ("episodes", "REC", "not-a-reason"): ("I6",), ("episodes", "DEC", "end-before-start"): ("H7",),
        ("episodes", "DEC", "not-a-date"): ("H8",), ("episodes", "CHILD", "no-header"): ("A9",),
        ("episodes", "REC", "no-next"): ("I9",), ("episodes", "DECOM", "before-birth"): ("B10",),
    }  # fmt: skip
    told = json.dumps([asdict(finding) for finding in found.findings])
    for word in (secret, "soon", "never", "QQ", "PR9", "zz", "DN1", "31/02/2010"):
        assert word not in told
    assert found.at_end[AGE_NOT_STATED, "rung-not-reported"] == 1


@pytest.mark.parametrize("change", [
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: data.replace(b"\r\n", b"\n\n"),
    lambda data: data.replace(b"CHILD", b" Child "),
    lambda data: data.replace(b"01/04/2021", b"2021-04-01 00:00:00"),
    lambda data: data.replace(b"01/04/2021", b"1/4/2021"),
    lambda data: data + b",,,,\r\n",
    lambda data: data.replace(b"DN1 1AA", b"Stra\xdfe"),
])  # fmt: skip
def test_files_when_written_another_way_then_read_alike(change):
    plain = summary(["01/10/2010"], episode())
    other = summarise(change(header("01/10/2010")), change(episodes(episode())), FIRST, LAST)
    assert replace(other, findings=()) == plain
    assert plain.at_end == {("10-to-15", "in-house-fostering"): 1}


def test_columns_when_in_another_order_then_read_by_their_headings():
    lines = [line.split(",") for line in episodes(episode()).decode().splitlines()]
    turned = "\n".join(",".join(reversed(line)) for line in lines).encode()
    assert summarise(header("01/10/2010"), turned, FIRST, LAST) == summary(["01/10/2010"], episode())


GOOD, BODY = header("01/10/2010"), episodes(episode())


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        (BODY, GOOD, "the other way round"),
        (b"", BODY, "file of the header is empty"),
        (b"PK\x03\x04rest", BODY, "no CSV file"),
        (GOOD.decode().encode("utf-16"), BODY, "no CSV file"),
        (GOOD, b"<?xml version='1.0'?>", "no CSV file"),
        (GOOD.replace(b",", b";"), BODY, "not separated by commas"),
        (GOOD, BODY.replace(b"DECOM", b"BEGIN"), "lacks DECOM in its first row"),
        (GOOD, BODY.replace(b"CIN", b"DEC"), "has DEC more than once"),
        (GOOD, BODY.replace(b"DN1 1AA", b'"DN1'), "a quotation mark is missing"),
        (GOOD, episodes(), "no episode that can be counted"),
        (GOOD, BODY.replace(b"DN1 1AA", b"x" * 2_000), "larger than such a return"),
        (b"x" * (20 * 1024 * 1024 + 1), BODY, "larger than 20 MB"),
    ],
)
def test_file_when_it_cannot_be_read_then_it_is_refused_in_a_sentence(head, body, message):
    with pytest.raises(CannotBeRead, match=message) as refused:
        summarise(head, body, FIRST, LAST)
    assert str(refused.value).endswith(".")


def test_period_when_it_ends_before_it_begins_then_it_is_refused():
    with pytest.raises(CannotBeRead, match="ends before it begins"):
        summarise(GOOD, BODY, LAST, FIRST)


def test_codes_when_each_is_taken_then_it_has_one_rung():
    every = {*BY_PROVIDER, *RUNGS, *TEMPORARY}
    published = "U1 U2 U3 U4 U5 U6 K1 K2 R1 R2 R3 R5 S1 H5 P1 P2 P3 A3 A4 A5 A6 T0 T1 T2 T3 T4 Z1"
    assert every == set(published.split())
    assert rung_of("U1", "PR1") == "in-house-fostering"
    assert rung_of("U4", "PR5") == "independent-fostering"
    assert rung_of("K2", "PR1") == "in-house-residential"
    assert rung_of("R1", "PR2") == "out-of-authority"
    assert rung_of("R3", "") == "parent-and-child"
    assert rung_of("U1", "") == rung_of("", "PR1") == "rung-not-reported"
