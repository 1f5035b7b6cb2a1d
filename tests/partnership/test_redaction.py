"""Redaction for cause: two people, everywhere at once, nothing kept but a hash, and the only change a pack allows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from indicators import triggers
from indicators.models import (
    AuditEvent,
    DraftCell,
    Figure,
    KeptChance,
    KeptForecast,
    PublishedRow,
    Redaction,
    Text,
)
from indicators.operations import NotAllowed, WrongState
from indicators.published_table import digest
from partnership.models import Pack, PackEvent
from partnership.operations.packs import PackDraft, create_pack, publish_pack
from partnership.operations.redaction import Cause, figure_by_key, redact
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b

pytestmark = pytest.mark.django_db

NAMED = "The sister of a child in Elm House asked for a review."
WORDS = f"Redacted on {b.TODAY.day} {b.TODAY:%B %Y} because it was personal data"


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator("reviews")


@pytest.fixture
def people(measure: b.Measure) -> tuple[object, object]:
    return b.a_user("approver"), b.a_user("administrator")


@pytest.fixture
def pack(measure: b.Measure, people) -> Pack:
    """A published pack with a figure whose commentary tells too much."""
    cell = replace(b.a_cell(Decimal(31), Decimal(40)), commentary=NAMED, headline="A review was asked for")
    row = b.a_return(state="approved", cells={measure.series.pk: cell})
    made = create_pack(
        partnership=measure.line.scorecard.partnership,
        draft=PackDraft(
            title="Quarter 4", body="Board", meeting_on=date(2022, 7, 7), audience="board",
            choices=[(row.round.scorecard, row.round.period)],
        ),
        by=people[0], at=b.NOW,
    )  # fmt: skip
    publish_pack(pack=made, version=made.version, by=people[0], at=b.NOW)
    return made


def cause(people, **changes) -> Cause:
    given = {"cause": "personal_data", "reason": "It tells who she is", "reference": "DPO-7"}
    return Cause(**(given | changes), first_person=people[0], second_person=people[1])


def everything_stored() -> str:
    """Every text column of the tables that hold what people wrote, pasted together."""
    parts: list[str] = []
    for model in (Text, Figure, PublishedRow, DraftCell, AuditEvent, Redaction, PackEvent):
        parts += [str(value) for row in model._default_manager.values() for value in row.values()]
    return "\n".join(parts)


def test_text_when_redacted_then_it_is_gone_from_every_table_and_only_its_hash_is_left(pack, people, measure) -> None:
    text = Text.objects.get(body=NAMED)
    b.a_restatement(Figure.objects.get().in_return, [measure.series])
    done = redact(partnership=pack.partnership, cause=cause(people), at=b.NOW, texts=[text])
    assert (done.texts, done.figures, done.tables) == (1, 0, 1)
    stored = everything_stored()
    assert "Elm House" not in stored
    assert stored.count(WORDS) >= 2
    text.refresh_from_db()
    assert (text.body, text.sha256) == (WORDS, digest(NAMED.encode()))
    assert Redaction.objects.get().former_sha256 == digest(NAMED.encode())
    assert Text.objects.keep(NAMED) == text  # the same words, sent again, are the redacted text


def test_pack_when_redacted_then_it_is_reported_as_redacted_and_not_as_broken(pack, people) -> None:
    table = pack.tables.get().table
    before = (table.sha256, list(table.rows.values_list("facts", flat=True)))
    redact(partnership=pack.partnership, cause=cause(people), at=b.NOW, texts=[Text.objects.get(body=NAMED)])
    table.refresh_from_db()
    assert table.sha256 != before[0]
    assert list(table.rows.values_list("facts", flat=True)) == before[1]
    assert [v.finding for v in verified_packs()] == [Finding.REDACTED]
    event = pack.events.get(action="redacted")
    assert "DPO-7" in event.reason.body
    assert Redaction.objects.get().tables == [{"table": table.pk, "former": before[0], "new": table.sha256}]
    assert AuditEvent.objects.filter(kind="redacted").count() == 1
    # A further redaction of the same table goes on from the second hash.
    redact(partnership=pack.partnership, cause=cause(people), at=b.NOW,
           texts=[Text.objects.get(body="A review was asked for")])  # fmt: skip
    assert [v.finding for v in verified_packs()] == [Finding.REDACTED]
    with b.unprotected():
        row = table.rows.get()
        row.cells[5] = "another name"
        row.save()
    assert [v.finding for v in verified_packs()] == [Finding.BROKEN]


def test_figure_when_redacted_then_its_numbers_and_words_are_gone_and_it_is_confidential(pack, people) -> None:
    figure = Figure.objects.get()
    key = "northshire/reviews/whole/2021-22-q4/1"
    assert figure_by_key(key) == figure
    redact(partnership=pack.partnership, cause=cause(people, cause="disclosure"), at=b.NOW, figures=[figure])
    figure.refresh_from_db()
    assert (figure.numerator, figure.denominator, figure.value, figure.missing_reason) == (None, None, None, "c")
    assert figure.redaction.what == key
    cells = dict(zip(pack.tables.get().table.header, PublishedRow.objects.get().cells, strict=True))
    assert (cells["numerator"], cells["denominator"], cells["value"], cells["symbol"]) == ("", "", "", "c")
    assert cells["rating"] == "not_judged"
    assert cells["commentary"].endswith("because it disclosed who a person is")
    assert "Elm House" not in everything_stored()
    assert [v.finding for v in verified_packs()] == [Finding.REDACTED]


def test_figure_when_redacted_then_forecasts_made_from_it_are_gone_and_earlier_ones_stand(
    pack, people, measure
) -> None:
    """The forecast of a short series is its last figure, so it would tell what was redacted."""
    values = {
        "series": measure.series, "steps": 1, "method": "no_change", "periods": 8, "unit": "percent", "places": 0,
        "point": 78, "low": 70, "high": 85, "inputs_sha256": "0" * 64, "made_at": b.NOW, "made_on": b.TODAY,
    }  # fmt: skip
    of_it, later = (
        KeptForecast.objects.create(made_from=b.a_period(p), for_period=b.a_period(p.next()), **values)
        for p in (b.Q4, b.Q4.next())
    )
    for one in (of_it, later):
        KeptChance.objects.create(
            forecast=one, line=measure.line, target=measure.target, polarity="higher", chance="likely"
        )
    before = KeptForecast.objects.create(made_from=b.a_period(b.Q3), for_period=b.a_period(b.Q4), **values)
    redact(partnership=pack.partnership, cause=cause(people), at=b.NOW, figures=[Figure.objects.get()])
    assert list(KeptForecast.objects.all()) == [before]
    assert not KeptChance.objects.exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        before.delete()


def test_figure_when_redacted_then_words_that_another_figure_shares_stay(pack, people) -> None:
    other = b.an_indicator("others")
    cell = replace(b.a_cell(Decimal(31), Decimal(40)), commentary=NAMED)
    b.tick(other.line.scorecard, b.Q4.next(), cells={other.series.pk: cell})
    redact(partnership=pack.partnership, cause=cause(people), at=b.NOW, figures=[Figure.objects.order_by("pk").first()])
    assert Text.objects.filter(body=NAMED).exists()


def test_redaction_when_done_then_the_database_is_protected_again_and_keeps_the_record(pack, people) -> None:
    redact(partnership=pack.partnership, cause=cause(people), at=b.NOW, texts=[Text.objects.get(body=NAMED)])
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        pytest.param({"reason": " "}, WrongState, "reason", id="no reason"),
        pytest.param({"reference": ""}, WrongState, "reference", id="no reference"),
        pytest.param({"cause": "untidy"}, WrongState, "cause", id="a cause that is none"),
    ],
)
def test_redaction_when_not_justified_then_refused_and_nothing_is_changed(
    pack, people, changes, error, message
) -> None:
    before = everything_stored()
    with pytest.raises(error, match=message):
        redact(partnership=pack.partnership, cause=cause(people, **changes), at=b.NOW,
               texts=[Text.objects.get(body=NAMED)])  # fmt: skip
    assert everything_stored() == before
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))


def test_redaction_when_one_person_stands_twice_or_holds_no_role_then_refused(pack, people) -> None:
    text = Text.objects.get(body=NAMED)
    for pair in ((people[0], people[0]), (people[0], b.a_user()), (b.the_people().analyst, people[1])):
        with pytest.raises(NotAllowed):
            redact(partnership=pack.partnership, cause=cause(pair), at=b.NOW, texts=[text])
    assert Text.objects.filter(body=NAMED).exists()


def test_redaction_when_of_nothing_or_of_another_partnership_then_refused(pack, people) -> None:
    with pytest.raises(WrongState, match="at least one"):
        redact(partnership=pack.partnership, cause=cause(people), at=b.NOW)
    south = b.a_partnership("southshire", "E06000098")
    pair = tuple(b.a_user("approver", partnership=south) for _ in range(2))
    with pytest.raises(WrongState, match="another partnership"):
        redact(partnership=south, cause=cause(pair), at=b.NOW, figures=[Figure.objects.get()])


@pytest.mark.parametrize("key", ["", "northshire/reviews", "northshire/reviews/whole/2021-22-q4/x",
                                 "northshire/reviews/whole/2021-22-q4/9"])  # fmt: skip
def test_figure_key_when_it_names_none_then_said_how_to_write_it(pack, key: str) -> None:
    with pytest.raises(WrongState, match="partnership/indicator/whole"):
        figure_by_key(key)


def test_restated_list_when_its_reason_is_redacted_then_the_frozen_list_says_so(pack, people, measure) -> None:
    first = Figure.objects.get()
    fix = b.a_restatement(first.in_return, [measure.series], reason="Mrs Elm told us the count was wrong.")
    b.keep(fix, {measure.series: replace(b.a_cell(Decimal(30), Decimal(40)), commentary="30 of 40")})
    for step in (b.submit, b.sign_off, b.accept):
        step(fix)
    later = create_pack(
        partnership=pack.partnership,
        draft=PackDraft(title="Again", body="Board", meeting_on=date(2022, 9, 7), audience="board",
                        choices=[(first.in_return.round.scorecard, first.period)]),
        by=people[0], at=b.NOW,
    )  # fmt: skip
    publish_pack(pack=later, version=later.version, by=people[0], at=b.NOW)
    assert "Mrs Elm" in everything_stored()
    redact(partnership=pack.partnership, cause=cause(people), at=b.NOW,
           texts=[Text.objects.get(body__startswith="Mrs Elm")])  # fmt: skip
    assert "Mrs Elm" not in everything_stored()
    found = {(v.pack, v.table): v.finding for v in verified_packs()}
    assert found[(later.code, "restated")] is Finding.REDACTED
    assert Finding.BROKEN not in found.values()


def test_command_when_run_then_it_redacts_and_otherwise_says_why_not(pack, people, capsys) -> None:
    given = ["redact", "northshire", "--cause=personal_data", "--reason=It tells who she is", "--reference=DPO-7",
             f"--first-person={people[0].email}"]  # fmt: skip
    sha = digest(NAMED.encode())
    with pytest.raises(CommandError, match="none such"):
        call_command(*given, "--second-person=nobody@example.org", f"--text={sha}")
    with pytest.raises(CommandError, match="Two different people"):
        call_command(*given, f"--second-person={people[0].email}", f"--text={sha}")
    call_command(*given, f"--second-person={people[1].email}", f"--text={sha}")
    assert "1 texts" in capsys.readouterr().out
    assert "Elm House" not in everything_stored()
