"""What actions rest on: figures as they were reported then, what became of them, and who reads it."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Scorecard, ScorecardLine
from indicators.operations.errors import InputRefused, NotAllowed
from indicators.permissions import access_for
from indicators.roles import Role
from partnership.models import Citation
from partnership.operations.citations import cite
from partnership.selectors.citations import citing, then_and_now
from partnership.selectors.visible import citations_for
from tests import builders as b
from tests.partnership import plans_world
from tests.partnership.action_world import a_held_meeting, agreed, the_item, the_officer
from tests.partnership.pack_world import a_published_pack, restate, withdraw
from tests.partnership.test_action_pages import send, soup, text

pytestmark = pytest.mark.django_db

Q1 = b.Q4.next()


@pytest.fixture
def line(db) -> ScorecardLine:
    return a_line_outside_tolerance()


@b.kept
def a_line_outside_tolerance() -> ScorecardLine:
    """A line whose figure of 2021/22 Q4 is 60 of 100: outside tolerance."""
    measure = b.an_indicator("turnover", name="Staff turnover")
    b.a_return(state="approved", cells={measure.series.pk: b.a_cell(60, 100, headline="Low", commentary="Why.")})
    return measure.line


def rest(action: Any, line: ScorecardLine, period: Any = b.Q4, **more: Any) -> Citation:
    return cite(**{"of": action, "line": line, "period": b.a_period(period), "by": the_officer(), "at": b.NOW} | more)


def seen(of: Any, role: Role = Role.SCRUTINY_OFFICER) -> list[Any]:
    access = access_for(b.a_user(role), b.a_partnership(), b.TODAY)
    return then_and_now(citations_for(access, b.a_partnership()).filter(action=of), access, b.NOW)


# As reported then


def test_citation_when_no_pack_carries_the_figure_then_as_approved_with_its_revision(line) -> None:
    made = rest(agreed(), line)
    assert (made.value_words, made.rating, made.pack, made.figure.revision) == ("60%", "outside", None, 1)


def test_citation_when_a_pack_carries_it_then_as_that_pack_told_it(line) -> None:
    row = b.a_return()
    pack = a_published_pack(line.scorecard)
    restate(row, {line.series: b.a_cell(85, 100, headline="Better", commentary="Counted anew.")})
    made = rest(agreed(), line)
    assert (made.value_words, made.rating, made.pack, made.figure.revision) == ("60%", "outside", pack, 1)


def test_citation_when_the_pack_was_withdrawn_then_as_approved(line) -> None:
    withdraw(a_published_pack(line.scorecard))
    assert rest(agreed(), line).pack is None


def test_citation_when_the_meeting_was_given_an_earlier_pack_then_as_that_one_told_it(line) -> None:
    given = a_published_pack(line.scorecard, body="Board", meeting_on=b.date(2022, 7, 1))
    later = a_published_pack(line.scorecard)
    assert rest(agreed(), line).pack == later
    b.a_paper(the_item(), pack=given)
    assert rest(agreed(what="Again."), line).pack == given


def test_citation_when_there_is_no_number_then_it_says_why(partnership) -> None:
    measure = b.an_indicator()
    cell = b.a_cell(missing="not_reportable", not_reportable_code="case_system_change", headline="None",
                    commentary="The system changed.", responsible_role="Head of data",
                    expected_on=b.date(2022, 9, 1))  # fmt: skip
    b.a_return(state="approved", cells={measure.series.pk: cell})
    made = rest(agreed(), measure.line)
    assert (made.value_words.split(":")[0], made.rating) == ("Not reportable", "not_judged")


def test_citation_when_made_twice_then_once(line) -> None:
    action = agreed()
    assert rest(action, line) == rest(action, line)
    assert Citation.objects.count() == 1


@pytest.mark.parametrize("what", ["nothing reported", "another partnership", "who keeps no meetings", "protected"])
def test_citation_when_it_cannot_be_then_refused(what, line) -> None:
    action = agreed()
    if what == "nothing reported":
        with pytest.raises(InputRefused, match="Nothing is reported"):
            rest(action, line, Q1)
    if what == "another partnership":
        other = b.an_indicator(scorecard=b.a_scorecard(partnership=b.a_partnership("southshire", "E06000098")))
        with pytest.raises(InputRefused, match="you may read"):
            rest(action, other.line)
    if what == "who keeps no meetings":
        with pytest.raises(NotAllowed):
            rest(action, line, by=b.the_people().analyst)
    if what == "protected":
        pass  # who keeps meetings reads protected figures; the list offers them the line
    assert not Citation.objects.exists()


def test_citation_when_changed_or_deleted_then_the_database_refuses(line) -> None:
    rest(agreed(), line)
    for change in (
        lambda: Citation.objects.update(value_words="9%"),
        lambda: Citation.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# Now, and after


def test_figure_when_nothing_happened_since_then_it_stands(line) -> None:
    action = agreed()
    rest(action, line)
    (one,) = seen(action)
    assert (one.name, one.then.words, one.now.words) == (
        "Staff turnover",
        "60%, outside tolerance",
        "60%, outside tolerance",
    )
    assert one.restated_words == "It still stands as it was reported."
    assert one.after == ()


@pytest.mark.parametrize(
    ("numerator", "sentence"),
    [
        (85, "Restated since: 85%, better than target. The rating changes."),
        (62, "Restated since: 62%, outside tolerance."),
    ],
)
def test_figure_when_restated_since_then_both_are_told(numerator, sentence, line) -> None:
    action = agreed()
    rest(action, line)
    restate(b.a_return(), {line.series: b.a_cell(numerator, 100, headline="So", commentary="Counted anew.")})
    (one,) = seen(action)
    assert (one.then.words, one.restated_words) == ("60%, outside tolerance", sentence)


def test_figure_when_later_periods_are_reported_then_they_follow_in_order(line) -> None:
    action = agreed()
    rest(action, line)
    for period, numerator in ((Q1, 71), (Q1.next(), 84)):
        cell = b.a_cell(numerator, 100, headline="So", commentary="So.", keep_reason="Counted.")
        b.a_return(line.scorecard, period, state="approved", cells={line.series.pk: cell})
    (one,) = seen(action)
    assert [(v.period, v.words) for v in one.after] == [
        ("2022/23 Q1", "71%, within tolerance"),
        ("2022/23 Q2", "84%, better than target"),
    ]


def test_figure_when_its_period_is_of_another_kind_or_older_than_its_definition_then_it_is_found_all_the_same(
    partnership,
) -> None:
    measure = b.an_indicator("adopted", name="Children adopted", unit=b.Unit.COUNT, target=None, valid_from=b.Q4)
    year = b.quarters.FinancialYear(2014)
    b.a_paper_figure(measure.series, year, value=30)
    for number in range(12):
        period = b.quarters.Quarter(2015 + number // 4, number % 4 + 1)
        b.a_paper_figure(measure.series, period, value=number)
    action = agreed()
    figure = measure.series.figures.get(period__slug=year.slug)
    Citation.objects.create(action=action, line=measure.line, period=b.a_period(year), figure=figure, value_words="30",
                            rating="not_judged", at=b.NOW)  # fmt: skip
    (one,) = seen(action)
    assert (one.name, one.then.words, one.now.words) == ("Children adopted", "30", "30")
    assert one.restated_words == "It still stands as it was reported."
    assert one.after == ()  # quarters are not told beside a year
    b.a_paper_figure(measure.series, year.next(), value=28)
    (one,) = seen(action)
    assert [(v.period, v.words) for v in one.after] == [("2015/16", "28")]


def test_figure_when_many_periods_follow_then_the_first_and_the_latest_stand(line, signed_in) -> None:
    action = agreed()
    rest(action, line)
    period = b.Q4
    for number in range(1, 12):
        period = period.next()
        b.a_paper_figure(line.series, period, value=60 + number)
    (one,) = seen(action)
    assert [v.period for v in one.after] == ["2022/23 Q1", "2022/23 Q2", "2022/23 Q3", "2022/23 Q4"]
    assert [v.period for v in one.latest] == ["2023/24 Q4", "2024/25 Q1", "2024/25 Q2", "2024/25 Q3"]
    assert one.between == 3
    page = soup(signed_in(the_officer()).get("/northshire/actions/1/"))
    periods = [v.period for v in (*one.after, *one.latest)]
    assert [dt.get_text() for dt in page.select(".then dt")][2:] == [*periods[:4], "Between", *periods[4:]]
    assert "3 more periods" in page.select_one(".then").get_text()


def test_figures_when_there_are_many_then_the_same_number_of_queries(line) -> None:
    measures = [line, *(b.an_indicator(f"more-{n}").line for n in range(20))]
    row = b.a_restatement(b.a_return(), [line.series])
    assert row.number == 2
    action = agreed()

    def queries() -> int:
        access = access_for(the_officer(), line.scorecard.partnership, b.TODAY)
        with CaptureQueriesContext(connection) as context:
            then_and_now(citations_for(access, line.scorecard.partnership).filter(action=action), access, b.NOW)
        return len(context)

    rest(action, line)
    few = queries()
    for one in measures[1:]:
        b.a_paper_figure(one.series, value=60)
        rest(action, one)
    assert queries() == few


# Where it stands


def test_pages_when_an_action_rests_on_a_figure_then_each_leads_to_the_other(line, signed_in) -> None:
    pack = a_published_pack(line.scorecard)
    action = agreed()
    rest(action, line)
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    page = board.get("/northshire/actions/1/")
    assert "As reported, 2021/22 Q4 60%, outside tolerance in the pack of" in text(page)
    assert f"/northshire/packs/{pack.code}/" in page.content.decode()
    assert "Staff turnover, 2021/22 Q4: 60%, outside tolerance" in text(board.get("/northshire/actions/"))
    indicator = board.get("/northshire/indicators/turnover/")
    assert soup(indicator).select_one("section[aria-labelledby=citing] a")["href"] == "/northshire/actions/1/"
    assert "As reported then, 2021/22 Q4: 60%, outside tolerance" in text(indicator)


def test_pack_when_later_then_it_says_what_became_of_the_figure_and_its_bytes_stay(line, signed_in) -> None:
    resolution = b.a_resolution(the_item(), "That turnover fall.")
    rest(resolution, line)
    rest(agreed(what="Bring a plan."), line)
    same = a_published_pack(line.scorecard)
    cell = b.a_cell(71, 100, headline="So", commentary="So.", keep_reason="Counted.")
    b.a_return(line.scorecard, Q1, state="approved", cells={line.series.pk: cell})
    later = a_published_pack(line.scorecard, period=Q1, meeting_on=b.date(2022, 9, 1))
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    assert "What became of figures" not in text(board.get(f"/northshire/packs/{same.code}/"))
    before = board.get(f"/northshire/packs/{later.code}/manifest.json").content
    said = text(board.get(f"/northshire/packs/{later.code}/"))
    assert "Action 1 (open) : Bring a plan. Staff turnover: 2021/22 Q4 60%, outside tolerance;" in said
    assert "in this pack, 2022/23 Q1 71%, within tolerance." in said
    assert "Resolution 2022-1 : That turnover fall." in said
    assert board.get(f"/northshire/packs/{later.code}/manifest.json").content == before


def test_pack_when_it_carries_the_same_period_too_then_only_the_later_one_is_told(line, signed_in) -> None:
    rest(agreed(what="Bring a plan."), line)
    cell = b.a_cell(71, 100, headline="So", commentary="So.", keep_reason="Counted.")
    b.a_return(line.scorecard, Q1, state="approved", cells={line.series.pk: cell})
    choices = [(line.scorecard, b.a_period(period)) for period in (b.Q4, Q1)]
    pack = a_published_pack(line.scorecard, choices=choices)
    page = signed_in(b.a_user(Role.BOARD_MEMBER)).get(f"/northshire/packs/{pack.code}/")
    assert text(page).count("in this pack,") == 1
    assert "in this pack, 2022/23 Q1 71%, within tolerance." in text(page)


def test_form_when_sent_then_the_figure_is_kept_and_the_indicators_page_leads_there(line, signed_in) -> None:
    officer: Client = signed_in(the_officer())
    agreed()
    b.a_resolution(the_item())
    fields = {"line": str(line.pk), "period": "2021-22-q4"}
    assert send(officer, "/northshire/actions/1/cite/", **fields).status_code == 302
    link = soup(officer.get("/northshire/resolutions/")).select_one("table.resols tbody th a")["href"]
    assert send(officer, link, **fields)["Location"] == link == "/northshire/resolutions/2022-1/cite/"
    assert "Staff turnover As reported, 2021/22 Q4 60%, outside tolerance" in text(officer.get(link))
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    assert soup(board.get("/northshire/resolutions/")).select("table.resols tbody th a") == []
    assert Citation.objects.count() == 2
    page = soup(officer.get("/northshire/indicators/turnover/"))
    link = page.select_one("section[aria-labelledby=citing] p a")["href"]
    form = soup(officer.get(link))
    assert form.select_one("select[name=line] option[selected]").get_text() == "Staff turnover"
    fields = {"comes_from": f"item-{the_item().pk}", "what": "Bring a plan.", "owner_role": "Director"}
    assert send(officer, link, **fields).status_code == 302
    assert Citation.objects.filter(action__number=2).get().value_words == "60%"
    refused = send(officer, "/northshire/actions/new/", **fields, line=str(line.pk))
    assert "Choose both the indicator and the period" in soup(refused).select_one("#id_period_error").get_text()


def test_indicator_when_plans_and_risks_name_it_then_its_page_says_what_is_being_done(line, signed_in) -> None:
    by, measure = plans_world.approver(), line.series.indicator
    plan = plans_world.an_improvement_plan(by=by)
    priority = plans_world.a_priority(plan, by=by)
    plans_world.a_plan_action(priority, by=by, measures=[measure])
    plans_world.a_plan_action(priority, by=by, title="Of another figure")
    plans_world.a_review(plan, by=by, brag="amber")
    risk = plans_world.a_risk(by=by, indicators=[measure])
    plans_world.a_score(risk, by=by)
    ended = plans_world.a_plan_action(priority, by=by, title="Given up", measures=[measure])
    type(ended).objects.filter(pk=ended.pk).update(ended_on=b.TODAY, ended_reason="Done elsewhere")
    page = signed_in(b.a_user(Role.BOARD_MEMBER)).get("/northshire/indicators/turnover/")
    section = soup(page).select_one("section[aria-labelledby=doing]")
    assert " ".join(section.get_text(" ").split()) == (
        "What is being done "
        "Action 1.1 of “Recovery plan” : Train the front door Head of Service; due on 30 June 2022; Amber: at risk "
        "Risk : Too few foster carers Head of Service; scored 12 (likelihood 3 × impact 4) after what is done"
    )
    assert [a["href"] for a in section.select("a")] == [
        f"/northshire/improvement-plans/{plan.code}/actions/1-1/",
        f"/northshire/risks/{risk.code}/",
    ]


def test_indicator_when_more_is_being_done_then_the_same_number_of_queries(line, signed_in) -> None:
    by, measure, board = plans_world.approver(), line.series.indicator, signed_in(b.a_user(Role.BOARD_MEMBER))

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            board.get("/northshire/indicators/turnover/")
        return len(context)

    plan = plans_world.an_improvement_plan(by=by)
    priority = plans_world.a_priority(plan, by=by)
    found = []
    for _ in range(2):
        for _ in range(3):
            plans_world.a_plan_action(priority, by=by, measures=[measure])
            plans_world.a_score(plans_world.a_risk(by=by, indicators=[measure]), by=by)
        found.append(queries())
    assert found[0] == found[1]


def test_action_when_its_figure_is_not_reported_then_neither_is_agreed(line) -> None:
    with pytest.raises(InputRefused, match="Nothing is reported"):
        agreed(rests_on=(line, b.a_period(Q1)))
    assert not Citation.objects.exists()


# Who reads it


def test_protected_figure_when_cited_then_only_who_reads_protected_figures_sees_it(line, signed_in) -> None:
    Scorecard.objects.filter(pk=line.scorecard_id).update(audience=Scorecard.Readers.BOARD)
    action = agreed()
    rest(action, line)
    officer, finance = Role.SCRUTINY_OFFICER, b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner())
    assert len(seen(action, officer)) == 1
    client = signed_in(finance)
    pages = client.get("/northshire/actions/").content + client.get("/northshire/actions/1/").content
    pages += b"".join(client.get("/northshire/actions.csv").streaming_content)
    assert b"Bring the figures by school." in pages
    assert b"Staff turnover" not in pages
    assert b"60%" not in pages


def test_exempt_action_when_it_rests_on_a_figure_then_the_indicators_page_is_silent(line, signed_in) -> None:
    exempt = b.an_item(a_held_meeting(), "The contract", exempt=3)
    action = agreed(exempt, what="Settle the aardvark clause.")
    rest(action, line)
    page = signed_in(b.the_people().analyst).get("/northshire/indicators/turnover/").content.decode()
    assert "aardvark" not in page
    assert "What rests on this figure" not in page
    assert "aardvark" in signed_in(b.a_user(Role.BOARD_MEMBER)).get("/northshire/indicators/turnover/").content.decode()
    access = access_for(b.the_people().analyst, b.a_partnership(), b.TODAY)
    assert citing(access, b.a_partnership(), [line.series_id]) == []
