"""A return that does not add up is submitted with a reason or not at all; who decides on it sees what adds up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from indicators.entry import CellInput
from indicators.measurement import Basis
from indicators.models import Balance, Return, Scorecard, Sum, SumPart
from indicators.operations import NotReady
from indicators.operations.slices import add_dimension
from indicators.quarters import Quarter
from indicators.rag import MissingReason, Polarity
from indicators.selectors.returns import sheet_of, sums_of
from indicators.units import Unit
from tests import builders as b
from tests.indicators.return_pages import address, form_of, row_of, said, soup, state, summary, words

pytestmark = pytest.mark.django_db

Q3, Q4 = Quarter(2021, 3), Quarter(2021, 4)


def a_count(number: int, keep_reason: str = "") -> CellInput:
    return CellInput(basis=Basis.VALUE_ONLY, value=Decimal(number), keep_reason=keep_reason)


def counted(scorecard: Scorecard, code: str, slice_key: str = "") -> b.Measure:
    return b.an_indicator(
        code, scorecard=scorecard, unit=Unit.COUNT, polarity=Polarity.NONE, counts="events", slice_key=slice_key
    )


class World:
    """Children in care with their flows, on one scorecard, in the quarter after one that ended with 592."""

    def __init__(self, *, opening: int | None = 592) -> None:
        self.scorecard = b.a_scorecard(code="demand")
        self.stock, self.came, self.left = (
            counted(self.scorecard, code) for code in ("care-at-end", "care-started", "care-ended")
        )
        rule = Balance.objects.create(
            code="care", name="Children in care", closing=self.stock.indicator, source=b.a_source(), paragraph="83"
        )
        rule.inflows.set([self.came.indicator])
        rule.outflows.set([self.left.indicator])
        if opening is not None:
            cells = {self.stock.series.pk: a_count(opening), self.came.series.pk: a_count(0),
                     self.left.series.pk: a_count(0)}  # fmt: skip
            b.a_return(self.scorecard, Q3, state="approved", cells=cells)

    def filled(self, closing: int, came: int, left: int, reason: str = "") -> Return:
        odd = "Checked against the records."
        cells = {
            self.stock.series.pk: a_count(closing, reason),
            self.came.series.pk: a_count(came, odd),
            self.left.series.pk: a_count(left, odd),
        }
        return b.a_return(self.scorecard, Q4, state="filled", cells=cells)


def refusals(row: Return) -> list[str]:
    with pytest.raises(NotReady) as caught:
        b.submit(row)
    return [point.problem.message for point in caught.value.points]


def test_submission_when_a_stock_is_not_explained_by_its_flows_then_a_reason_is_asked_for():
    row = World().filled(592, 46, 47)
    (message,) = refusals(row)
    assert message.startswith("592 at the start, 46 in, 47 out make 591; 592 is reported: 1 more")
    assert b.fresh(row).state == Return.State.OPEN


def test_submission_when_the_reason_is_given_then_it_is_taken():
    row = World().filled(592, 46, 47, "One child was recorded late.")
    assert b.submit(row).state == Return.State.SUBMITTED


def test_submission_when_it_balances_then_nothing_is_asked():
    assert b.submit(World().filled(591, 46, 47)).state == Return.State.SUBMITTED


def test_submission_when_the_stock_at_the_start_is_not_held_then_nothing_is_asked():
    assert b.submit(World(opening=None).filled(592, 46, 47)).state == Return.State.SUBMITTED


def test_submission_when_the_series_breaks_in_between_then_nothing_is_asked():
    world = World()
    b.a_break(world.stock.series, date(2022, 2, 1))
    assert b.submit(world.filled(700, 46, 47)).state == Return.State.SUBMITTED


def test_submission_when_a_flow_stands_in_no_line_of_the_return_then_what_is_held_of_it_counts():
    world = World()
    other = b.a_scorecard(code="elsewhere")
    moved = counted(other, "care-moved-in")
    b.a_return(other, Q4, state="approved", cells={moved.series.pk: a_count(1)})
    Balance.objects.get().inflows.add(moved.indicator)
    assert b.submit(world.filled(592, 46, 47)).state == Return.State.SUBMITTED


class Parts:
    """Referrals by source: police, schools, not stated."""

    def __init__(self, kind: str = "partition") -> None:
        categories = [("police", "Police"), ("schools", "Schools"), ("not-stated", "Not stated")]
        add_dimension(code="source", name="Source", kind=kind, categories=categories)
        self.scorecard = b.a_scorecard(code="demand")
        self.whole = counted(self.scorecard, "referrals")
        self.parts = [counted(self.scorecard, "referrals", f"source={code}") for code, _ in categories]

    def filled(self, whole: int, *parts: int | None, reason: str = "") -> Return:
        none = CellInput(basis=Basis.MISSING, missing_reason=MissingReason.NOT_AVAILABLE, commentary="Not counted.")
        cells = {self.whole.series.pk: a_count(whole, reason)}
        cells |= {
            part.series.pk: none if number is None else a_count(number)
            for part, number in zip(self.parts, parts, strict=True)
        }
        return b.a_return(self.scorecard, Q4, state="filled", cells=cells)


def test_submission_when_categories_are_more_than_the_whole_then_a_reason_is_asked_for():
    (message,) = refusals(Parts().filled(100, 60, 41, 0))
    assert message.startswith("By source: The categories make 101, 1 more than the whole of 100")


def test_submission_when_categories_are_less_than_the_whole_then_the_difference_is_explained():
    parts = Parts()
    row = parts.filled(100, 60, 30, 0)
    (message,) = refusals(row)
    assert "10 are not stated" in message
    b.keep(row, {parts.whole.series: a_count(100, "Ten came without a source.")})
    assert b.submit(row).state == Return.State.SUBMITTED


def test_submission_when_the_categories_make_the_whole_then_nothing_is_asked():
    assert b.submit(Parts().filled(100, 60, 30, 10)).state == Return.State.SUBMITTED


def test_submission_when_a_category_has_no_number_then_the_sum_is_not_checked():
    assert b.submit(Parts().filled(100, 60, None, 0)).state == Return.State.SUBMITTED


def test_submission_when_categories_overlap_then_they_are_not_added_up():
    assert b.submit(Parts(kind="overlapping").filled(100, 90, 80, 0)).state == Return.State.SUBMITTED


def test_review_when_something_does_not_add_up_then_it_says_so(signed_in):
    row = b.submit(World().filled(592, 46, 47, "One child was recorded late."))
    client = signed_in(b.the_people(row.partner).lead)
    place = f"/northshire/returns/demand/2021-22-q4/{row.partner.code}/1/review/"
    text = " ".join(BeautifulSoup(client.get(place).content, "lxml").get_text(" ").split())
    assert "What adds up" in text
    assert "does not add up. 592 at the start, 46 in, 47 out make 591; 592 is reported" in text


def test_correction_when_it_leaves_the_sum_alone_then_the_sum_is_not_asked_about():
    world = World()
    row = b.submit(world.filled(592, 46, 47, "One child was recorded late."))
    b.sign_off(row)
    b.accept(row)
    other = counted(world.scorecard, "another")
    row = b.a_return(world.scorecard, Q4.next(), state="filled", cells={
        world.stock.series.pk: a_count(592), world.came.series.pk: a_count(1, "Few."),
        world.left.series.pk: a_count(1, "Few."), other.series.pk: a_count(5)})  # fmt: skip
    b.submit(row)
    b.sign_off(row)
    b.accept(row)
    made = b.a_restatement(b.fresh(row), [other.series])
    b.keep(made, {other.series: replace(a_count(6), commentary="Six.")})
    assert b.submit(made).state == Return.State.SUBMITTED


def test_breakdown_when_left_empty_as_a_whole_then_it_is_submitted_without_it():
    parts = Parts()
    row = b.a_return(parts.scorecard, Q4)
    b.keep(row, {parts.whole.series: a_count(100)})
    assert b.submit(row).state == Return.State.SUBMITTED


def test_breakdown_when_begun_then_every_part_of_it_is_asked_for():
    parts = Parts()
    row = b.a_return(parts.scorecard, Q4)
    b.keep(row, {parts.whole.series: a_count(100), parts.parts[0].series: a_count(100)})
    with pytest.raises(NotReady) as caught:
        b.submit(row)
    assert [p.name.partition(": ")[2] for p in caught.value.points] == ["Schools", "Source: not stated"]


def test_breakdown_when_its_whole_is_not_in_the_return_then_its_parts_are_asked_for():
    parts = Parts()
    parts.whole.line.delete()
    row = b.a_return(parts.scorecard, Q4)
    with pytest.raises(NotReady) as caught:
        b.submit(row)
    assert len(caught.value.points) == 3


def test_entry_when_parts_are_not_begun_then_they_wait_until_asked_for_and_nothing_typed_is_lost(signed_in):
    parts = Parts()
    row = b.a_return(parts.scorecard, Q4)
    client = signed_in(b.the_people(row.partner).analyst)
    place = f"/northshire/returns/demand/2021-22-q4/{row.partner.code}/1/entry/"
    first, all_of_it = client.get(place), client.get(f"{place}?parts=show")
    assert [r["name"] for r in first.context["rows"]] == ["Measure referrals"]
    assert "3 parts of breakdowns" in " ".join(first.content.decode().split())
    assert len(all_of_it.context["rows"]) == 4
    b.keep(row, {parts.parts[0].series: a_count(60)})
    assert len(client.get(place).context["rows"]) == 4


# The entry grid


def the_grid(signed_in, row: Return):
    return signed_in(b.the_people(row.partner).analyst), address("return_entry", row)


def reason_box(response, pk: int) -> dict[str, bool]:
    """Whether the box for the reason stands open in its row, and whether it names the message that it answers."""
    row = row_of(response, pk)
    box = row.select_one(f"#c-{pk}-keep_reason")
    return {
        "open": not row.select_one(".why").has_attr("hidden"),
        "described": box.get("aria-describedby") == f"m-{pk}",
        "invalid": box.get("aria-invalid") == "true",
    }


OPEN = {"open": True, "described": True, "invalid": False}


def test_grid_when_a_stock_is_not_explained_then_its_row_says_so_and_the_box_for_the_reason_is_open(signed_in):
    world = World()
    client, url = the_grid(signed_in, world.filled(355, 34, 28))
    page, pk = client.get(url), world.stock.line.pk
    assert "592 at the start, 34 in, 28 out make 598; 355 is reported" in said(page, pk)
    assert reason_box(page, pk) == OPEN
    assert state(page, pk).startswith("Saved, with a warning")
    assert reason_box(page, world.came.line.pk)["open"], "it has a reason of its own"


def test_grid_when_checked_then_the_link_leads_to_the_box_for_the_reason_and_the_box_is_open(signed_in):
    world = World()
    client, url = the_grid(signed_in, world.filled(355, 34, 28))
    page, pk = client.post(url, form_of(client.get(url), "#entry") | {"do": "submit"}), world.stock.line.pk
    ((_, href),) = [found for found in summary(page) if "355 is reported" in found[0]]
    assert href == f"#c-{pk}-keep_reason"
    assert reason_box(page, pk) == {"open": True, "described": True, "invalid": True}
    assert said(page, pk).count("355 is reported") == 1


@pytest.mark.parametrize(
    ("closing", "reason", "is_open"), [(598, "", False), (355, "Counted anew.", True), (598, "Counted anew.", True)]
)
def test_grid_when_it_adds_up_or_is_explained_then_nothing_is_said(signed_in, closing, reason, is_open):
    world = World()
    client, url = the_grid(signed_in, world.filled(closing, 34, 28, reason))
    page, pk = client.get(url), world.stock.line.pk
    assert (said(page, pk), reason_box(page, pk)["open"]) == ("", is_open)


def test_grid_when_a_correction_has_changed_nothing_yet_then_nothing_is_asked(signed_in):
    world = World()
    row = b.submit(world.filled(598, 34, 28))
    b.sign_off(row)
    b.accept(row)
    Balance.objects.get().outflows.set([world.came.indicator])  # by the rule as it is now it does not add up
    made = b.fresh(b.a_restatement(b.fresh(row), [world.stock.series]))
    client, url = the_grid(signed_in, made)
    assert said(client.get(url), world.stock.line.pk) == ""
    b.keep(made, {world.stock.series: a_count(599)})
    assert "599 is reported" in said(client.get(url), world.stock.line.pk)


@pytest.mark.parametrize(
    ("came", "asks"), [("34", ["592 at the start, 34 in, 28 out make 598; 600 is reported: 2 more"]), ("36", [])]
)
def test_cell_when_it_is_part_of_a_sum_then_the_row_that_stands_for_it_is_told(signed_in, came, asks):
    world = World()
    row = world.filled(600, 30, 28)
    client, url = the_grid(signed_in, row)
    pk = world.came.line.pk
    typed = form_of(client.get(url), "#entry") | {"line": pk, f"c-{pk}-value": came}
    answer = client.post(address("return_cell", row), typed).json()
    found = answer["sums"][str(world.stock.line.pk)]
    assert [text.partition(" than ")[0] for text in found] == asks


def test_cell_when_it_is_part_of_no_sum_then_none_is_told(signed_in):
    world = World()
    other = counted(world.scorecard, "another")
    row = world.filled(355, 34, 28)
    client, url = the_grid(signed_in, row)
    typed = form_of(client.get(url), "#entry") | {"line": other.line.pk, f"c-{other.line.pk}-value": "7"}
    assert client.post(address("return_cell", row), typed).json()["sums"] == {}


# The review


@pytest.mark.parametrize("order", ["", "?order=odd"])
def test_review_when_a_stock_is_not_explained_then_it_is_an_odd_figure_with_its_reason(signed_in, order):
    world = World()
    calm = [counted(world.scorecard, code) for code in ("calm", "calmer")]
    cells = {m.series.pk: a_count(3) for m in calm}
    cells |= {world.stock.series.pk: a_count(592, "One child was recorded late."),
              world.came.series.pk: a_count(46, "Checked."), world.left.series.pk: a_count(47, "Checked.")}  # fmt: skip
    row = b.submit(b.a_return(world.scorecard, Q4, state="filled", cells=cells))
    page = signed_in(b.the_people(row.partner).lead).get(address("return_review", row) + order)
    (found,) = [r for r in page.context["rows"] if r["pk"] == world.stock.line.pk]
    assert any("46 in, 47 out make 591; 592 is reported" in text for text in found["odd"])
    (shown,) = [tr for tr in soup(page).select("table.rv tbody tr.odd") if "Measure care-at-end" in tr.get_text()]
    text = " ".join(shown.get_text(" ").split())
    assert "Does not add up" in text
    assert "47 out make 591; 592 is reported" in text
    assert "Reason to keep: One child was recorded late." in text
    assert "Explained: One child was recorded late." in words(page)
    assert page.context["odd_count"] == sum(bool(r["odd"]) for r in page.context["rows"]) < len(page.context["rows"])


def test_review_when_a_breakdown_is_short_then_the_whole_is_looked_at_first(signed_in):
    row = b.submit(Parts().filled(100, 60, 30, 0, reason="Ten came without a source."))
    page = signed_in(b.the_people(row.partner).lead).get(address("return_review", row) + "?order=odd")
    assert page.context["odd_count"] == 1
    assert page.context["rows"][0]["name"] == "Measure referrals"
    assert "10 are not stated besides. Explained: Ten came without a source." in words(page)


def test_review_when_all_adds_up_then_no_figure_is_odd_for_it(signed_in):
    row = b.submit(Parts().filled(100, 60, 30, 10))
    page = signed_in(b.the_people(row.partner).lead).get(address("return_review", row))
    assert page.context["odd_count"] == 0
    assert "Explained" not in words(page)


# Shares of 100


class Shares:
    """Plans by category of abuse in per cent, without a whole."""

    def __init__(self) -> None:
        categories = [("neglect", "Neglect"), ("physical", "Physical"), ("not-stated", "Not stated")]
        add_dimension(code="abuse-category", name="Abuse category", kind="partition", categories=categories)
        self.scorecard = b.a_scorecard(code="demand")
        self.parts = [self.share(f"abuse-category={code}") for code, _ in categories]

    def share(self, slice_key: str = "", scorecard: Scorecard | None = None) -> b.Measure:
        return b.an_indicator("plans-share", scorecard=scorecard or self.scorecard, target=None, slice_key=slice_key)

    def filled(self, *cells: CellInput) -> Return:
        held = {part.series.pk: cell for part, cell in zip(self.parts, cells, strict=True)}
        return b.a_return(self.scorecard, Q4, state="filled", cells=held)


def per_cent(*texts: str) -> list[CellInput]:
    return [CellInput(basis=Basis.VALUE_ONLY, value=Decimal(text)) for text in texts]


def of_counts(*numerators: int) -> list[CellInput]:
    return [
        CellInput(basis=Basis.DERIVED, numerator=Decimal(n), denominator=Decimal(sum(numerators))) for n in numerators
    ]


@pytest.mark.parametrize(
    ("texts", "begins"),
    [
        (("90", "80", "0"), "By abuse category: The categories make 170%, 70 points more than the whole of 100%"),
        (("60", "12", "0"), "By abuse category: The categories make 72% of 100%: 28 points are not stated"),
    ],
)
def test_submission_when_shares_cannot_make_100_then_the_first_of_them_asks_for_a_reason(texts, begins):
    shares = Shares()
    with pytest.raises(NotReady) as caught:
        b.submit(shares.filled(*per_cent(*texts)))
    (point,) = caught.value.points
    assert (point.series_id, point.problem.field) == (shares.parts[0].series.pk, "keep_reason")
    assert point.problem.message.startswith(begins)


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(per_cent("60", "40", "0"), id="100"),
        pytest.param(per_cent("33.3", "33.3", "33.3"), id="rounded to a tenth"),
        pytest.param(per_cent("33", "33", "33"), id="rounded to ones"),
        pytest.param(of_counts(1, 1, 1), id="thirds, worked out"),
        pytest.param(of_counts(2, 3, 2), id="sevenths, worked out"),
    ],
)
def test_submission_when_shares_make_100_as_rounded_then_nothing_is_asked(cells):
    assert b.submit(Shares().filled(*cells)).state == Return.State.SUBMITTED


def test_submission_when_the_indicator_has_a_whole_somewhere_then_its_parts_are_rates_and_not_added_up():
    shares = Shares()
    row = shares.filled(*per_cent("90", "80", "70"))
    shares.share(scorecard=b.a_scorecard(code="elsewhere"))
    assert b.submit(row).state == Return.State.SUBMITTED


def test_submission_when_shares_are_explained_then_they_are_taken_and_the_review_says_so(signed_in):
    cells = per_cent("90", "80", "0")
    cells[0] = replace(cells[0], keep_reason="A child may stand in two.")
    row = b.submit(Shares().filled(*cells))
    page = signed_in(b.the_people(row.partner).lead).get(address("return_review", row))
    assert "Explained: A child may stand in two." in words(page)
    assert page.context["odd_count"] == 1


def approved(row: Return) -> Return:
    return b.accept(b.sign_off(b.submit(row)))


def test_correction_when_a_part_no_longer_makes_the_whole_then_it_says_why():
    parts = Parts()
    row = approved(parts.filled(100, 60, 30, 10))
    made = b.a_restatement(row, [parts.parts[0].series])
    b.keep(made, {parts.parts[0].series: replace(a_count(7), commentary="Seven.")})
    (message,) = refusals(made)
    assert "53 are not stated" in message
    b.keep(made, {parts.parts[0].series: replace(a_count(7, "The rest is not known."), commentary="Seven.")})
    assert b.submit(made).state == Return.State.SUBMITTED


def test_correction_when_the_whole_no_longer_holds_its_parts_then_it_says_why():
    parts = Parts()
    row = approved(parts.filled(100, 60, 30, 10))
    made = b.a_restatement(row, [parts.whole.series])
    b.keep(made, {parts.whole.series: replace(a_count(7), commentary="Seven.")})
    (message,) = refusals(made)
    assert "The categories make 100, 93 more than the whole of 7" in message


def test_reason_when_it_was_given_for_another_number_then_it_is_asked_for_anew():
    world = World()
    row = approved(world.filled(592, 46, 47, "One child was recorded late."))
    made = b.a_restatement(row, [world.stock.series])
    b.keep(made, {world.stock.series: replace(a_count(7, "One child was recorded late."), commentary="Seven.")})
    (message,) = refusals(made)
    assert "7 is reported" in message
    assert message.endswith("was given for another number: say anew why this one is right.")
    b.keep(made, {world.stock.series: replace(a_count(7, "The others were counted twice."), commentary="Seven.")})
    assert b.submit(made).state == Return.State.SUBMITTED


def test_correction_when_reviewed_then_what_it_has_a_part_in_is_told_by_a_line_of_it():
    parts = Parts()
    row = approved(parts.filled(100, 60, 30, 10))
    made = b.a_restatement(row, [parts.parts[0].series])
    reason = "The rest is not known."
    b.keep(made, {parts.parts[0].series: replace(a_count(7, reason), commentary="Seven.")})
    (one,) = sums_of(sheet_of(b.submit(made)))
    assert (one.series_id, one.name, one.holds) == (parts.parts[0].series.pk, "Measure referrals: Police", False)
    assert "53 are not stated" in one.sentence


# A figure that is made of others


class Net:
    """A net in pounds that is declared to be its gross with its income, less what is paid back."""

    def __init__(self) -> None:
        self.scorecard = b.a_scorecard(code="outturn")
        self.net, self.gross, self.income, self.back = (
            b.an_indicator(code, scorecard=self.scorecard, unit=Unit.POUNDS, polarity=Polarity.NONE, counts="events")
            for code in ("net", "gross", "income", "back")
        )
        rule = Sum.objects.create(whole=self.net.series, code="net", source=b.a_source(), paragraph="84")
        for one, away in ((self.gross, False), (self.income, False), (self.back, True)):
            SumPart.objects.create(of=rule, series=one.series, is_taken_away=away)

    def filled(self, net: int | None, reason: str = "") -> Return:
        missing = CellInput(basis=Basis.MISSING, missing_reason=MissingReason.NOT_AVAILABLE, commentary="Not yet.")
        cells = {
            self.net.series.pk: missing if net is None else a_count(net, reason), self.gross.series.pk: a_count(1000),
            self.income.series.pk: a_count(-300), self.back.series.pk: a_count(50),
        }  # fmt: skip
        return b.a_return(self.scorecard, Q4, state="filled", cells=cells)


def test_submission_when_a_net_is_not_what_makes_it_then_a_reason_is_asked_for() -> None:
    row = Net().filled(750)
    (message,) = refusals(row)
    assert message.startswith("£1,000 and −£300 less £50 make £650, but £750 stands: £100 more.")


def test_submission_when_a_net_is_what_makes_it_then_nothing_is_asked() -> None:
    assert b.submit(Net().filled(650)).state == Return.State.SUBMITTED


def test_submission_when_a_net_has_no_number_then_its_sum_is_not_asked_about() -> None:
    assert b.submit(Net().filled(None)).state == Return.State.SUBMITTED


def test_submission_when_a_part_stands_in_no_line_of_the_return_then_the_sum_is_not_asked_about() -> None:
    world = Net()
    elsewhere = b.an_indicator("elsewhere", scorecard=b.a_scorecard(code="other"), unit=Unit.POUNDS)
    SumPart.objects.create(of=Sum.objects.get(), series=elsewhere.series)
    assert b.submit(world.filled(750)).state == Return.State.SUBMITTED


def test_review_when_a_net_is_not_what_makes_it_then_it_is_odd_and_listed(signed_in) -> None:
    row = Net().filled(750, "Paid in advance.")
    b.submit(row)
    text = words(signed_in(b.the_people().lead).get(address("return_review", row)))
    assert "but £750 stands: £100 more." in text
    assert "Paid in advance." in text
