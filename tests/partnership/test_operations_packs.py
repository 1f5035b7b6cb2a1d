"""Packs: put together, checked, published once, frozen for ever; replaced, withdrawn, closed for a breach."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from indicators.models import (
    AuditEvent,
    CurrentFigure,
    Figure,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
    Return,
    Scorecard,
    Target,
)
from indicators.operations import OperationError, WrongState
from indicators.rag import Polarity
from indicators.roles import Role
from indicators.units import Unit
from indicators.variation_table import REPORTED_TABLE
from partnership.models import Pack, PackChoice, PackEvent, PackReason, PackTable
from partnership.operations.packs import (
    LONGEST_REASON,
    PackChanged,
    PackNotReady,
    change_pack,
    create_pack,
    discard_pack,
    give_reasons,
    publish_pack,
)
from partnership.pack_check import PointCode
from partnership.selectors.packs import points_of, replaced_by, replaces, status_of
from tests import builders as b
from tests.partnership.pack_world import (
    BODY,
    CODE,
    MEETING,
    a_draft,
    a_pack,
    a_published_pack,
    an_approver,
    bytes_of,
    manifest_sha,
    publish,
    restate,
    sha_of,
    stored_bytes,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> Scorecard:
    """A scorecard of two lines whose quarter is accepted."""
    return b.an_accepted_quarter(2)


@pytest.fixture
def outside() -> Scorecard:
    """A scorecard with one figure outside tolerance that nobody explained, loaded from a paper."""
    measure = b.an_indicator("audits")
    b.a_paper_figure(measure, b.Q4, 40)
    b.a_round(measure.line.scorecard).returns.update(state=Return.State.APPROVED)
    return measure.line.scorecard


def return_of(scorecard: Scorecard) -> Return:
    """The ordinary return of its quarter."""
    return Return.objects.get(round__scorecard=scorecard, number=1)


def change(pack: Pack, draft: Any, version: int | None = None) -> None:
    pack.refresh_from_db()
    change_pack(
        pack=pack, draft=draft, version=pack.version if version is None else version, by=an_approver(), at=b.NOW
    )


def reasons(pack: Pack, version: int | None = None, **given: str) -> None:
    """Gives reasons by code: the point of that code takes it."""
    pack.refresh_from_db()
    keys = {p.code.value: p.key for p in points_of(pack, today=b.TODAY)}
    typed = {keys.get(code.replace("_", "-"), code): words for code, words in given.items()}
    give_reasons(
        pack=pack, reasons=typed, version=pack.version if version is None else version, by=an_approver(), at=b.NOW
    )


def kept(pack: Pack) -> dict[str, str]:
    return dict(PackReason.objects.filter(pack=pack).values_list("point", "reason"))


def state(pack: Pack) -> str:
    return status_of(Pack.objects.get(pk=pack.pk)).state


# Begin and change


def test_pack_when_begun_then_it_is_kept_with_its_choices_in_order_and_one_event(contract: Scorecard) -> None:
    other = b.a_scorecard(1, code="other")
    pack = a_pack(other, contract, title=" Quarter 4 ", note=" For the chair. ")
    assert (pack.code, pack.title, pack.body, pack.note) == (CODE, "Quarter 4", BODY, "For the chair.")
    assert (pack.meeting_on, pack.audience, pack.version, state(pack)) == (MEETING, "board", 1, "draft")
    assert [c.scorecard for c in pack.choices.order_by("order")] == [other, contract]
    (event,) = pack.events.all()
    assert (event.action, event.by, event.actor, event.at) == ("created", an_approver(), str(an_approver()), b.NOW)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "  "}, "Say what the pack is called"),
        ({"body": ""}, "Say what the pack is called"),
        ({"audience": "friends"}, "Choose who the pack is for"),
        ({"choices": []}, "Choose at least one scorecard"),
    ],
)
def test_pack_when_something_is_missing_then_refused_with_a_sentence(
    contract: Scorecard, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(WrongState, match=words):
        a_pack(contract, **changes)
    assert not Pack.objects.exists()
    pack = a_pack(contract)
    with pytest.raises(WrongState, match=words):
        change(pack, a_draft(contract, **changes))


def test_scorecard_when_chosen_twice_for_one_period_then_refused_but_two_periods_are_two(contract: Scorecard) -> None:
    with pytest.raises(WrongState, match="stands in a pack once"):
        a_pack(contract, contract)
    both = [(contract, b.a_period(b.Q4)), (contract, b.a_period(b.Q3))]
    assert a_pack(contract, choices=both).choices.count() == 2


def test_scorecard_when_of_another_partnership_then_refused(contract: Scorecard) -> None:
    elsewhere = b.a_scorecard(1, code="elsewhere", partnership=b.a_partnership("southshire", "E06000098"))
    with pytest.raises(WrongState, match="this partnership’s scorecards"):
        create_pack(partnership=contract.partnership, draft=a_draft(contract, elsewhere), by=an_approver(), at=b.NOW)
    pack = a_pack(contract)
    with pytest.raises(WrongState, match="this partnership’s scorecards"):
        change(pack, a_draft(elsewhere))
    assert [c.scorecard for c in pack.choices.all()] == [contract]


def test_codes_when_packs_are_for_the_same_meeting_then_numbered_and_never_used_again(contract: Scorecard) -> None:
    first, second = a_pack(contract), a_pack(contract)
    assert (first.code, second.code) == (CODE, f"{CODE}-2")
    discard_pack(pack=second, version=second.version, by=an_approver(), at=b.NOW)
    publish(first)
    withdraw(first)
    assert a_pack(contract).code == f"{CODE}-3"
    assert a_pack(contract, body="委员会").code == "pack-2022-07-07"
    long = a_pack(contract, body="The board " * 16)
    assert len(long.code) <= 66
    assert long.code.endswith("-2022-07-07")
    elsewhere = b.a_scorecard(1, code="elsewhere", partnership=b.a_partnership("southshire", "E06000098"))
    assert a_pack(elsewhere).code == CODE


def test_pack_when_its_form_is_sent_twice_then_one_is_begun_and_both_are_given_it(contract: Scorecard) -> None:
    former = a_published_pack(contract)
    common = {"partnership": contract.partnership, "by": an_approver(), "at": b.NOW, "key": "form-1"}
    draft = a_draft(contract, title="Anew", supersedes=former)
    made = create_pack(draft=draft, **common)
    assert create_pack(draft=draft, **common) == made
    assert Pack.objects.count() == 2
    assert PackEvent.objects.filter(pack=made, action="created").count() == 1


@pytest.mark.parametrize(
    "changes", [{"title": "Other"}, {"note": "Other"}, {"audience": "public"}, {"period": b.Q3}],
)  # fmt: skip
def test_pack_when_its_form_is_sent_again_with_other_answers_then_told_and_none_is_begun(
    contract: Scorecard, changes: dict[str, Any]
) -> None:
    common = {"partnership": contract.partnership, "by": an_approver(), "at": b.NOW, "key": "form-1"}
    create_pack(draft=a_draft(contract), **common)
    with pytest.raises(OperationError, match="sent before with other answers"):
        create_pack(draft=a_draft(contract, **changes), **common)
    assert Pack.objects.count() == 1


def test_pack_when_changed_then_everything_is_new_and_its_reasons_stay(outside: Scorecard) -> None:
    pack = a_pack(outside)
    reasons(pack, commentary="Told in person.")
    other = b.a_scorecard(1, code="other")
    change(pack, a_draft(other, title="New", body="Board", meeting_on=date(2022, 8, 1), audience="exempt", note="N"))
    pack.refresh_from_db()
    assert (pack.title, pack.body, pack.meeting_on, pack.audience, pack.note, pack.version, pack.code) == (
        "New", "Board", date(2022, 8, 1), "exempt", "N", 3, CODE,
    )  # fmt: skip
    assert [c.scorecard for c in pack.choices.all()] == [other]
    assert list(kept(pack).values()) == ["Told in person."]


def test_pack_when_changed_from_an_old_page_then_refused_and_nothing_is_changed(outside: Scorecard) -> None:
    pack = a_pack(outside)
    change(pack, a_draft(outside, title="First"))
    with pytest.raises(PackChanged, match="Somebody else has changed this pack"):
        change(pack, a_draft(outside, title="Second"), version=1)
    with pytest.raises(PackChanged):
        reasons(pack, version=1, commentary="Late.")
    with pytest.raises(PackChanged):
        discard_pack(pack=pack, version=1, by=an_approver(), at=b.NOW)
    with pytest.raises(PackChanged, match="Nothing was published"):
        publish_pack(pack=pack, version=1, by=an_approver(), at=b.NOW)
    pack.refresh_from_db()
    assert (pack.title, pack.version, kept(pack), state(pack)) == ("First", 2, {}, "draft")


# Reasons


def test_reason_when_given_and_taken_back_then_it_is_there_and_gone(outside: Scorecard) -> None:
    pack = a_pack(outside)
    reasons(pack, commentary="  Told in person.  ")
    (row,) = PackReason.objects.all()
    assert (row.reason, row.by, row.actor, row.at) == ("Told in person.", an_approver(), str(an_approver()), b.NOW)
    reasons(pack, commentary="In writing.")
    assert list(kept(pack).values()) == ["In writing."]
    reasons(pack, commentary=" ")
    assert kept(pack) == {}
    pack.refresh_from_db()
    assert pack.version == 4


def test_reason_when_for_no_point_of_the_list_or_one_that_must_be_put_right_then_not_kept(outside: Scorecard) -> None:
    b.a_round(outside).returns.update(state=Return.State.SUBMITTED)
    pack = a_pack(outside)
    reasons(pack, returns="It will come.", invented="So.", **{"x" * 5_000: "So."})
    assert kept(pack) == {}


def test_reason_when_too_long_then_refused_and_none_is_kept(outside: Scorecard) -> None:
    pack = a_pack(outside)
    reasons(pack, commentary="r" * LONGEST_REASON)
    with pytest.raises(WrongState, match="300 characters or fewer"):
        reasons(pack, commentary="r" * (LONGEST_REASON + 1))
    assert [len(r) for r in kept(pack).values()] == [LONGEST_REASON]


# What stands against publishing


def test_publication_when_points_are_open_then_refused_with_every_one_and_nothing_is_written() -> None:
    scorecard = b.a_scorecard()
    bare, late, small = (b.an_indicator(c, scorecard=scorecard) for c in ("bare", "late", "small"))
    b.a_paper_figure(bare, b.Q4, 40)
    b.a_paper_figure(late, b.Q4, missing="not_reportable", expected_on=date(2022, 6, 30), commentary="New system.")
    b.a_paper_figure(small, b.Q4, 75, numerator=3, denominator=4)
    b.a_round(scorecard)
    pack = a_pack(scorecard, audience="public")
    with pytest.raises(PackNotReady, match="4 points are open before") as refusal:
        publish(pack)
    found = {p.code for p in refusal.value.points}
    assert found == {PointCode.RETURNS, PointCode.COMMENTARY, PointCode.OVERDUE, PointCode.SMALL_NUMBERS}
    assert (state(pack), PublishedTable.objects.count(), PackTable.objects.count()) == ("draft", 0, 0)
    b.a_round(scorecard).returns.update(state=Return.State.APPROVED)
    change(pack, a_draft(scorecard))
    reasons(pack, commentary="Told in person.")
    with pytest.raises(PackNotReady, match="1 point is open before") as refusal:
        publish(pack)
    (point,) = refusal.value.points
    assert point.words == "Measure late was to be reportable by 30 June 2022. Say why it is not."
    reasons(pack, overdue="The supplier is late.")
    publish(pack)
    assert state(pack) == "published"


def test_publication_when_its_day_comes_later_then_the_list_is_that_of_its_own_day() -> None:
    measure = b.an_indicator("late")
    b.a_paper_figure(measure, b.Q4, missing="not_reportable", expected_on=b.TODAY, commentary="New system.")
    b.a_round(measure.line.scorecard).returns.update(state=Return.State.APPROVED)
    pack = a_pack(measure.line.scorecard)
    assert points_of(pack, today=b.TODAY) == []
    with pytest.raises(PackNotReady):
        publish(pack, at=b.NOW + timedelta(days=1))
    # Half past eleven at night in UTC is the next day in London in summer.
    with pytest.raises(PackNotReady):
        publish(pack, at=b.datetime(2022, 7, 7, 23, 30, tzinfo=b.ZoneInfo("UTC")))


@pytest.mark.parametrize("kind", ["open", "submitted", "returned"])
def test_return_when_not_accepted_then_named_with_its_partner_and_state(kind: str) -> None:
    scorecard = b.a_scorecard(1)
    b.a_return(scorecard, state=kind)
    (point,) = [p for p in points_of(a_pack(scorecard), today=b.TODAY) if p.code is PointCode.RETURNS]
    assert "the return of Northshire Children's Trust is" in point.words


def test_return_when_none_was_opened_then_a_point() -> None:
    pack = a_pack(b.a_scorecard(1))
    points = points_of(pack, today=b.TODAY)
    assert [p.code for p in points] == [PointCode.RETURNS, PointCode.COMMENTARY]
    assert points[0].words.endswith("no return has been opened.")


def test_correction_when_open_then_it_needs_a_reason_and_the_approved_figure_is_told(contract: Scorecard) -> None:
    series = contract.lines.first().series
    row = Return.objects.get()
    b.keep(b.a_restatement(row, [series]), {series: b.a_cell(20, 100, commentary="Again.")})
    pack = a_pack(contract)
    (point,) = points_of(pack, today=b.TODAY)
    assert point.code is PointCode.CORRECTION
    reasons(pack, correction="The meeting is told that it is coming.")
    publish(pack)
    assert {r.cells[REPORTED_TABLE.header.index("numerator")] for r in PublishedRow.objects.all()} == {"85"}


# What is frozen


def test_pack_when_published_then_rows_are_the_table_as_approved_with_all_they_rest_on() -> None:
    scorecard = b.a_scorecard()
    higher = b.an_indicator("higher", scorecard=scorecard)
    count = b.an_indicator("count", scorecard=scorecard, unit=Unit.COUNT, polarity=Polarity.LOWER, frequency="month")
    b.tick(scorecard, b.Q3, cells={higher.series.pk: b.a_cell(70, 100, commentary="Low."),
                                   count.series.pk: b.a_cell(value=30, commentary="All three.")})  # fmt: skip
    b.tick(scorecard, b.Q4, cells={higher.series.pk: b.a_cell(D(8996), D(10000), commentary='-5, "quoted"\nnext')})
    for month, number in zip(b.Q4.months(), (7, 8, 9), strict=True):
        b.a_paper_figure(count, month, number)
    # The quarter's own figure would stand before the months; the line is monthly, so none is held.
    pack = a_published_pack(scorecard)
    (carried,) = pack.tables.all()
    table = carried.table
    assert (carried.code, table.kind, table.label) == (
        "contract-2021-22-q4", "scorecard", f"{scorecard.name}, {b.Q4.long_label}",
    )  # fmt: skip
    assert (table.audience, table.format_version, table.header) == ("board", 2, REPORTED_TABLE.header)
    rows = list(table.rows.order_by("order"))
    values = [REPORTED_TABLE.values_from_csv(table.header, row.cells) for row in rows]
    assert [v["indicator"] for v in values] == ["higher", "count"]
    assert (values[0]["numerator"], values[0]["value"], values[0]["rating"]) == (D(8996), D("89.96"), "better")
    assert values[0]["previous_from"] == D(70)
    first = rows[0]
    assert first.key == "northshire/higher/whole/2021-22-q4/1"
    assert (first.line, first.version, first.target) == (higher.line, higher.version, higher.target)
    assert first.figure == CurrentFigure.objects.get(series=higher.series, period__slug="2021-22-q4").approved
    assert first.facts["theme"] == "Theme 1"
    assert first.facts["partner"] == "Northshire Children's Trust"
    pinned = set(PublishedFigure.objects.filter(table=table).values_list("figure", flat=True))
    assert pinned == set(Figure.objects.filter(approval__isnull=False).values_list("pk", flat=True))


def test_pack_when_published_then_hashes_and_manifest_come_out_the_same_by_the_standard_library(
    contract: Scorecard,
) -> None:
    other = b.a_scorecard(1, code="other")
    b.a_return(other, state="approved")
    former = a_published_pack(contract)
    restate(return_of(contract), {contract.lines.first().series: b.a_cell(90, 100, commentary="Again.")})
    pack = a_pack(contract, other, title="Second", supersedes=former)
    event = publish(pack, key="page-1")
    event = PackEvent.objects.get(pk=event.pk)  # as the database holds it, not as it was written
    manifest = event.manifest
    assert manifest_sha(manifest) == event.manifest_sha256
    named = ("partnership", "pack", "title", "body", "meeting_on", "audience", "supersedes")
    assert {k: manifest[k] for k in named} == {
        "partnership": "northshire", "pack": pack.code, "title": "Second", "body": BODY, "meeting_on": "2022-07-07",
        "audience": "board", "supersedes": former.code,
    }  # fmt: skip
    assert manifest["format_version"] == 2
    assert manifest["application_version"]
    assert (manifest["published_at"], manifest["published_by"]) == (b.NOW.isoformat(), str(an_approver()))
    assert "page-1" not in str(manifest)
    tables = list(PackTable.objects.filter(pack=pack).order_by("order"))
    assert [t["code"] for t in manifest["tables"]] == ["contract-2021-22-q4", "other-2021-22-q4", "restated"]
    for told, carried in zip(manifest["tables"], tables, strict=True):
        data = stored_bytes(carried.table)
        assert told["sha256"] == carried.table.sha256 == sha_of(data)
        header, *rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
        assert bytes_of(header, rows) == data
        assert told["rows"] == len(rows) == len(told["keys"])
        version = 1 if carried.table.kind == "restated" else 2
        assert (told["kind"], told["audience"], told["format_version"]) == (carried.table.kind, "board", version)
    first = manifest["tables"][0]
    assert (first["scorecard"], first["period"]) == ("contract", "2021-22-q4")
    assert first["keys"] == ["northshire/contract-1/whole/2021-22-q4/2", "northshire/contract-2/whole/2021-22-q4/1"]
    assert first["revisions"] == ["contract-1/whole/2021-22-q4/2", "contract-2/whole/2021-22-q4/1"]
    assert first["definitions"] == first["targets"] == ["contract-1/1", "contract-2/1"]


def test_manifest_when_points_were_explained_then_it_tells_the_reasons_of_those_that_stood(outside: Scorecard) -> None:
    pack = a_pack(outside)
    reasons(pack, commentary="Told in person.")
    stale = PackReason.objects.create(
        pack=pack, point="overdue:contract/2021-22-q4/gone", reason="No longer.", by=an_approver(), actor="x", at=b.NOW
    )
    event = publish(pack)
    assert event.manifest["reasons"] == {"commentary:contract/2021-22-q4/audits": "Told in person."}
    assert PackReason.objects.filter(pk=stale.pk).exists()


def test_text_that_a_spreadsheet_would_run_when_frozen_then_neutralised_and_read_back_exactly() -> None:
    measure = b.an_indicator("a", name="=1+1")
    b.tick(measure.line.scorecard, b.Q4, cells={measure.series.pk: b.a_cell(85, 100, commentary="@SUM(A1)\r\nü–’")})
    pack = a_published_pack(measure.line.scorecard)
    table = pack.tables.get().table
    (row,) = table.rows.all()
    cells = dict(zip(table.header, row.cells, strict=True))
    assert cells["name"] == "'=1+1"
    assert cells["commentary"].startswith("'@SUM(A1)")
    assert REPORTED_TABLE.values_from_csv(table.header, row.cells)["name"] == "=1+1"
    assert sha_of(stored_bytes(table)) == table.sha256


def test_pack_when_it_carries_another_quarter_too_then_a_table_for_each() -> None:
    scorecard = b.a_scorecard(1)
    for period in (b.Q3, b.Q4):
        b.tick(scorecard, period)
    both = [(scorecard, b.a_period(b.Q3)), (scorecard, b.a_period(b.Q4))]
    pack = a_published_pack(scorecard, choices=both)
    assert [t.code for t in pack.tables.order_by("order")] == ["contract-2021-22-q3", "contract-2021-22-q4"]


def test_publication_when_done_then_one_event_and_one_line_in_the_record(contract: Scorecard) -> None:
    pack = a_published_pack(contract)
    assert [e.action for e in pack.events.order_by("pk")] == ["created", "published"]
    audit = AuditEvent.objects.get(kind=AuditEvent.Kind.PACK_PUBLISHED)
    assert (audit.what, audit.by, audit.partnership) == (f"Pack {CODE}", an_approver(), contract.partnership)
    withdraw(pack)
    assert AuditEvent.objects.get(kind=AuditEvent.Kind.PACK_WITHDRAWN).what == f"Pack {CODE}"


def test_exempt_pack_when_published_and_withdrawn_then_the_record_names_neither_body_nor_day(
    contract: Scorecard,
) -> None:
    pack = a_published_pack(contract, body="Zebra board", audience="exempt")
    withdraw(pack)
    kinds = (AuditEvent.Kind.PACK_PUBLISHED, AuditEvent.Kind.PACK_WITHDRAWN)
    assert [e.what for e in AuditEvent.objects.filter(kind__in=kinds)] == ["An exempt pack"] * 2
    assert not AuditEvent.objects.filter(what__icontains="zebra").exists()


# Once


def test_publication_when_sent_again_with_its_key_then_the_same_and_nothing_more(contract: Scorecard) -> None:
    pack = a_pack(contract)
    first = publish(pack, key="page-1")
    again = publish_pack(pack=pack, version=1, by=an_approver(), at=b.NOW + timedelta(hours=1), key="page-1")
    assert first == again
    assert (PublishedTable.objects.count(), PackEvent.objects.filter(action="published").count()) == (1, 1)


def test_publication_when_sent_again_with_another_key_or_person_or_none_then_refused(contract: Scorecard) -> None:
    pack = a_pack(contract)
    publish(pack, key="page-1")
    for key, by in (("page-2", an_approver()), ("", an_approver()), ("page-1", b.a_user(Role.APPROVER))):
        with pytest.raises(WrongState, match="published already"):
            publish(pack, key=key, by=by)
    assert PublishedTable.objects.count() == 1


def test_publication_without_a_key_when_sent_again_without_one_then_refused(contract: Scorecard) -> None:
    pack = a_published_pack(contract)
    with pytest.raises(WrongState, match="published already"):
        publish(pack)


def test_pack_when_published_then_it_can_no_longer_be_changed_explained_or_given_up(contract: Scorecard) -> None:
    pack = a_published_pack(contract)
    for attempt in (
        lambda: change(pack, a_draft(contract, title="Other")),
        lambda: reasons(pack, commentary="Late."),
        lambda: discard_pack(pack=pack, version=pack.version, by=an_approver(), at=b.NOW),
    ):
        with pytest.raises(WrongState, match="published and can no longer be changed"):
            attempt()


def test_pack_when_given_up_then_its_state_says_so_and_it_cannot_be_published(contract: Scorecard) -> None:
    pack = a_pack(contract)
    discard_pack(pack=pack, version=1, by=an_approver(), at=b.NOW)
    status = status_of(pack)
    assert (status.state, status.published) == ("withdrawn", None)
    assert status.withdrawn.reason.body == "Given up before it was published."
    with pytest.raises(WrongState, match="given up"):
        publish(pack)


# What the database itself refuses (trap 16)


def refused(sql: str) -> None:
    words = r"append-only|published pack"
    with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "table",
    ["indicators_publishedtable", "indicators_publishedrow", "indicators_publishedfigure", "partnership_packtable",
     "partnership_packevent", "partnership_pack", "partnership_packchoice", "partnership_packreason"],
)  # fmt: skip
def test_published_pack_when_the_database_is_asked_to_change_or_delete_any_of_it_then_refused(
    outside: Scorecard, table: str
) -> None:
    pack = a_pack(outside)
    reasons(pack, commentary="Told in person.")
    publish(pack)
    column = "at" if table == "partnership_packreason" else "id"
    refused(f"UPDATE {table} SET {column} = {column}")  # noqa: S608
    refused(f"DELETE FROM {table}")  # noqa: S608


def test_published_pack_when_the_database_is_asked_to_add_to_it_then_refused(outside: Scorecard) -> None:
    pack = a_published_pack_with_reason(outside)
    carried = pack.tables.get()
    row, pin = carried.table.rows.get(), carried.table.pins.get()
    row.pk = pin.pk = None
    row.order = 99
    spare = PublishedTable.objects.create(
        partnership=pack.partnership, kind="restated", label="x", audience="board", format_version=1, header=[],
        sha256="0",
    )  # fmt: skip
    for made in (
        row,
        pin,
        PackTable(pack=pack, order=9, code="more", table=spare),
        PackChoice(pack=pack, scorecard=outside, period=b.a_period(b.Q3), order=9),
        PackReason(pack=pack, point="p", reason="r", by=an_approver(), actor="x", at=b.NOW),
    ):
        with pytest.raises(DatabaseError, match="published pack"), transaction.atomic():
            made.save(force_insert=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        PackEvent.objects.create(pack=pack, action="published", by=an_approver(), actor="x", at=b.NOW, manifest={})


def a_published_pack_with_reason(scorecard: Scorecard) -> Pack:
    pack = a_pack(scorecard)
    reasons(pack, commentary="Told in person.")
    publish(pack)
    return pack


# Late changes (traps 15 and 17)


def everything(pack: Pack) -> list[Any]:
    """All that is stored of a published pack."""
    found: list[Any] = [Pack.objects.filter(pk=pack.pk).values().get()]
    for model in (PackTable, PackEvent, PackChoice):
        found += list(model.objects.filter(pack=pack).order_by("pk").values())
    for carried in pack.tables.order_by("order"):
        found += [stored_bytes(carried.table), *carried.table.rows.order_by("pk").values()]
        found += list(carried.table.pins.order_by("pk").values())
    return found


def test_published_first_quarter_when_restated_afterwards_then_its_row_is_the_same_byte_for_byte() -> None:
    measure = b.an_indicator("on-time")
    scorecard = measure.line.scorecard
    first = b.tick(scorecard, b.FIRST_QUARTER)
    pack = a_published_pack(scorecard, period=b.FIRST_QUARTER, meeting_on=date(2021, 8, 2))
    before = everything(pack)
    restate(first, {measure.series: b.a_cell(40, 100, commentary="Counted again.")})
    assert everything(pack) == before
    b.tick(scorecard)
    second = a_published_pack(scorecard, period=b.FIRST_QUARTER.next(), meeting_on=date(2021, 11, 1))
    assert everything(pack) == before
    (row,) = second.tables.get(code="contract-2021-22-q2").table.rows.all()
    told = REPORTED_TABLE.values_from_csv(REPORTED_TABLE.header, row.cells)
    assert told["previous_from"] == D(40)  # the later quarter compares with what is known then


def test_target_when_changed_afterwards_even_for_the_same_quarter_then_the_published_row_keeps_its_own() -> None:
    measure = b.an_indicator("on-time")
    b.tick(measure.line.scorecard, b.Q4)
    pack = a_published_pack(measure.line.scorecard)
    before = everything(pack)
    b.a_target(measure.line, valid_from=b.Q4, target=D(95), tolerance=D(90))
    b.a_version(measure, b.Q4, polarity="lower")
    assert Target.objects.filter(line=measure.line).count() == 2
    assert everything(pack) == before
    (row,) = pack.tables.get().table.rows.all()
    assert row.target == measure.target


# Replace, withdraw, close


def test_pack_when_replaced_then_the_former_says_so_and_both_stay(contract: Scorecard) -> None:
    former = a_published_pack(contract)
    later = a_pack(contract, supersedes=former)
    assert state(former) == "published"
    publish(later)
    assert (state(former), state(later)) == ("superseded", "published")
    assert [e.action for e in former.events.order_by("pk")] == ["created", "published", "superseded"]


def test_pack_when_what_replaced_it_is_withdrawn_then_in_force_again_once(contract: Scorecard) -> None:
    former = a_published_pack(contract)
    later = a_pack(contract, supersedes=former)
    publish(later)
    withdraw(later)
    assert (state(former), state(later)) == ("published", "withdrawn")
    withdraw(later, is_breach=True)
    assert [e.action for e in former.events.order_by("pk")] == ["created", "published", "superseded", "reinstated"]


def test_pack_when_to_replace_one_of_another_body_then_refused(contract: Scorecard) -> None:
    former = a_published_pack(contract, body="Performance board")
    with pytest.raises(WrongState, match="same board or committee"):
        a_pack(contract, supersedes=former)


def test_pack_when_to_replace_what_does_not_stand_published_then_refused(contract: Scorecard) -> None:
    elsewhere = b.a_scorecard(1, code="elsewhere", partnership=b.a_partnership("southshire", "E06000098"))
    b.a_return(elsewhere, state="approved")
    gone, replaced = a_published_pack(contract), a_published_pack(contract)
    withdraw(gone)
    publish(a_pack(contract, supersedes=replaced))
    for former in (a_pack(contract), gone, replaced, a_published_pack(elsewhere)):
        with pytest.raises(WrongState, match="Only a pack that stands published"):
            a_pack(contract, supersedes=former)


def test_pack_when_another_is_to_replace_the_same_one_then_refused_until_that_is_given_up(contract: Scorecard) -> None:
    former = a_published_pack(contract)
    first, second = a_pack(contract, supersedes=former, title="First"), a_pack(contract)
    with pytest.raises(WrongState, match="“First” is to replace that pack already"):
        a_pack(contract, supersedes=former)
    with pytest.raises(WrongState, match="“First” is to replace that pack already"):
        change(second, a_draft(contract, supersedes=former))
    change(first, a_draft(contract, supersedes=former, title="First, again"))
    first.refresh_from_db()
    discard_pack(pack=first, version=first.version, by=an_approver(), at=b.NOW)
    change(second, a_draft(contract, supersedes=former))
    publish(second)
    assert state(former) == "superseded"


@pytest.mark.parametrize("is_breach", [False, True], ids=["withdrawn", "closed"])
def test_pack_when_what_replaced_it_is_gone_then_it_is_replaced_again_by_one_at_a_time(
    contract: Scorecard, is_breach: bool
) -> None:
    former = a_published_pack(contract)
    for turn in (1, 2, 3):
        later = a_pack(contract, supersedes=former, title=f"Turn {turn}")
        assert later.turn == turn
        with pytest.raises(WrongState, match=f"“Turn {turn}” is to replace that pack already"):
            a_pack(contract, supersedes=former)
        change(later, a_draft(contract, supersedes=former, title="Changed"))
        later.refresh_from_db()
        assert later.turn == turn
        publish(later)
        assert (state(former), replaced_by(status_of(former)).pack) == ("superseded", later)
        withdraw(later, is_breach=is_breach)
        assert (state(former), replaced_by(status_of(former))) == ("published", None)


def test_pack_when_replaced_again_and_the_former_replacement_is_closed_then_it_stays_replaced(
    contract: Scorecard,
) -> None:
    former = a_published_pack(contract)
    first = a_published_pack(contract, supersedes=former)
    withdraw(first)
    second = a_published_pack(contract, supersedes=former)
    withdraw(first, is_breach=True)
    assert (state(first), state(former)) == ("closed", "superseded")
    assert replaced_by(status_of(former)).pack == second


def test_pack_when_the_middle_one_of_three_is_withdrawn_then_the_first_comes_back_only_with_the_last(
    contract: Scorecard,
) -> None:
    first = a_published_pack(contract)
    middle = a_published_pack(contract, supersedes=first)
    last = a_published_pack(contract, supersedes=middle)
    withdraw(middle)
    assert [state(p) for p in (first, middle, last)] == ["superseded", "withdrawn", "published"]
    assert replaced_by(status_of(first)).pack == last
    assert [s.pack for s in replaces(last)] == [middle, first]
    withdraw(last)
    assert [state(p) for p in (first, middle, last)] == ["published", "withdrawn", "withdrawn"]
    assert "reinstated" not in [e.action for e in middle.events.all()]


def test_pack_when_the_one_it_is_to_replace_is_withdrawn_first_then_it_replaces_the_one_before(
    contract: Scorecard,
) -> None:
    first = a_published_pack(contract)
    middle = a_published_pack(contract, supersedes=first)
    last = a_pack(contract, supersedes=middle)
    withdraw(middle)
    assert state(first) == "published"
    publish(last)
    assert [state(p) for p in (first, middle, last)] == ["superseded", "withdrawn", "published"]
    assert replaced_by(status_of(first)).pack == last


def test_pack_when_withdrawn_then_it_keeps_everything_and_says_why(contract: Scorecard) -> None:
    pack = a_published_pack(contract)
    before = everything(pack)
    withdraw(pack, reason="  The wrong quarter.  ")
    assert state(pack) == "withdrawn"
    event = status_of(pack).withdrawn
    assert (event.reason.body, event.is_breach, event.by) == ("The wrong quarter.", False, an_approver())
    assert [x for x in everything(pack) if x in before] == before


def test_pack_when_withdrawn_then_not_again_but_still_closed_for_a_breach_once(contract: Scorecard) -> None:
    pack = a_published_pack(contract)
    withdraw(pack)
    with pytest.raises(WrongState, match="withdrawn already"):
        withdraw(pack)
    withdraw(pack, is_breach=True)
    assert state(pack) == "closed"
    for is_breach in (True, False):
        with pytest.raises(WrongState, match="withdrawn already"):
            withdraw(pack, is_breach=is_breach)


def test_pack_when_withdrawn_without_a_reason_or_before_publication_then_refused(contract: Scorecard) -> None:
    pack = a_pack(contract)
    with pytest.raises(WrongState, match="Only a published pack"):
        withdraw(pack)
    publish(pack)
    with pytest.raises(WrongState, match="Say why"):
        withdraw(pack, reason=" \n ")
    assert state(pack) == "published"


def test_draft_when_its_scorecard_changes_then_it_publishes_what_is_approved_at_that_moment(
    contract: Scorecard,
) -> None:
    pack = a_pack(contract)
    series = contract.lines.first().series
    restate(return_of(contract), {series: b.a_cell(91, 100, commentary="Again.")})
    publish(pack)
    row = PublishedRow.objects.get(line__series=series)
    assert REPORTED_TABLE.values_from_csv(REPORTED_TABLE.header, row.cells)["numerator"] == D(91)


def test_pack_when_its_replacement_is_withdrawn_then_it_is_in_force_again(contract: Scorecard) -> None:
    first = a_published_pack(contract)
    second = a_published_pack(contract, title="Again", supersedes=first)
    assert state(first) == "superseded"
    withdraw(second)
    assert (state(first), state(second)) == ("published", "withdrawn")
    assert [e.action for e in PackEvent.objects.filter(pack=first)][-2:] == ["superseded", "reinstated"]


def test_pack_when_it_would_replace_that_of_another_body_then_refused(contract: Scorecard) -> None:
    first = a_published_pack(contract)
    with pytest.raises(WrongState, match="same board or committee"):
        a_pack(contract, title="Again", body="Another board", supersedes=first)
