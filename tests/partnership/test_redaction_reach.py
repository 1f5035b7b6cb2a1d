"""What a redaction of words reaches: every column of text of every table, or a reason why not; tried on a world."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from indicators import triggers
from indicators.models import Audience, PublishedRow, Redaction
from indicators.operations import WrongState
from partnership.models import DisclosureCheck, Pack, PackDocument, PackEvent
from partnership.operations.redaction import Cause, redact
from partnership.operations.search import refresh_search
from partnership.selectors.redaction_reach import BY_COLUMN, BY_FIELD, BY_MODEL, reached, text_columns, why_not
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.partnership.meeting_world import a_whole_meeting
from tests.partnership.pack_world import a_pack, a_published_pack, accept, an_approver, publish, restate
from tests.partnership.paper_world import an_issued_paper
from tests.partnership.plans_world import a_risk

WORD = "Xerxes"
DOCS = Path(__file__).parents[2] / "docs" / "redaction.md"


def the_cause() -> Cause:
    return Cause("personal_data", "A name stood there.", "DPO 7", an_approver(), b.a_user("administrator"))


def test_columns_of_text_when_walked_then_each_is_reached_or_named_with_a_reason_that_fits() -> None:
    columns = list(text_columns())
    found = {one.name for one in reached()}  # fails for one that belongs to no partnership and is not named
    assert {f"{model.__name__}.{field.name}" for model, field in columns if not why_not(model, field)} == found
    models = {model.__name__ for model, _ in columns}
    fields = {f"{model.__name__}.{field.name}" for model, field in columns}
    assert set(BY_MODEL) <= models, "a model that is no more"
    assert set(BY_FIELD) <= fields, "a column that is no more"
    assert set(BY_COLUMN) <= {field.name for _, field in columns}
    assert {"Pack.title", "Pack.note", "Pack.body", "PackEvent.manifest", "PackReason.reason"} <= found
    assert {"Meeting.note", "Risk.cause", "Saving.note", "StoredDocument.file_name", "PublishedRow.facts"} <= found
    told = DOCS.read_text(encoding="utf-8")
    assert [name for name in sorted(found) if f"`{name}`" not in told] == []
    reasons = {*BY_MODEL.values(), *BY_FIELD.values(), *BY_COLUMN.values()}
    assert [reason for reason in reasons if reason not in told] == []


@pytest.fixture
def world(db: None) -> Pack:
    """Every text that a person may have written."""
    return all_that_is_written()


@b.kept
def all_that_is_written() -> Pack:
    """A public and a board pack with reasons, documents and a paper, a meeting with all that is said there, a risk."""
    scorecard = b.a_scorecard(2)
    cells = {line.series_id: b.a_cell(850, 1000, commentary=f"As {WORD} said.", keep_reason="Checked.")
             for line in scorecard.lines.all()}  # fmt: skip
    row = b.a_return(scorecard, state="approved", cells=cells)
    pack = a_pack(scorecard, audience=Audience.PUBLIC, title="Quarter 4", note="To be noted")
    accept(pack)
    publish(pack)
    restate(row, {scorecard.lines.first().series: b.a_cell(900, 1000, commentary="Again.", keep_reason="So.")})
    other = b.a_scorecard(1, code="other")
    b.a_return(other, state="approved")
    later = a_published_pack(other, body="Later", note="Noted", at=b.NOW + timedelta(hours=1))
    an_issued_paper(pack)
    a_whole_meeting(open_words="Said openly")
    a_risk(by=an_approver(), title="A risk", cause="A cause")
    assert later.tables.filter(code="restated").exists()
    return pack


def planted(value: Any, most: int | None) -> Any:
    """The value with the word in it; None where there is no room or nothing to add it to."""
    if isinstance(value, str) and value and (most or 99) > len(WORD) + 1:
        return f"{value[: (most or 10**6) - len(WORD) - 1]} {WORD}"
    if isinstance(value, dict):
        for name in ("title", "name", "theme", "partner", "sentence"):
            if isinstance(value.get(name), str):
                return value | {name: f"{value[name]} {WORD}"}
    return None


def plant() -> set[str]:
    """The word in one row of every column that is reached and has one; the names of the columns."""
    triggers.remove(connection)
    done = set()
    for column in reached():
        for row in column.model._default_manager.order_by("pk"):
            new = planted(getattr(row, column.field.name), column.field.max_length)
            if new is not None:
                column.model._default_manager.filter(pk=row.pk).update(**{column.field.name: new})
                done.add(column.name)
                break
    triggers.reinstall(connection)
    return done


def places_of(word: str) -> set[str]:
    """The columns of whatever table that hold the word."""
    found = set()
    for model, field in text_columns():
        for value in model._default_manager.values_list(field.name, flat=True):
            if word.lower() in (bytes(value).decode("latin-1") if field.name == "content" else str(value)).lower():
                found.add(f"{model.__name__}.{field.name}")
    return found


def test_words_when_redacted_then_they_are_nowhere_in_the_database(world: Pack) -> None:
    refresh_search(partnership=world.partnership)
    done = plant()
    assert len(done) > 40, sorted(done)
    assert done <= places_of(WORD)
    elsewhere = b.a_partnership("southshire", gss_code="E06000098")
    type(elsewhere).objects.filter(pk=elsewhere.pk).update(authority_name=f"Of {WORD}")
    removed = redact(partnership=world.partnership, cause=the_cause(), at=b.NOW, words=[WORD.upper()])
    assert removed.places >= len(done)
    assert places_of(WORD) == {"Partnership.authority_name"}, "what another partnership wrote is not ours to remove"
    elsewhere.refresh_from_db()
    assert elsewhere.authority_name == f"Of {WORD}"
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))


def test_title_and_note_of_a_published_pack_when_redacted_then_it_still_verifies_and_its_documents_are_closed(
    world: Pack,
) -> None:
    redact(partnership=world.partnership, cause=the_cause(), at=b.NOW, words=["quarter  4", "Be Noted"])
    world.refresh_from_db()
    assert (world.title, world.note) == ("[redacted]", "To [redacted]")
    manifest = PackEvent.objects.get(pack=world, action="published").manifest
    assert manifest["title"] == "[redacted]"
    assert {one.finding for one in verified_packs(world.partnership)} <= {Finding.SOUND, Finding.REDACTED}
    assert PackEvent.objects.filter(pack=world, action="redacted").exists()
    assert not PackDocument.objects.filter(pack=world, document__redaction__isnull=True).exists()
    assert Redaction.objects.filter(what=f"Pack.title {world.pk}").exists()


def test_quotes_of_a_redacted_text_in_a_check_when_the_text_goes_then_they_go_too(world: Pack) -> None:
    check = DisclosureCheck.objects.filter(pack=world).latest("pk")
    triggers.remove(connection)
    passages = [{"key": "k", "words": f"…{WORD} said…", "text": "t", "label": "l", "can_go": True}]
    DisclosureCheck.objects.filter(pk=check.pk).update(result=check.result | {"passages": passages})
    triggers.reinstall(connection)
    text = type(PublishedRow.objects.first().figure.commentary).objects.get(body=f"As {WORD} said.")
    redact(partnership=world.partnership, cause=the_cause(), at=b.NOW, texts=[text])
    check.refresh_from_db()
    assert check.result["passages"][0]["words"] == "[redacted]"


def test_words_when_too_short_then_refused(world: Pack) -> None:
    with pytest.raises(WrongState, match="at least 3"):
        redact(partnership=world.partnership, cause=the_cause(), at=b.NOW, words=["Al"])
