"""The published figures in fixtures/ are complete, refer to each other, and say what the reports print.

Reads the CSV files with the standard library only: a second opinion that owes nothing to the application.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PLACE = FIXTURES / "doncaster"
QUARTER = "2021-22-q4"

Row = dict[str, str]

HEADERS = {
    "doncaster/sources.csv": "code,title,body,published_on,source,paragraph",
    "doncaster/partners.csv": "code,name,kind,from_on,until_on,source,paragraph",
    "doncaster/successions.csv": "predecessor,successor,effective_on,functions,authority,source,paragraph",
    "doncaster/indicators.csv": (
        "code,valid_from,name,short_name,numerator,denominator,unit,polarity,window,frequency,aggregation,counts,"
        "places,source_system,source_return,why_it_matters,lead_role,review_on,complement_authority,"
        "source,paragraph"
    ),
    "doncaster/scorecards.csv": "code,name,authority,frequency,purpose,audience,source,paragraph",
    "doncaster/lines.csv": (
        "scorecard,order,printed_order,theme_code,theme,indicator,slice,frequency,valid_from,source,paragraph"
    ),
    "doncaster/targets.csv": (
        "scorecard,indicator,slice,valid_from,target,tolerance_kind,tolerance,printed_target,printed_tolerance,"
        "authority,reason,source,paragraph"
    ),
    "doncaster/assignments.csv": "partner,indicator,slice,from_on,until_on,source,paragraph",
    "doncaster/figures.csv": (
        "indicator,slice,period,basis,numerator,denominator,value,qualifier,quantum,stated_met,missing_reason,"
        "not_reportable_code,responsible_role,expected_on,flags,confidence,confidence_reason,validation_task,source_system,as_at_on,"
        "extracted_on,headline,commentary,source,paragraph"
    ),
    "doncaster/statements.csv": (
        "code,indicator,slice,period,about,kind,text,value,qualifier,numerator,denominator,source,paragraph"
    ),
    "doncaster/queries.csv": "code,indicator,scorecard,slice,period,question,statements,source,paragraph",
    "doncaster/stated_summaries.csv": (
        "scorecard,period,targets,suspended,annual,better,within,outside,note,source,paragraph"
    ),
    "doncaster/breaks.csv": "indicator,slice,on,precision,kind,explanation,source,paragraph",
    "doncaster/populations.csv": "on,age_from,age_to,persons,source,paragraph",
    "doncaster/statutory_returns.csv": (
        "code,name,asked_by,covers,opens_on,closes_on,state,owner_role,note,source,paragraph"
    ),
    "doncaster/data_issues.csv": (
        "code,statutory_return,title,description,found_on,expected_on,cleared_on,how_cleared,partner,owner_role,"
        "indicators,source,paragraph"
    ),
    "glossary.csv": "term,context,expansion,meaning,source,paragraph",
    "committee_paper.csv": "code,heading,kind,words,owner_role,source,paragraph",
    "reports/coverage.csv": "report,paragraph,position,text,held_as,excluded_because",
}
KEYS = {
    "doncaster/sources.csv": ("code",),
    "doncaster/partners.csv": ("code",),
    "doncaster/successions.csv": ("predecessor", "successor", "effective_on"),
    "doncaster/indicators.csv": ("code", "valid_from"),
    "doncaster/scorecards.csv": ("code",),
    "doncaster/lines.csv": ("scorecard", "indicator", "slice"),
    "doncaster/targets.csv": ("scorecard", "indicator", "slice", "valid_from"),
    "doncaster/assignments.csv": ("indicator", "slice", "from_on"),
    "doncaster/figures.csv": ("indicator", "slice", "period"),
    "doncaster/statements.csv": ("code",),
    "doncaster/queries.csv": ("code",),
    "doncaster/stated_summaries.csv": ("scorecard", "period", "source"),
    "doncaster/breaks.csv": ("indicator", "slice", "on", "kind"),
    "doncaster/populations.csv": ("on", "age_from", "age_to"),
    "doncaster/statutory_returns.csv": ("code",),
    "doncaster/data_issues.csv": ("code",),
    "glossary.csv": ("term", "context"),
    "committee_paper.csv": ("code",),
    "reports/coverage.csv": ("report", "paragraph", "position"),
}
CHOICES = {
    ("committee_paper.csv", "kind"): {"fact", "text", "figures", "implications"},
    ("doncaster/partners.csv", "kind"): {"council", "trust", "police", "health", "other"},
    ("doncaster/indicators.csv", "unit"): {"percent", "count", "days", "per_10000", "per_100000", "pounds"},
    ("doncaster/indicators.csv", "polarity"): {"higher", "lower", "band", "none"},
    ("doncaster/indicators.csv", "window"): {
        "period", "snapshot", "year_to_date", "rolling_12_months", "cohort_lagged",
    },
    ("doncaster/indicators.csv", "frequency"): {"month", "quarter", "financial_year"},
    ("doncaster/indicators.csv", "aggregation"): {"sum", "latest", "pooled_ratio", "none"},
    ("doncaster/indicators.csv", "counts"): {"children", "families", "adults", "staff", "places", "events"},
    ("doncaster/targets.csv", "tolerance_kind"): {"absolute", "none"},
    ("doncaster/figures.csv", "basis"): {"stated", "stated_outcome", "missing", "derived"},
    ("doncaster/figures.csv", "qualifier"): {"", "<", ">", "~"},
    ("doncaster/figures.csv", "stated_met"): {"", "yes", "no"},
    ("doncaster/figures.csv", "missing_reason"): {
        "", "c", "z", "x", "low", "no_cohort", "not_yet_due", "not_reportable", "narrative_only",
    },
    ("doncaster/figures.csv", "not_reportable_code"): {
        "", "system_change", "definition_complex", "data_validation", "tool_not_in_system", "start_date_unreliable",
        "small_numbers", "other",
    },
    ("doncaster/figures.csv", "confidence"): {"", "high", "caution", "low"},
    ("doncaster/statements.csv", "about"): {"value", "target", "tolerance", "definition", "context"},
    ("doncaster/statements.csv", "kind"): {"quotation", "summary"},
    ("doncaster/statements.csv", "qualifier"): {"", "<", ">", "~"},
    ("doncaster/statutory_returns.csv", "state"): {"planned", "open", "submitted", "closed", "not_stated"},
    ("doncaster/breaks.csv", "precision"): {"day", "month", "year"},
    ("doncaster/breaks.csv", "kind"): {"system", "definition", "cohort"},
}  # fmt: skip
PERSONAL = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "a telephone number": re.compile(r"(?<![\d.,])0\d{3,4}[ -]?\d{3}[ -]?\d{3,4}(?!\d)"),
    "a member's name": re.compile(r"\b(?:Cllrs?|Councillors?|Alderman|Aldermen)\b\.? (?-i:[A-Z])", re.IGNORECASE),
    "a form of address": re.compile(
        r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Reverend|Superintendent|Inspector|Judge)\b\.? [A-Z]"
    ),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b"),
}
_WORD = r"[A-Z][a-zà-ÿ]+(?:[’'][a-z]+)?(?:-[A-Z][a-z]+)?"
CAPITALISED = re.compile(rf"\b{_WORD}(?: (?:[A-Z]\.? )?{_WORD})+")
INITIALS = re.compile(rf"(?<![\w.])(?:[A-Z]\. ?)+{_WORD}")
# Capitalised words of organisations, places and terms. None of them is to be a first name or a surname.
NAME_NOBODY = frozenset(
    (Path(__file__).resolve().parents[1] / "data/words_that_name_nobody.txt").read_text(encoding="utf-8").split()
)
COVERED = {
    "000": {"7", "8", *map(str, range(19, 23)), *map(str, range(24, 41)), "36 table", "43", "44"},
    "001": set(map(str, range(16, 55))),
    "002": {
        "agenda", "minutes", *(f"minute {n}" for n in range(8, 13)), "item 6", *map(str, range(1, 23)), "item 7",
        *(f"item 7, {n}" for n in range(1, 15) if n != 6),
    },
    "003": {
        "6", "8", "9", "10",
        "13", "14", *map(str, range(15, 54)), "28 table", "40 table", "51 table", "54", "54 table", "55", "56",
        "57 table", "58", "59", *map(str, range(60, 65)), "65 table", "66 table", *map(str, range(67, 74)), "74 table",
        *map(str, range(81, 125)), "84 table",
    },
    "004": set(map(str, range(1, 16))) - {"2"},  # 2, and 6 of item 7 of report 002, are lost in the published text
}  # fmt: skip
EXCLUSIONS = {
    "date", "paragraph number", "page", "period label", "part of a definition", "name of a body or law",
}  # fmt: skip
# Not from the case system (report 003 §42, §53, §58, §73): the change of August 2021 is no break for these.
NOT_FROM_THE_CASE_SYSTEM = {
    "pathway-plans-reviewed", "care-leavers-in-touch", "care-leavers-suitable-accommodation", "care-leavers-eet",
    "staying-put", "care-proceedings-26-weeks", "supervision-in-timescale", "audits-good-or-better",
    "audits-ri-or-better", "agency-posts", "staff-turnover", "homes-good-or-better", "first-time-entrants",
    "re-offending",
}  # fmt: skip
# The ratings of report 003 §74, row by row in the printed order: better, within, outside, not judged.
RATINGS = {
    "contract": "W B B B N B W W N O O",
    "partnership": "B N N N O B B N B W N O O O B O B B B O B N B B O",
}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
COUNTING = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
RANKS = {"second": 2, "third": 3, "seventh": 7}
WORDS = {word: Decimal(n) for n, word in enumerate(COUNTING, start=1)} | {word: Decimal(n) for word, n in RANKS.items()}
WORDS["half"] = Decimal("0.5")
WORD = re.compile(rf"\b({'|'.join(WORDS)})\b", re.IGNORECASE)


def read(name: str) -> list[Row]:
    """The rows of one file of fixtures/."""
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def read_all(name: str) -> list[Row]:
    """The rows of a file of the place and of the same files of its areas, such as demand."""
    return [row for path in sorted(PLACE.rglob(f"{name}.csv")) for row in read(str(path.relative_to(FIXTURES)))]


def number_in(text: str) -> Decimal:
    """The one number that a piece of print holds, in digits or as a word."""
    digits = NUMBER.findall(text)
    if digits:
        assert len(digits) == 1, f"{text!r} holds more than one number"
        return Decimal(digits[0].replace(",", ""))
    words = WORD.findall(text)
    assert len(words) == 1, f"{text!r} holds no number, or more than one"
    return WORDS[words[0].lower()]


def amounts_in(text: str, paragraph: str = "") -> set[Decimal]:
    """What the one number of a piece of print can stand for: itself, or pounds where millions or thousands are."""
    number = number_in(text)
    if paragraph == "84 table":
        return {number * 1_000}
    scale = re.search(r"\d(m|k)\b", text)
    return {number} | ({number * (1_000_000 if scale[1] == "m" else 1_000)} if scale else set())


def numbers_in(text: str) -> set[Decimal]:
    """Every number in a text, in digits or as a word."""
    found = {Decimal(n.rstrip(",").replace(",", "")) for n in NUMBER.findall(text)}
    return found | {WORDS[w.lower()] for w in WORD.findall(text)}


def span(slug: str) -> tuple[date, date]:
    """First and last day of a period slug: 2022-03, 2021-22-q4, 2021-22 or 2021-02-01--2021-07-31."""
    if "--" in slug:
        first, last = map(date.fromisoformat, slug.split("--"))
        return first, last
    if match := re.fullmatch(r"(\d{4})-(\d\d)-q([1-4])", slug):
        year, quarter = int(match[1]), int(match[3])
        assert int(match[2]) == (year + 1) % 100, slug
        first = date(year, 1 + 3 * quarter, 1) if quarter < 4 else date(year + 1, 1, 1)
        return first, _month_after(first, 3) - timedelta(days=1)
    match = re.fullmatch(r"(\d{4})-(\d\d)", slug)
    assert match, f"{slug!r} is not a period"
    year, second = int(match[1]), int(match[2])
    if second == (year + 1) % 100 and second > 12:
        return date(year, 4, 1), date(year + 1, 3, 31)
    first = date(year, second, 1)
    return first, _month_after(first, 1) - timedelta(days=1)


def _month_after(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def definition_of(indicator: str, slug: str) -> Row:
    """The definition in force at the start of a period."""
    start = span(slug)[0]
    versions = [r for r in read("doncaster/indicators.csv") if r["code"] == indicator]
    in_force = [r for r in versions if span(r["valid_from"])[0] <= start]
    assert in_force, f"{indicator} has no definition for {slug}"
    return max(in_force, key=lambda r: span(r["valid_from"])[0])


def naive_rating(figure: Row, target: Row, polarity: str) -> str:
    """The rule of the reports in its plainest form: both boundaries belong to the better class."""
    if figure["basis"] == "missing":
        return "N"
    if figure["basis"] == "stated_outcome":
        return "B" if figure["stated_met"] == "yes" else "O"
    value, goal = Decimal(figure["value"]), Decimal(target["target"])
    assert figure["qualifier"] != "<" or (polarity == "lower" and value <= goal), "this would need an interval"
    limit = Decimal(target["tolerance"] or goal)
    if polarity == "lower":
        value, goal, limit = -value, -goal, -limit
    return "B" if value >= goal else "W" if value >= limit else "O"


def test_every_file_is_known_and_has_its_header() -> None:
    for name, header in HEADERS.items():
        data = (FIXTURES / name).read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf"), f"{name} starts with a byte order mark"
        lines = list(csv.reader(data.decode("utf-8").splitlines(), strict=True))
        assert lines[0] == header.split(","), name
        assert {len(line) for line in lines} == {len(lines[0])}, name
        assert len(lines) > 1, name


@pytest.mark.parametrize("name", HEADERS)
def test_keys_are_unique_and_cells_are_clean(name: str) -> None:
    rows = read(name)
    keys = Counter(tuple(row[k] for k in KEYS[name]) for row in rows)
    assert not [key for key, n in keys.items() if n > 1]
    for row in rows:
        for column, cell in row.items():
            assert cell == cell.strip(), (name, column, cell)
            assert "\n" not in cell, (name, column, cell)
            assert "  " not in cell, (name, column, cell)


@pytest.mark.parametrize("key", CHOICES, ids="-".join)
def test_coded_cells_hold_known_codes(key: tuple[str, str]) -> None:
    name, column = key
    assert {row[column] for row in read(name)} <= CHOICES[key]


def test_dates_are_iso_and_periods_are_slugs() -> None:
    for name in HEADERS:
        for row in read(name):
            for column, cell in row.items():
                if cell and (column == "on" or column.endswith("_on")):
                    assert date.fromisoformat(cell).isoformat() == cell, (name, column)
                if cell and column in {"period", "valid_from"}:
                    start, end = span(cell)
                    assert start < end


def test_every_row_has_a_source_that_is_known() -> None:
    sources = {row["code"] for row in read("doncaster/sources.csv")}
    for name in HEADERS:
        for row in read(name):
            if name == "doncaster/sources.csv":
                assert row["source"] == row["paragraph"] == ""
            elif name == "reports/coverage.csv":
                assert row["report"] in sources
            else:
                assert row["source"] in sources, (name, row)
                assert row["paragraph"], (name, row)


def test_references_between_the_files_resolve() -> None:
    indicators = {row["code"] for row in read("doncaster/indicators.csv")}
    scorecards = {row["code"] for row in read("doncaster/scorecards.csv")}
    partners = {row["code"] for row in read("doncaster/partners.csv")}
    statements = {row["code"]: row for row in read("doncaster/statements.csv")}
    for name in ("lines", "targets", "assignments", "figures", "breaks"):
        assert {row["indicator"] for row in read(f"doncaster/{name}.csv")} <= indicators, name
    for name in ("lines", "targets"):
        assert {row["scorecard"] for row in read(f"doncaster/{name}.csv")} == scorecards, name
    assert {row["partner"] for row in read("doncaster/assignments.csv")} <= partners
    for row in read("doncaster/successions.csv"):
        assert {row["predecessor"], row["successor"]} <= partners
    assert {row["indicator"] for row in statements.values()} - {""} <= indicators
    of_scorecards = set()
    for row in read("doncaster/queries.csv"):
        cited = row["statements"].split(";")
        assert len(cited) >= 2, row["code"]
        assert set(cited) <= set(statements), row["code"]
        assert bool(row["indicator"]) != bool(row["scorecard"]), row["code"]
        assert row["indicator"] in indicators | {""}
        assert row["scorecard"] in scorecards | {""}
        if row["scorecard"]:
            of_scorecards |= set(cited)
        else:
            assert row["indicator"] in {statements[code]["indicator"] for code in cited}, row["code"]
    assert {code for code, row in statements.items() if not row["indicator"]} == of_scorecards


def test_the_36_indicators_are_complete() -> None:
    lines = read("doncaster/lines.csv")
    assert Counter(row["scorecard"] for row in lines) == {"contract": 11, "partnership": 25}
    for scorecard in ("contract", "partnership"):
        of_card = [row for row in lines if row["scorecard"] == scorecard]
        numbers = [str(n) for n in range(1, len(of_card) + 1)]
        assert [row["order"] for row in of_card] == numbers
        assert sorted((row["printed_order"] for row in of_card), key=int) == numbers
        themes = [row["theme_code"] for row in of_card]
        assert len(set(themes)) == len(list(groupby(themes))), "the lines of a theme stand together"
        assert len({(row["theme_code"], row["theme"]) for row in of_card}) == len(set(themes))
    codes = Counter(row["indicator"] for row in lines)
    assert len(codes) == 36
    assert Counter(row["indicator"] for row in read("doncaster/targets.csv")) == codes
    assert Counter(row["indicator"] for row in read("doncaster/assignments.csv")) == codes
    assert Counter(row["indicator"] for row in read("doncaster/figures.csv") if row["period"] == QUARTER) == codes
    assert {row["code"] for row in read("doncaster/indicators.csv")} == set(codes)
    said = {row["indicator"] for row in read("doncaster/statements.csv") if row["period"] == QUARTER}
    assert set(codes) <= said, "an indicator has no statement beside it"


def test_the_earlier_values_of_the_reports_are_held() -> None:
    held = {(row["indicator"], row["period"]): row for row in read("doncaster/figures.csv")}
    months = [f"2021-{m:02}" for m in range(3, 13)] + ["2022-01", "2022-02", "2022-03"]
    turnover = "12.94 12.56 13.07 13.54 13.03 11.51 10.64 10.41 10.35 10.00 11.21 12.26 13.78"
    assert [held["staff-turnover", m]["value"] for m in months] == turnover.split()
    assert [held["supervision-in-timescale", m]["value"] for m in months[-3:]] == ["90.2", "64.8", "64.2"]
    counts = Counter(period for _, period in held)
    assert counts["2020-21-q4"] == 8
    assert counts["2021-22-q1"] == 6
    assert {period for _, period in held if period < "2016"} == {"2014-10", "2015-04", "2015-05"}


def test_definitions_are_in_force_for_every_figure_and_target() -> None:
    for row in read("doncaster/figures.csv"):
        definition_of(row["indicator"], row["period"])
    for row in read("doncaster/targets.csv"):
        polarity = definition_of(row["indicator"], row["valid_from"])["polarity"]
        if row["tolerance_kind"] == "none":
            assert row["tolerance"] == ""
            assert row["printed_tolerance"] in {"", "N/A"}
        elif polarity == "higher":
            assert Decimal(row["tolerance"]) <= Decimal(row["target"]), row["indicator"]
        else:
            assert Decimal(row["tolerance"]) >= Decimal(row["target"]), row["indicator"]
        assert number_in(row["printed_target"].split(" of ")[0].split(" per ")[0]) == Decimal(row["target"])


def test_a_changed_definition_has_a_break_between_its_figures() -> None:
    breaks = read("doncaster/breaks.csv")
    versions = Counter(row["code"] for row in read("doncaster/indicators.csv"))
    changed = {code for code, n in versions.items() if n > 1}
    assert changed == {row["indicator"] for row in breaks if row["kind"] != "system"}
    for code in changed:
        starts = sorted(
            span(row["valid_from"])[0].isoformat() for row in read("doncaster/indicators.csv") if row["code"] == code
        )
        assert set(starts[1:]) <= {row["on"] for row in breaks if row["indicator"] == code}, code


def test_the_change_of_case_system_breaks_what_rests_on_it_and_nothing_else() -> None:
    system = [row for row in read("doncaster/breaks.csv") if row["kind"] == "system"]
    assert {(row["on"], row["precision"]) for row in system} == {("2021-08-01", "month")}
    broken = {row["indicator"] for row in system}
    everything = {row["indicator"] for row in read("doncaster/lines.csv")}
    assert broken == everything - NOT_FROM_THE_CASE_SYSTEM
    for code in everything:
        assert (definition_of(code, QUARTER)["source_system"] == "Mosaic") == (code in broken), code


def test_a_figure_has_a_number_an_outcome_or_a_reason() -> None:
    for row in read("doncaster/figures.csv"):
        where = (row["indicator"], row["period"])
        parts = row["numerator"], row["denominator"]
        match row["basis"]:
            case "stated":
                assert row["value"], where
                assert Decimal(row["quantum"]) > 0, where
                assert not any((row["stated_met"], row["missing_reason"])), where
                assert Decimal(row["value"]) % Decimal(row["quantum"]) == 0, where
            case "derived":
                assert all(parts), where
                assert not any((row["value"], row["quantum"], row["qualifier"], row["missing_reason"])), where
            case "stated_outcome":
                assert row["stated_met"], where
                assert not any((*parts, row["value"], row["qualifier"], row["quantum"], row["missing_reason"])), where
            case "missing":
                assert row["missing_reason"], where
                assert not any((*parts, row["value"], row["qualifier"], row["quantum"], row["stated_met"])), where
                assert not any((row["confidence"], row["flags"])), where
        assert bool(row["not_reportable_code"]) == (row["missing_reason"] == "not_reportable"), where
        assert bool(row["confidence"]) == bool(row["confidence_reason"]), where
        assert set(row["flags"].split()) <= set("prbue"), where
        assert ("e" in row["flags"].split()) == (row["qualifier"] == "~"), where
        unit = definition_of(row["indicator"], row["period"])["unit"]
        if unit == "percent" and all(parts):
            assert Decimal(row["numerator"]) <= Decimal(row["denominator"]), where
        if unit == "percent" and row["value"]:
            assert 0 <= Decimal(row["value"]) <= 100, where


def test_texts_keep_their_length_and_cite_their_paragraph() -> None:
    for row in read("doncaster/figures.csv"):
        assert len(row["headline"]) <= 60, row["headline"]
        assert re.search(r"\(00\d §\d+\)\.$", row["commentary"]), row["commentary"]
        if row["period"] == QUARTER:
            assert row["headline"], row["indicator"]
        for column in ("headline", "commentary"):
            assert not row[column].startswith(("=", "+", "-", "@"))
    for row in read("doncaster/statements.csv"):
        assert len(row["text"]) <= 300, row["code"]
        assert row["text"], row["code"]
    for row in read("doncaster/indicators.csv"):
        assert len(row["short_name"]) <= 60
        assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", row["code"])
    for row in read("reports/coverage.csv"):
        assert len(row["text"]) <= 40, row["text"]


def test_no_file_names_a_person() -> None:
    for path in sorted(FIXTURES.rglob("*.csv")):
        text = path.read_text(encoding="utf-8")
        for what, pattern in PERSONAL.items():
            found = pattern.search(text)
            assert not found, f"{path.name} holds {what}"


def names_in(text: str) -> list[str]:
    """What may be the name of a person: capitalised words in a row of which one is no known word of bodies, places and
    terms, and an initial before a capitalised word."""
    runs = [run for run in CAPITALISED.findall(text) if not {_bare(w) for w in run.split() if _bare(w)} <= NAME_NOBODY]
    return runs + INITIALS.findall(text)


def _bare(word: str) -> str:
    """A word without what makes it possessive; nothing for a single letter."""
    word = re.split("[’']", word)[0]
    return word if len(word.strip(".")) > 1 else ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("presented by Jane Smith of the trust", ["Jane Smith"]),
        ("Chair Jane A. Smith", ["Chair Jane A. Smith", "A. Smith"]),
        ("Smith-Jones, Jane’s report; J. Smith", ["J. Smith"]),
        ("Chief Executive of the Doncaster Children’s Services Trust", []),
        ("Jane spoke", []),  # one word alone cannot be told from the first word of a sentence
    ],
)
def test_a_name_when_it_stands_in_a_text_then_found(text: str, found: list[str]) -> None:
    assert names_in(text) == found


@pytest.mark.parametrize(
    "text",
    ["Councillor Smith", "Councillors Smith and Jones", "Cllr Smith", "Mr Smith", "Dr. Smith", "a.b@c.example",
     "01302 123456", "Superintendent Smith", "Professor Smith"],
)  # fmt: skip
def test_a_person_when_titled_or_reachable_then_found(text: str) -> None:
    assert any(pattern.search(text) for pattern in PERSONAL.values())


# Official files name places in columns of their own.
PLACES = {"country_name", "region_name", "la_name"}


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.csv")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_file_when_searched_for_names_of_people_then_none_is_found(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = {cell for row in csv.DictReader(file) for column, cell in row.items() if column not in PLACES}
    assert [name for cell in sorted(cells) for name in names_in(cell)] == []


def test_a_printed_value_that_its_own_counts_contradict_is_under_query() -> None:
    queried = {(row["indicator"], row["period"]) for row in read("doncaster/queries.csv")}
    contradicted = set()
    for row in read("doncaster/figures.csv"):
        if row["value"] and row["numerator"] and row["denominator"]:
            worked_out = Decimal(row["numerator"]) * 100 / Decimal(row["denominator"])
            if abs(worked_out - Decimal(row["value"])) > Decimal(row["quantum"]) / 2:
                contradicted.add((row["indicator"], row["period"]))
    assert contradicted == {
        ("assessments-45-days", QUARTER),
        ("cin-6-to-12-months", QUARTER),
        ("left-care-adopted", QUARTER),
        ("audits-ri-or-better", "2020-21-q4"),
    }
    assert contradicted <= queried


def test_the_contradictions_of_report_003_are_asked_about() -> None:
    asked = {row["indicator"] or row["scorecard"] for row in read("doncaster/queries.csv") if row["period"] == QUARTER}
    assert asked >= {
        "assessments-45-days", "cin-6-to-12-months", "cic-long-term-stability", "staff-turnover",
        "second-cp-plan-2-years", "staying-put", "first-time-entrants", "partnership",
    }  # fmt: skip


@pytest.mark.parametrize(("scorecard", "counts"), [("contract", (4, 3, 2, 2)), ("partnership", (11, 1, 7, 6))])
def test_judged_by_hand_the_rows_give_the_known_counts(scorecard: str, counts: tuple[int, ...]) -> None:
    figures = {row["indicator"]: row for row in read("doncaster/figures.csv") if row["period"] == QUARTER}
    targets = {row["indicator"]: row for row in read("doncaster/targets.csv") if row["scorecard"] == scorecard}
    lines = [row for row in read("doncaster/lines.csv") if row["scorecard"] == scorecard]
    ratings = []
    for line in sorted(lines, key=lambda row: int(row["printed_order"])):
        code = line["indicator"]
        ratings.append(naive_rating(figures[code], targets[code], definition_of(code, QUARTER)["polarity"]))
    assert " ".join(ratings) == RATINGS[scorecard]
    assert tuple(ratings.count(letter) for letter in "BWON") == counts


def held_money() -> dict[str, Row]:
    """What is held of money and is no figure: contract sums with their entries, programmes, homes, business cases."""
    held = {f"contract:{r['year']}": dict(r) for r in read("doncaster/money/contract_years.csv")}
    for row in read("doncaster/money/contract_entries.csv"):
        held[f"contract:{row['year']}"][row["code"]] = row["amount"]
    for row in read("doncaster/money/funding_amounts.csv"):
        key = f"funding:{row['programme']}:{row['fund'] or row['item']}"
        held.setdefault(key, {})[row["year"]] = row["amount"]
    held |= {f"home:{r['code']}": r for r in read("doncaster/money/homes.csv")}
    held |= {f"case:{r['code']}": dict(r) for r in read("doncaster/money/business_cases.csv")}
    for row in read("doncaster/money/business_case_lines.csv"):
        held[f"case:{row['case']}"][row["code"]] = row["asked"]
    return held


def held_governance() -> dict[str, Row]:
    """What bodies, minutes, resolutions and plans say with a number in it."""
    named = {"body": ("body_versions", ("body", "number")), "minute": ("minutes", ("item", "number"))}
    named |= {"resolution": ("resolutions", ("number",)), "plan": ("improvement_plans", ("code",))}
    named |= {"assurance": ("assurance_items", ("code",))}
    return {
        f"{kind}:{'/'.join(row[column] for column in key)}": row
        for kind, (name, key) in named.items()
        for row in read(f"doncaster/governance/{name}.csv")
    }


def held_numbers() -> dict[str, Row]:
    """Every row that coverage.csv may point to, by the key without its column."""
    held = {f"figure:{r['indicator']}:{r['slice']}:{r['period']}": r for r in read_all("figures")}
    held |= {f"target:{r['scorecard']}:{r['indicator']}:{r['valid_from']}": r for r in read_all("targets")}
    for row in read("doncaster/stated_summaries.csv"):
        judged = {"judged": str(sum(int(row[part]) for part in ("better", "within", "outside")))}
        held[f"summary:{row['scorecard']}:{row['period']}:{row['source']}"] = row | judged
    held |= {f"data_issue:{r['code']}": r for r in read("doncaster/data_issues.csv")}
    return held | held_governance() | {f"statement:{r['code']}": r for r in read_all("statements")}


def paragraphs() -> Iterator[tuple[tuple[str, str], list[Row]]]:
    """The rows of coverage.csv by report and paragraph."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in read("reports/coverage.csv"):
        grouped.setdefault((row["report"], row["paragraph"]), []).append(row)
    yield from grouped.items()


def test_coverage_lists_every_paragraph_in_reading_order() -> None:
    seen: dict[str, set[str]] = {}
    for (report, paragraph), rows in paragraphs():
        seen.setdefault(report, set()).add(paragraph)
        assert [row["position"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)], (report, paragraph)
    assert seen == COVERED


def test_every_printed_number_is_held_where_it_says_or_excluded_with_a_reason() -> None:
    held = held_numbers()
    money = held_money()
    for row in read("reports/coverage.csv"):
        where = (row["report"], row["paragraph"], row["position"], row["text"])
        assert bool(row["held_as"]) != bool(row["excluded_because"]), where
        if row["excluded_because"]:
            reason = row["excluded_because"]
            assert reason in EXCLUSIONS or re.match(r"none of the others: \w", reason), where
            continue
        key, _, column = row["held_as"].rpartition(":")
        if key in money:
            assert abs(Decimal(money[key][column])) in amounts_in(row["text"]), where
            continue
        assert key in held, where
        parts = {"targets", "suspended", "annual", "judged", "better", "within", "outside"}
        texts = {"text", "description", "purpose", "note", "title"}
        assert column in {"value", "numerator", "denominator", "target", "tolerance"} | texts | parts, where
        if column in texts:
            assert number_in(row["text"]) in numbers_in(held[key][column]), where
        else:
            assert held[key][column], where
            assert abs(Decimal(held[key][column])) in amounts_in(row["text"], row["paragraph"]), where


def test_every_target_tolerance_and_value_of_the_two_tables_is_covered() -> None:
    keys = {r["held_as"] for r in read("reports/coverage.csv") if r["paragraph"] == "74 table"}
    for row in read("doncaster/targets.csv"):
        key = f"target:{row['scorecard']}:{row['indicator']}:{row['valid_from']}"
        assert f"{key}:target" in keys
        assert not row["tolerance"] or f"{key}:tolerance" in keys
    for row in read("doncaster/figures.csv"):
        if row["period"] == QUARTER and row["value"]:
            assert f"figure:{row['indicator']}::{QUARTER}:value" in keys


def test_the_register_names_returns_and_indicators_that_are_known_and_no_date_that_no_paper_gives() -> None:
    returns = {row["code"] for row in read("doncaster/statutory_returns.csv")}
    indicators = {row["code"] for row in read("doncaster/indicators.csv")}
    assert returns == {"903", "cin-census"}
    hanging = set()
    for row in read("doncaster/data_issues.csv"):
        assert row["statutory_return"] in returns | {""}, row["code"]
        assert set(filter(None, row["indicators"].split(";"))) <= indicators, row["code"]
        assert not any(row[column] for column in row if column.endswith("_on")), row["code"]
        hanging |= set(row["indicators"].split(";"))
    figures = [row for row in read("doncaster/figures.csv") if row["period"] == QUARTER]
    lacking = {row["indicator"] for row in figures if row["missing_reason"] in {"not_reportable", "x"}}
    assert len(lacking) == 6
    assert lacking <= hanging
    cautioned = {row["indicator"] for row in figures if row["validation_task"]}
    assert cautioned <= hanging
