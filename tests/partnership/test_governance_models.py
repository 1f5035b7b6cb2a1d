"""What the database refuses of governance: one bad row for every unique and check constraint."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from partnership.models import Inspection, Pack, StoredDocument
from tests import builders as b
from tests.indicators.test_models import is_of_governance, named_by
from tests.partnership import governance_world

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2001, 1, 1), date(2999, 1, 1)
# What of a sound row has to be changed for the database to refuse it.
BAD: dict[str, dict[str, Any]] = {
    "body_ends_after_start": {"until_on": BEFORE, "from_on": AFTER},
    "body_version_quorum_share": {"quorum_one_in": 0},
    "body_succession_between_two": {"successor": models.F("predecessor")},
    "reporting_line_between_two": {"upper": models.F("lower")},
    "reporting_line_ends_after_start": {"until_on": BEFORE, "from_on": AFTER},
    "seat_ends_after_start": {"until_on": BEFORE, "from_on": AFTER},
    "seat_holding_ends_after_start": {"until_on": BEFORE, "from_on": AFTER},
    "agenda_item_exempt_says_why": {"is_exempt": True, "exempt_paragraph": 3, "exempt_interest": ""},
    "public_statement_five_at_most": {"order": 6},
    "public_statement_name_has_an_end": {"speaker": "Somebody", "speaker_until": None},
    "resolution_votes_together": {"votes_for": 3, "votes_against": None, "by_consent": None},
    "resolution_by_consent_or_vote": {"votes_for": 3, "votes_against": 1, "by_consent": True},
    "resolution_was_carried": {"votes_for": 1, "votes_against": 3, "by_consent": None},
    "resolution_recommendation_has_a_clock": {"kind": "recommended", "response_due_on": None},
    "escalation_rule_one_period_at_least": {"periods_outside": 0},
    "escalation_rule_time_to_answer": {"answer_working_days": 0},
    "exception_step_says_why": {"kind": "declined", "reason": None},
    "exception_answer_names_the_cause": {"kind": "answered", "cause": None},
    "action_has_an_owner": {"owner_role": ""},
    "action_closed_with_evidence": {"kind": "closed", "evidence": None},
    "action_changed_with_reason": {"kind": "reopened", "text": None},
    "citation_is_of_one_thing": {"action": None},
    "work_item_expected_in_order": {"expected_from": AFTER, "expected_by": BEFORE},
    "work_item_withdrawn_says_why": {"withdrawn_on": BEFORE, "withdrawn_reason": ""},
    "plan_action_ended_says_why": {"ended_on": BEFORE, "ended_reason": ""},
    "plan_complete_with_evidence": {"brag": "blue", "evidence": None},
    "risk_closed_says_why": {"closed_on": BEFORE, "closed_reason": ""},
    "risk_score_one_to_five": {"impact_after": 6},
    "alert_subscription_mails_from_a_moment": {"digest": "never", "mail_from": b.NOW},
    "inspection_withdrawn_says_why_and_by_whom": {"withdrawn_on": BEFORE, "withdrawn_reason": ""},
    "search_entry_text_or_raw": {"raw": "both"},
    "template_section_implications_have_an_owner": {"kind": "text", "owner_role": "Solicitor"},
}
# What a copy of a sound row must hold for a unique constraint to be asked that not every row is asked.
ASKED: dict[str, dict[str, Any]] = {
    "seat_holding_unique": {"until_on": AFTER},
    "seat_holding_one_at_a_time": {"until_on": None},
    "alert_rating_once": {"because": "new", "kind": "rating"},
    "alert_cause_once": {"because": "new", "kind": "cause"},
    "alert_assurance_once": {"because": "new", "kind": "assurance"},
    "alert_overdue_once": {"kind": "overdue", "expected_on": AFTER},
    "attendance_one_in_the_chair": {"took_chair": True, "seat": None},
}
# What the copy alone must hold.
COPIED: dict[str, dict[str, Any]] = {
    "attendance_order_unique": {"seat_id": None},
    "pack_document_edition_unique": {"document_id": 10_000},
    "paper_issue_number_unique": {"word_id": 10_000},
}


def governance_models() -> Iterator[type[models.Model]]:
    return (m for m in apps.get_app_config("partnership").get_models() if is_of_governance(m))


def refused(name: str) -> Any:
    return pytest.raises(IntegrityError, match="|".join(named_by(name)))


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value + 1_000
    return value + timedelta(days=400) if isinstance(value, date) else f"{value}-2"[-20:]


def copy_of(row: models.Model, constraint: UniqueConstraint) -> dict[str, Any]:
    """The columns of a row again, apart from those that other unique constraints would refuse."""
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    for rival in row._meta.constraints:
        if isinstance(rival, UniqueConstraint) and rival != constraint:
            free = [name for name in rival.fields if name not in constraint.fields and name in kept]
            if free:
                kept[free[-1]] = other(kept[free[-1]])
    return kept


@pytest.fixture
def world() -> None:
    people = b.the_people()
    b.an_indicator()
    governance_world.everything(people)


def test_constraints_of_governance_when_broken_then_the_database_refuses_each(world: None) -> None:
    checks = {c.name: m for m in governance_models() for c in m._meta.constraints if isinstance(c, CheckConstraint)}
    both = {"paper_is_a_pack_or_a_file": {"pack": Pack.objects.get(), "document": StoredDocument.objects.get()}}
    changes = BAD | both
    assert set(changes) == {name for name in checks if not name.endswith("_typed_or_printed")}
    with b.unprotected():
        for name, model in checks.items():
            rows = model._default_manager.order_by("pk")
            assert rows.exists(), model
            bad = changes.get(name, {"by": None, "source": None})
            with refused(name), transaction.atomic():
                rows.filter(pk=rows.first().pk).update(**bad)
        for model in governance_models():
            row = model._default_manager.order_by("pk").first()
            assert row is not None, model
            for constraint in (c for c in model._meta.constraints if isinstance(c, UniqueConstraint)):
                asked = ASKED.get(constraint.name, {})
                model._default_manager.filter(pk=row.pk).update(**asked)
                row.refresh_from_db()
                with refused(constraint.name), transaction.atomic():
                    model(**copy_of(row, constraint) | COPIED.get(constraint.name, {})).save(force_insert=True)
        connection.check_constraints()


def test_ordering_of_inspections_when_one_has_no_day_then_it_comes_first(world: None) -> None:
    dated = Inspection.objects.get()
    undated = Inspection.objects.create(
        partnership=dated.partnership, code="earlier", title="Earlier", inspectorate="Ofsted", on=None, by=dated.by,
        actor="Clerk", at=b.NOW,
    )  # fmt: skip
    assert list(Inspection.objects.all()) == [undated, dated]
