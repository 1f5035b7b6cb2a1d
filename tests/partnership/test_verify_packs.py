"""verify_packs: what was published is proved byte for byte, and each way of tampering with it is found."""

import io
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from indicators.models import (
    Assignment,
    DataIssue,
    Figure,
    FigureApproval,
    FigureQuery,
    IndicatorVersion,
    Partner,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
    Scorecard,
    SeriesBreak,
    Target,
    Text,
    Theme,
)
from partnership.models import Pack, PackEvent, PackTable
from partnership.operations.packs import give_reasons
from partnership.selectors.packs import points_of
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.partnership.pack_world import (
    CODE,
    a_pack,
    a_published_pack,
    an_approver,
    manifest_sha,
    publish,
    restate,
    sha_of,
    stored_bytes,
    withdraw,
)
from tests.tries import a_try

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator("on-time")


@pytest.fixture
def told() -> tuple[Pack, b.Measure]:
    return a_pack_with_everything()


@pytest.fixture
def pack(told: tuple[Pack, b.Measure]) -> Pack:
    return told[0]


@b.kept
def a_pack_with_everything() -> tuple[Pack, b.Measure]:
    """Published, with a figure to compare with, a commentary, and a list of what was restated before it; its line."""
    measure = b.an_indicator("on-time")
    scorecard = measure.line.scorecard
    earlier = b.tick(scorecard, b.Q3)
    a_published_pack(scorecard, period=b.Q3, meeting_on=b.date(2022, 2, 3))
    b.tick(scorecard, b.Q4)
    restate(earlier, {measure.series: b.a_cell(60, 100, commentary="Again.")})
    return a_published_pack(scorecard), measure


def findings() -> dict[str, tuple[Finding, str]]:
    return {f"{f.pack}/{f.table}": (f.finding, f.words) for f in verified_packs()}


def said(*, fails: bool = False) -> str:
    """What the command prints; it fails exactly when asked to."""
    out = io.StringIO()
    if fails:
        with pytest.raises(CommandError, match="not what was published"):
            call_command("verify_packs", stdout=out)
    else:
        call_command("verify_packs", stdout=out)
    return out.getvalue()


def table_of(pack: Pack, code: str = "contract-2021-22-q4") -> PublishedTable:
    return PackTable.objects.get(pack=pack, code=code).table


# Sound


def test_packs_when_none_is_published_then_fine(measure: b.Measure) -> None:
    assert said() == "0 sound, 0 redacted, 0 broken\n"
    a_pack(measure.line.scorecard)
    assert said() == "0 sound, 0 redacted, 0 broken\n"


def test_packs_when_untouched_then_every_table_is_sound_and_named(pack: Pack) -> None:
    text = said()
    assert text.endswith("3 sound, 0 redacted, 0 broken\n")
    assert f"sound     {CODE} contract-2021-22-q4: As published, byte for byte." in text
    assert f"sound     {CODE} restated: As published, byte for byte." in text


def test_packs_when_of_every_partnership_then_one_can_be_asked_for_alone(pack: Pack) -> None:
    other = b.a_scorecard(1, code="elsewhere", partnership=b.a_partnership("southshire", "E06000098"))
    b.a_return(other, state="approved")
    a_published_pack(other)
    assert len(list(verified_packs())) == 4
    assert [f.table for f in verified_packs(other.partnership)] == ["elsewhere-2021-22-q4"]


def test_real_figures_when_published_then_sound(real: Any) -> None:
    scorecards = Scorecard.objects.filter(partnership=real).order_by("order")
    pack = a_pack(*scorecards)
    reasons = {p.key: "As printed." for p in points_of(pack, today=b.TODAY)}
    give_reasons(pack=pack, reasons=reasons, version=pack.version, by=an_approver(real), at=b.NOW)
    publish(pack)
    assert [(f.table, f.finding) for f in verified_packs()] == [
        ("contract-2021-22-q4", Finding.SOUND), ("partnership-2021-22-q4", Finding.SOUND),
    ]  # fmt: skip


@pytest.mark.parametrize("is_breach", [False, True])
def test_pack_when_withdrawn_then_still_proved(pack: Pack, is_breach: bool) -> None:
    withdraw(pack, is_breach=is_breach)
    assert said().endswith("3 sound, 0 redacted, 0 broken\n")


def later(measure: b.Measure) -> dict[str, Callable[[], Any]]:
    """What may happen in the ordinary course of things after a publication."""
    row = Figure.objects.filter(period__slug="2021-22-q4").get().in_return
    source = b.a_source()
    return {
        "restated": lambda: restate(row, {measure.series: b.a_cell(20, 100, commentary="Again.")}),
        "new target": lambda: b.a_target(measure.line, valid_from=b.Q4, target=D(95), tolerance=D(90)),
        "new definition": lambda: b.a_version(measure, b.Q4, short_name="Other", unit="count"),
        "break": lambda: b.a_break(measure.series, b.Q4.start_on),
        "renamed theme": lambda: Theme.objects.update(name="Other"),
        "renamed partner": lambda: Partner.objects.update(name="Other"),
        "other partner": lambda: Assignment.objects.update(partner=b.a_partner("police")),
        "query": lambda: FigureQuery.objects.create(
            partnership=measure.line.scorecard.partnership, code="q", series=measure.series, question="Is it so?",
            source=source,
        ),
        "line ended": lambda: type(measure.line).objects.update(until_on=b.date(2022, 1, 1)),
        "next quarter": lambda: b.tick(measure.line.scorecard),
    }  # fmt: skip


WHAT_MAY_HAPPEN = (
    "restated", "new target", "new definition", "break", "renamed theme", "renamed partner", "other partner", "query",
    "line ended", "next quarter",
)  # fmt: skip


@pytest.mark.parametrize("what", WHAT_MAY_HAPPEN)
def test_pack_when_the_world_goes_on_then_still_sound(told: tuple[Pack, b.Measure], what: str) -> None:
    measure = told[1]
    happenings = later(measure)
    assert set(happenings) == set(WHAT_MAY_HAPPEN)
    happenings[what]()
    assert {finding for finding, _ in findings().values()} == {Finding.SOUND}


def test_row_that_names_an_issue_when_the_issue_is_cleared_then_still_sound_and_its_fact_is_watched() -> None:
    measure = b.an_indicator("start-dates")
    issue = DataIssue.objects.create(
        partnership=measure.line.scorecard.partnership, code="dates", title="Start dates", expected_on=b.TODAY
    )
    issue.indicators.add(measure.indicator)
    b.a_paper_figure(measure, b.Q4, missing="not_reportable", commentary="The dates are being validated.")
    b.a_round(measure.line.scorecard).returns.update(state="approved")
    pack = a_published_pack(measure.line.scorecard)
    DataIssue.objects.update(title="Other", cleared_on=b.TODAY, how_cleared="Typed anew.")
    assert said().endswith("1 sound, 0 redacted, 0 broken\n")
    with b.unprotected():
        fact(pack, issues=[])
    assert findings()[f"{CODE}/contract-2021-22-q4"] == (Finding.BROKEN, REBUILT)


# Broken

ROWS = "Its rows are not what its hash says."
REBUILT = "Worked out again from its pinned revisions it comes out differently."


def table_row(pack: Pack) -> QuerySet[PublishedTable]:
    return PublishedTable.objects.filter(pk=table_of(pack).pk)


def a_row(pack: Pack) -> PublishedRow:
    return table_of(pack).rows.get()


def cell(pack: Pack, name: str, text: str) -> None:
    row = a_row(pack)
    row.cells[row.table.header.index(name)] = text
    row.save()


def fact(pack: Pack, **changes: Any) -> None:
    row = a_row(pack)
    row.facts |= changes
    row.save()


def lose_a_fact(pack: Pack) -> None:
    row = a_row(pack)
    del row.facts["breaks"]
    row.save()


def header(pack: Pack) -> None:
    table = table_of(pack)
    table.header[0] = "quarter"
    table.save()


def own_pin(pack: Pack) -> None:
    PublishedFigure.objects.get(table=table_of(pack), figure__period__slug="2021-22-q4").delete()


def earlier_pin(pack: Pack) -> None:
    PublishedFigure.objects.get(table=table_of(pack), figure__period__slug="2021-22-q3").delete()


def other_pin(pack: Pack) -> None:
    """The pin names the revision that was restated before instead of the one that was told."""
    first = Figure.objects.get(period__slug="2021-22-q3", revision=1)
    PublishedFigure.objects.filter(table=table_of(pack), figure__period__slug="2021-22-q3").update(figure=first)


def rehash(pack: Pack, name: str, text: str) -> None:
    """A cell, and with it the table's hash, the manifest's, and the manifest's own: the most careful forger."""
    cell(pack, name, text)
    table = table_of(pack)
    table.sha256 = sha_of(stored_bytes(table))
    table.save()
    event = PackEvent.objects.get(pack=pack, action="published")
    next(t for t in event.manifest["tables"] if t["code"] == "contract-2021-22-q4")["sha256"] = table.sha256
    event.manifest_sha256 = manifest_sha(event.manifest)
    event.save()


def manifest(pack: Pack, **changes: Any) -> None:
    event = PackEvent.objects.get(pack=pack, action="published")
    event.manifest |= changes
    event.save()


def drop_the_list(pack: Pack) -> None:
    carried = PackTable.objects.get(pack=pack, code="restated")
    carried.delete()


def hash_of_table_and_manifest(pack: Pack) -> None:
    table = table_of(pack)
    table.sha256 = "0" * 64
    table.save()


def swapped(pack: Pack) -> None:
    """The table's hash is right for its rows, but another than was published."""
    cell(pack, "name", "Other name")
    table = table_of(pack)
    table.sha256 = sha_of(stored_bytes(table))
    table.save()


def numerator_of_the_figure(pack: Pack) -> None:
    Figure.objects.filter(period__slug="2021-22-q4").update(numerator=D(86))


def words_of_the_figure(pack: Pack) -> None:
    Text.objects.filter(body="As expected.").update(body="As hoped.")


TAMPERINGS: dict[str, tuple[Callable[[Pack], Any], str]] = {
    "a number": (lambda p: cell(p, "numerator", "99"), ROWS),
    "a word": (lambda p: cell(p, "commentary", "All is well."), ROWS),
    "no number any more": (lambda p: cell(p, "numerator", "many"), ROWS),
    "a cell more": (lambda p: PublishedRow.objects.filter(pk=a_row(p).pk).update(cells=[*a_row(p).cells, ""]), ROWS),
    "no row": (lambda p: a_row(p).delete(), ROWS),
    "a column's name": (header, ROWS),
    "a fact: breaks": (lambda p: fact(p, breaks=["2022-01-01"]), REBUILT),
    "a fact: queries": (lambda p: fact(p, queries=["Is it so?"]), REBUILT),
    "a fact: partner": (lambda p: fact(p, partner="Other"), REBUILT),
    "a fact: theme": (lambda p: fact(p, theme="Other"), REBUILT),
    "a fact: relief": (lambda p: fact(p, relief={
        "number": 1, "first_day": "2022-01-01", "last_day": "2022-03-31", "ends_on": "2022-12-31",
        "known_on": "2022-01-01", "authority": "x", "approved_by": "x", "reason": "x"}), REBUILT),
    "no facts": (lose_a_fact, REBUILT),
    "a fact that is no date": (lambda p: fact(p, breaks=["soon"]), REBUILT),
    "the pin of its figure": (own_pin, REBUILT),
    "the pin of an earlier figure": (earlier_pin, REBUILT),
    "a pin to another revision": (other_pin, REBUILT),
    "no line": (lambda p: PublishedRow.objects.filter(pk=a_row(p).pk).update(line=None), REBUILT),
    "the target": (lambda p: Target.objects.update(target=D(95)), REBUILT),
    "the tolerance": (lambda p: Target.objects.update(tolerance=D(50)), REBUILT),
    "the definition": (lambda p: IndicatorVersion.objects.update(polarity="lower"), REBUILT),
    "the figure": (numerator_of_the_figure, REBUILT),
    "the commentary": (words_of_the_figure, REBUILT),
    "a number with every hash": (lambda p: rehash(p, "numerator", "99"), REBUILT),
    "the format's version": (lambda p: table_row(p).update(format_version=9), REBUILT),
    "the hash": (hash_of_table_and_manifest, ROWS),
    "cells and hash": (swapped, "Its hash is not the one in the manifest."),
}  # fmt: skip


def test_pack_when_tampered_with_then_reported_broken_and_the_command_fails(pack: Pack) -> None:
    with b.unprotected():
        for what, (tamper, words) in TAMPERINGS.items():
            with a_try(what):
                tamper(pack)
                found = findings()[f"{CODE}/contract-2021-22-q4"]
                assert found == (Finding.BROKEN, words)
                assert f"broken    {CODE} contract-2021-22-q4: {words}" in said(fails=True)


OF_THE_MANIFEST: dict[str, tuple[Callable[[Pack], Any], str]] = {
    "another meeting": (lambda p: manifest(p, meeting_on="2022-07-08"), "The manifest is not what its hash says."),
    "its hash": (
        lambda p: PackEvent.objects.filter(pack=p, action="published").update(manifest_sha256="0" * 64),
        "The manifest is not what its hash says.",
    ),
    "a table that is gone": (drop_the_list, "The manifest names other tables than the pack holds."),
}


def test_manifest_when_tampered_with_then_reported_broken_and_the_command_fails(pack: Pack) -> None:
    with b.unprotected():
        for what, (tamper, words) in OF_THE_MANIFEST.items():
            with a_try(what):
                tamper(pack)
                _manifest_is_broken(words)


def _manifest_is_broken(words: str) -> None:
    assert findings()[f"{CODE}/"] == (Finding.BROKEN, words)
    text = said(fails=True)
    assert f"broken    {CODE} manifest: {words}" in text
    assert "1 broken" in text


def test_list_of_restated_figures_when_tampered_with_then_broken(pack: Pack) -> None:
    row = table_of(pack, "restated").rows.get()
    row.cells[-1] = "2022-01-01"
    with b.unprotected():
        row.save()
    assert findings()[f"{CODE}/restated"] == (Finding.BROKEN, ROWS)


def test_broken_pack_when_others_are_sound_then_they_are_still_told_apart(pack: Pack) -> None:
    with b.unprotected():
        cell(pack, "numerator", "99")
    text = said(fails=True)
    assert text.endswith("2 sound, 0 redacted, 1 broken\n")


def test_figure_when_its_approval_is_taken_away_then_the_pack_still_holds_what_it_told(pack: Pack) -> None:
    with b.unprotected():
        FigureApproval.objects.filter(figure__period__slug="2021-22-q4").delete()
    assert findings()[f"{CODE}/contract-2021-22-q4"][0] is Finding.SOUND
    assert SeriesBreak.objects.count() == 0
