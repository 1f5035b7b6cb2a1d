"""Inspections against ambitions, and what is owed for assurance: pages, files and forms."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.operations.errors import WrongState
from indicators.operations.slices import add_dimension
from indicators.selectors.books import book_of
from partnership.assurance_table import ASSURANCE_TABLE, OWED_TABLE
from partnership.inspection_table import AMBITIONS_TABLE, JUDGEMENTS_TABLE
from partnership.models import Ambition, AssuranceDue, AssuranceItem, Inspection, Judgement
from partnership.operations import inspections as keep
from partnership.operations.inspections import JudgementInput
from partnership.operations.plan_recording import state_of
from tests import builders as b
from tests.parity import assert_same, soup_of, words
from tests.partnership import plans_world as w

pytestmark = pytest.mark.django_db
LIST, OWED = "/northshire/inspections/", "/northshire/assurance/"
ITEM = f"{OWED}report-to-the-secretary-of-state/"
KEY = "a" * 32


@pytest.fixture
def by(partnership):
    return w.approver()


@pytest.fixture
def client(by, signed_in):
    return signed_in(by)


def text(client, path):
    return words(soup_of(client, path).main.get_text(" "))


def text_after(answer):
    return words(answer.content.decode())


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


# Inspections


def test_timeline_when_a_judgement_has_no_day_then_nothing_is_claimed_and_the_files_say_the_same(by, client):
    overall = JudgementInput("Overall effectiveness", "requires_improvement", True)
    w.an_inspection(overall, JudgementInput("Leadership", "inadequate"), by=by)
    w.an_inspection(
        JudgementInput("Overall effectiveness", "good", True), by=by, title="Earlier", on=None, on_words="not stated"
    )
    w.an_inspection(by=by, title="=Thematic", on=date(2021, 12, 1), on_words="December 2021", outcome="Strengths")
    w.an_ambition("requires_improvement", date(2016, 4, 30), "April 2016", or_better=True)
    w.an_ambition("good", date(2022, 2, 28), "February 2022")
    told = text(client, LIST)
    for phrase in (
        "The latest overall judgement is requires improvement to be good (February 2022).",
        "Of 2 dated ambitions: 2 cannot be said.",
        "No overall judgement is dated by 30 April 2016. One of good has no stated date",
        "A judgement of good has no stated date, and could have stood in its place.",
        "Not drawn, because no day is stated: Earlier, Overall effectiveness.",
        "no grade given Strengths",
    ):
        assert phrase in told, phrase
    soup = soup_of(client, LIST)
    assert len(soup.select("svg.timeline > circle, svg.timeline > path, svg.timeline > rect")) == 4
    files = {"judgements": (JUDGEMENTS_TABLE, "Inspections, the latest first", 4),
             "ambitions": (AMBITIONS_TABLE, "Ambitions", 2)}  # fmt: skip
    for name, (spec, caption, number) in files.items():
        assert assert_same(client, LIST, f"{LIST}{name}.csv", spec, caption) == number
    assert client.get(f"{LIST}none.csv").status_code == 404


def test_timeline_when_empty_then_it_says_what_will_appear(client):
    assert "No inspection has been added yet" in text(client, LIST)
    assert not soup_of(client, LIST).select("svg.timeline")


@pytest.mark.parametrize(
    ("changes", "judgements", "box"),
    [
        ({"title": " "}, [], "title"),
        ({"on": None, "on_words": ""}, [JudgementInput("Overall", "good")], "on"),
        ({"on": date(2022, 7, 8)}, [JudgementInput("Overall", "good")], "on"),
        ({}, [], "outcome"),
        ({}, [JudgementInput("", "good")], "area_1"),
        ({}, [JudgementInput("Overall", "good"), JudgementInput("Leadership", "")], "grade_2"),
        ({}, [JudgementInput("Overall", "good", True), JudgementInput("Other", "good", True)], "overall_2"),
    ],
)
def test_inspection_when_it_cannot_be_then_the_box_says_why(by, changes, judgements, box):
    with pytest.raises(WrongState) as found:
        w.an_inspection(*judgements, by=by, **changes)
    assert found.value.box == box
    assert not Inspection.objects.exists()


def test_inspection_when_typed_then_it_is_there_once_with_its_judgements(client):
    form = {"key": KEY, "title": "Inspection", "inspectorate": "Ofsted", "on": "1 February 2022",
            "area_1": "Overall", "grade_1": "good", "overall_1": "on", "area_2": "Leadership"}  # fmt: skip
    page = client.post(f"{LIST}new/", form)
    assert 'href="#id_grade_2"' in page.content.decode()
    for _ in range(2):
        assert client.post(f"{LIST}new/", form | {"grade_2": "inadequate"}).status_code == 302
    assert list(Judgement.objects.values_list("area", "grade", "is_overall")) == [
        ("Overall", "good", True), ("Leadership", "inadequate", False),
    ]  # fmt: skip


def test_inspection_when_corrected_or_withdrawn_then_the_old_one_counts_no_more_and_stays_on_record(by, client):
    w.an_inspection(JudgementInput("Overall", "requires_improvement", True), by=by, on=date(2021, 2, 1), on_words="")
    held = w.an_inspection(JudgementInput("Overall", "good", True), by=by, title="Visit")
    link = soup_of(client, LIST).select_one("table.insp tbody a")["href"]
    assert link == f"{LIST}{held.code}/change/"
    page = soup_of(client, link)
    form = {"title": "Visit", "inspectorate": "Ofsted", "on": "1 February 2022", "on_words": "February 2022",
            "area_1": "Overall", "grade_1": "good", "overall_1": "on", "key": KEY}  # fmt: skip
    assert page.select_one("[name=area_1]")["value"] == "Overall"
    assert "Nothing was changed" in text_after(client.post(link, form | {"reason": "Why"}, follow=True))
    assert Inspection.objects.count() == 2
    assert 'href="#id_reason"' in client.post(link, form | {"key": "b" * 32}).content.decode()
    changed = form | {"grade_1": "inadequate", "reason": "Misread", "report": "ofsted", "key": "c" * 32}
    assert "Give the whole address of the report" in client.post(link, changed).content.decode()
    address = "https://reports.example.org/visit"
    for _ in range(2):
        assert client.post(link, changed | {"report": address}).status_code == 302
    told = text(client, LIST)
    assert "The latest overall judgement is inadequate (February 2022)." in told
    who = by.display_name or by.email
    assert f"Visit, Ofsted, February 2022 (Overall: Good), recorded by {who} on 7 July 2022. " in told
    assert f"Corrected by {who} on 7 July 2022: Misread" in told
    assert soup_of(client, LIST).select_one(f'a[href="{address}"]')
    assert "Misread" not in client.get(f"{LIST}judgements.csv").getvalue().decode()
    made = held.__class__.objects.get(replaces=held)
    away = f"{LIST}{made.code}/withdraw/"
    assert client.post(away, {"reason": "Of another area", "key": "d" * 32}).status_code == 302
    told = text(client, LIST)
    assert "The latest overall judgement is requires improvement to be good (1 February 2021)." in told
    assert f"Withdrawn by {who} on 7 July 2022: Of another area" in told
    assert "This inspection was withdrawn on 7 July 2022." in text_after(
        client.post(away, {"reason": "Again", "key": "e" * 32})
    )
    with pytest.raises(WrongState, match="This inspection was corrected on 7 July 2022"):
        keep.withdraw_inspection(inspection=held, reason="Again", by=by, at=b.NOW)


def test_inspection_when_a_paper_prints_it_then_it_stays(by, client):
    held = w.an_inspection(JudgementInput("Overall", "good", True), by=by)
    Inspection.objects.update(source=b.a_source(), by=None)
    Judgement.objects.update(source=b.a_source(), by=None)
    assert not soup_of(client, LIST).select("table.insp tbody a")
    with pytest.raises(WrongState, match="A paper prints this inspection"):
        keep.withdraw_inspection(inspection=held, reason="No", by=by, at=b.NOW)
    assert not Inspection.objects.filter(withdrawn_on__isnull=False).exists()


@pytest.mark.parametrize(
    ("changes", "box"),
    [({"grade": "superb"}, "grade"), ({"authority": " "}, "authority"), ({}, "by_on")],
)
def test_ambition_when_it_cannot_be_then_the_box_says_why(by, changes, box):
    held = w.a_promise(by=by)
    with pytest.raises(WrongState) as found:
        w.a_promise(by=by, **changes)
    assert found.value.box == box
    assert Ambition.objects.get() == held


def test_ambition_when_typed_then_it_is_there_once_and_can_be_put_right(by, client):
    form = {"grade": "good", "by_on": "31 December 2024", "authority": "Recovery plan", "key": KEY}
    for _ in range(2):
        assert client.post(f"{LIST}ambitions/new/", form).status_code == 302
    row = Ambition.objects.get()
    assert (row.or_better, row.by_on, row.by_words) == (False, date(2024, 12, 31), "31 December 2024")
    address = f"{LIST}ambitions/2024-12-31/good/"
    assert soup_of(client, LIST).select_one("table.amb a")["href"] == address
    based_on = soup_of(client, address).select_one("input[name=based_on]")["value"]
    change = form | {"or_better": "on", "by_on": "30 June 2025", "by_words": "June 2025", "based_on": based_on}
    assert client.post(address, change | {"key": "b" * 32}).status_code == 302
    row.refresh_from_db()
    assert (row.or_better, row.by_on, row.by_words, row.by) == (True, date(2025, 6, 30), "June 2025", by)
    told = soup_of(client, LIST).select_one("table.amb tbody tr")
    assert "Good or better" in told.get_text()
    assert "June 2025" in told.get_text()
    assert client.get(address).status_code == 404
    moved = f"{LIST}ambitions/2025-06-30/good/"
    assert "Somebody else has changed this" in client.post(moved, change | {"key": "c" * 32}).content.decode()


def test_ambition_when_a_paper_prints_it_then_it_stays_as_it_is(by, client):
    row = w.an_ambition("good", date(2017, 10, 31), "October 2017")
    assert not soup_of(client, LIST).select("table.amb a")
    with pytest.raises(WrongState, match="A paper prints this ambition"):
        keep.change_ambition(
            ambition=row, values=w.PROMISED, based_on=state_of(row, keep.PROMISED), by=by, at=b.NOW
        )  # fmt: skip
    row.refresh_from_db()
    assert row.by_words == "October 2017"


def test_timeline_and_list_when_they_grow_then_the_number_of_queries_does_not(by, client):
    def add(number):
        for n in range(number):
            w.an_inspection(JudgementInput("Overall", "good", True), by=by, title=f"Inspection {n}")
            w.something_owed(by=by, title=f"Report {n}", first_due_on=b.TODAY)

    add(1)
    few = [queries(client, LIST), queries(client, OWED)]
    add(8)
    assert [queries(client, LIST), queries(client, OWED)] == few
    assert max(few) <= 15


# Assurance


def test_list_when_something_is_late_then_it_stands_first_and_the_file_says_the_same(by, client):
    plan = w.an_improvement_plan(by=by)
    w.something_owed(by=by)
    w.something_owed(by=by, title="Quarterly report", every_months=3, kind="report", plan=plan,
                     first_due_on=date(2022, 9, 30))  # fmt: skip
    told = text(client, OWED)
    assert "2 things are owed: 1 late as far as is recorded and 1 due." in told
    assert told.index("6 days late as far as is recorded: due on 1 July 2022") < told.index("Due on 30 September 2022")
    assert assert_same(client, OWED, f"{OWED[:-1]}.csv", ASSURANCE_TABLE, "What is owed") == 2
    assert "Quarterly report : Due on 30 September 2022." in text(
        client, "/northshire/improvement-plans/recovery-plan/"
    )
    assert client.get(f"{OWED}none/").status_code == 404
    assert client.get(f"{OWED}none/done/").status_code == 404


def test_list_when_empty_then_it_says_what_will_appear(client):
    assert "Nothing is owed yet" in text(client, OWED)


def test_done_when_recorded_then_the_next_day_follows_from_the_cycle_and_a_second_tab_is_told(by, client):
    w.something_owed(by=by)
    form = {"due_on": "2022-07-01", "done_on": "4 July 2022", "note": "Sent", "key": KEY}
    for _ in range(2):
        assert client.post(f"{ITEM}done/", form).status_code == 302
    assert list(AssuranceDue.objects.values_list("due_on", "done_on")) == [(date(2022, 7, 1), date(2022, 7, 4))]
    assert "Due on 1 January 2023; last done on 4 July 2022." in text(client, ITEM)
    told = client.post(f"{ITEM}done/", form | {"key": "b" * 32}).content.decode()
    assert "recorded as done on 4 July 2022 already" in told
    told = client.post(f"{ITEM}done/", form | {"key": "c" * 32, "due_on": "2022-08-01"}).content.decode()
    assert "Somebody else has changed this" in told
    assert 'value="2023-01-01"' in told
    assert assert_same(client, ITEM, f"{ITEM[:-1]}.csv", OWED_TABLE, "Every time that is recorded") == 1


def test_done_when_it_was_missed_for_years_then_up_to_date_once_done_and_a_wrong_record_can_be_taken_back(by, client):
    w.something_owed(by=by, every_months=3, first_due_on=date(2015, 7, 15))
    assert "83 days late as far as is recorded: due on 15 April 2022; 27 earlier times" in text(client, ITEM)
    page = client.get(f"{ITEM}done/").content.decode()
    assert page.index('value="2022-04-15"') < page.index('value="2022-01-15"')
    form = {"due_on": "2022-04-15", "done_on": "", "key": KEY}
    assert "Enter a date for “Done on”" in client.post(f"{ITEM}done/", form).content.decode()
    assert 'name="done_on" value' not in page
    assert client.post(f"{ITEM}done/", form | {"done_on": "7 July 2022"}).status_code == 302
    assert "Due on 15 July 2022; last done on 7 July 2022; 27 earlier times are not recorded" in text(client, ITEM)
    back = {"due_on": "2022-07-15", "done_on": "7 July 2022", "key": "d" * 32}  # gone back to and sent once more
    assert "You recorded a moment ago" in client.post(f"{ITEM}done/", back).content.decode()
    assert "as done on 7 July 2022, due on 15 April 2022." in text(client, f"{ITEM}take-back/")
    taken = {"due_on": "2022-04-15", "reason": "It was another report.", "key": "e" * 32}
    assert client.post(f"{ITEM}take-back/", taken).status_code == 302
    told = text(client, ITEM)
    assert "83 days late" in told
    assert "Recorded as done on 7 July 2022 by" in told
    assert "taken back on 7 July 2022: It was another report." in told
    assert client.get(f"{ITEM}take-back/").status_code == 404


def test_done_when_no_day_is_stated_then_the_day_is_asked_for_and_the_cycle_goes_on_from_it(by, client):
    w.something_owed(by=by)
    AssuranceItem.objects.update(from_on=None)
    assert "No day is stated." in text(client, ITEM)
    assert "No day is stated; the next one is counted from the one you give" in text(client, f"{ITEM}done/")
    told = client.post(f"{ITEM}done/", {"due_on": "", "done_on": "4 July 2022", "key": KEY}).content.decode()
    assert "Enter the day on which it was due" in told
    form = {"due_on": "30 June 2022", "done_on": "4 July 2022", "key": KEY}
    assert client.post(f"{ITEM}done/", form).status_code == 302
    assert "Due on 31 December 2022; last done on 4 July 2022." in text(client, ITEM)


def test_done_when_a_paper_printed_the_day_then_the_paper_stays_named(by):
    item = w.something_owed(by=by, every_months=None, first_due_on=date(2022, 6, 30))
    due = item.dues.get()
    AssuranceDue.objects.filter(pk=due.pk).update(source=b.a_source(), by=None)
    made = keep.record_done(item=item, due_on=due.due_on, done_on=b.TODAY, note="", by=by, at=b.NOW)
    assert (made.source.code, made.by, made.done_on) == ("003", by, b.TODAY)
    with pytest.raises(WrongState, match="has not come"):
        keep.record_done(
            item=w.something_owed(by=by, title="Other"), due_on=date(2022, 7, 1), done_on=date(2022, 7, 8), note="",
            by=by, at=b.NOW,
        )  # fmt: skip


def test_what_is_owed_when_typed_then_it_needs_a_day_to_count_from(client):
    form = {"title": "Youth justice plan", "kind": "plan", "owner_role": "Head of Service", "key": KEY}
    assert "Give the day on which it is due, or how often and from when." in words(
        client.post(f"{OWED}new/", form).content.decode()
    )
    for _ in range(2):
        assert client.post(f"{OWED}new/", form | {"first_due_on": "30 June 2022"}).status_code == 302
    assert AssuranceItem.objects.get().dues.get().due_on == date(2022, 6, 30)


# Complaints and compliments by theme


def test_complaints_by_theme_when_they_are_indicators_then_the_themes_are_parts_that_a_plan_can_be_measured_by(
    partnership, by, client
):
    """No report states complaints by theme, so the demonstration has none; this shows that they can be held."""
    themes = (("communication", "Communication"), ("delay", "Delay"))
    add_dimension(code="complaint-theme", name="Theme of complaint", kind="partition", categories=themes)
    voice = b.a_scorecard(code="voice")
    kinds = {"unit": b.Unit.COUNT, "polarity": b.Polarity.NONE, "counts": "events", "scorecard": voice}
    whole = b.an_indicator("complaints", name="Complaints", **kinds)
    b.a_figure(whole, value=7)
    for code, number in (("communication", 5), ("delay", 2)):
        b.a_figure(b.an_indicator("complaints", slice_key=f"complaint-theme={code}", **kinds), value=number)
    book = book_of(partnership, {"complaints"}, sees_protected=False)
    parts = book.parts("complaints", ("complaint-theme",))
    found = {part.own_name: book.held("complaints", "2021-22-q4", part.key).measured.value for part in parts}
    assert found == {"Communication": 5, "Delay": 2}
    plan = w.an_improvement_plan(by=by)
    w.a_plan_action(w.a_priority(plan, by=by), by=by, measures=[whole.indicator])
    told = text(client, "/northshire/improvement-plans/recovery-plan/")
    assert "Complaints: 7, " in told
    page = text(client, "/northshire/indicators/complaints/")
    assert "Communication" in page
    assert "Delay" in page
