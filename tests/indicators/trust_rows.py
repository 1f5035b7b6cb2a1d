"""Rows of what trust rests on (relief, calendar, quality, audit, published tables, packs): good ones to stand on, one
bad one for each constraint, and good ones that come near."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from finance.models import ProjectionRun
from indicators.models import (
    AuditEvent,
    DataIssue,
    DeadlineRule,
    DisclosurePolicy,
    DueDateChange,
    Invitation,
    LockException,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
    Redaction,
    Relief,
    ReliefEnd,
    ReminderSent,
    ReportCheck,
    SingleSignOn,
    StatedSummary,
    StatutoryReturn,
    User,
)
from partnership.models import (
    Installation,
    Pack,
    PackChoice,
    PackEvent,
    PackReason,
    PackRun,
    PackTable,
    PassageDecision,
    Region,
    RowLeftOut,
)
from tests import builders as b
from tests.finance.money_world import everything_protected

YESTERDAY = b.TODAY - timedelta(days=1)
SHA = "0" * 64


def a_rule(w: Any, **changes: Any) -> DeadlineRule:
    values = {"scorecard": w.scorecard, "working_days": 10, "authority": "Agreement", "from_on": b.LONG_AGO} | changes
    return DeadlineRule(**values)


def an_exception(w: Any, **changes: Any) -> LockException:
    values = {
        "round": w.round, "user": w.people.analyst, "from_on": b.TODAY, "until_on": b.TODAY, "reason": "Late records",
        "by": w.people.acceptor, "actor": "Council", "at": b.NOW,
    } | changes  # fmt: skip
    return LockException(**values)


def a_reminder(w: Any, **changes: Any) -> ReminderSent:
    values = {"in_return": w.row, "user": w.people.analyst, "kind": "due", "on": b.TODAY, "at": b.NOW} | changes
    return ReminderSent(**values)


def a_due_date_change(w: Any, **changes: Any) -> DueDateChange:
    values = {"round": w.round, "after": b.TODAY, "reason": "Bank holiday", "by": w.people.acceptor, "at": b.NOW}
    return DueDateChange(**values | changes)


def a_statutory_return(w: Any, **changes: Any) -> StatutoryReturn:
    return StatutoryReturn(**{"partnership": w.partnership, "code": "903", "name": "SSDA903"} | changes)


def an_issue(w: Any, **changes: Any) -> DataIssue:
    return DataIssue(**{"partnership": w.partnership, "code": "plans", "title": "Plans not recorded"} | changes)


def a_check(w: Any, **changes: Any) -> ReportCheck:
    values = {"partnership": w.partnership, "code": "checked", "report": "003", "places": [], "order": 1} | changes
    return ReportCheck(**values)


def a_relief(w: Any, **changes: Any) -> Relief:
    values = {
        "line": w.measure.line, "number": 2, "from_period": w.period, "until_period": w.period, "ends_on": b.TODAY,
        "authority": "Decision of the board", "approved_by": "Chair", "reason": "Courts closed",
        "recorded_by": w.people.acceptor, "actor": "Council", "recorded_at": b.NOW, "known_on": b.TODAY,
    } | changes  # fmt: skip
    return Relief(**values)


def a_summary(w: Any, **changes: Any) -> StatedSummary:
    values = {
        "scorecard": w.scorecard, "period": w.empty, "targets": 39, "suspended": 4, "annual": 2, "better": 21,
        "within": 6, "outside": 6, "source": w.source, "paragraph": "50",
    } | changes  # fmt: skip
    return StatedSummary(**values)


def a_table(w: Any, **changes: Any) -> PublishedTable:
    values = {
        "partnership": w.partnership, "kind": "scorecard", "scorecard": w.scorecard, "period": w.period,
        "label": "Contract, Q4", "audience": "board", "format_version": 1, "header": ["value"], "sha256": SHA,
    } | changes  # fmt: skip
    return PublishedTable(**values)


def a_row(w: Any, **changes: Any) -> PublishedRow:
    return PublishedRow(**{"table": w.table, "order": 2, "key": "a/b", "cells": ["85"], "facts": {}} | changes)


def a_redaction(w: Any, **changes: Any) -> Redaction:
    values = {
        "partnership": w.partnership, "cause": "disclosure", "reason": "It names a child.", "reference": "DPO-1",
        "first_person": w.people.acceptor, "second_person": w.people.acceptor_deputy, "at": b.NOW, "what": "a/b",
        "former_sha256": SHA,
    } | changes  # fmt: skip
    return Redaction(**values)


def a_pack(w: Any, **changes: Any) -> Pack:
    values = {
        "partnership": w.partnership, "code": "july", "title": "July", "body": "Board", "meeting_on": b.TODAY,
        "audience": "board",
    } | changes  # fmt: skip
    return Pack(**values)


def a_policy(w: Any, **changes: Any) -> DisclosurePolicy:
    values = {
        "partnership": w.partnership, "number": 1, "valid_from": b.TODAY, "threshold": 6, "small_group": 10,
        "zero_discloses": True, "shows_value_only": False, "rounding_base": 5, "counts": ["children"],
        "authority": "Board", "actor": "Council", "at": b.NOW,
    } | changes  # fmt: skip
    return DisclosurePolicy(**values)


def a_decision(w: Any) -> PassageDecision:
    return PassageDecision(
        pack=w.pack, passage=SHA, decision="publish", reason="Nobody", by=w.people.acceptor, actor="Council", at=b.NOW
    )


def a_row_left_out(w: Any) -> RowLeftOut:
    return RowLeftOut(
        pack=w.pack, table="contract-2021-22-q4", indicator="contract-1", name="One", reason="Small",
        by=w.people.acceptor, actor="Council", at=b.NOW,
    )  # fmt: skip


def an_invitation(w: Any, **changes: Any) -> Invitation:
    values = {
        "user": w.people.acceptor, "partnership": w.partnership, "at": b.NOW, "ends_at": b.NOW, "secret_sha256": SHA,
    } | changes  # fmt: skip
    return Invitation(**values)


def a_sign_on(w: Any, **changes: Any) -> SingleSignOn:
    values = {"user": w.people.acceptor, "issuer": "https://id.example.org", "subject": "one", "at": b.NOW} | changes
    return SingleSignOn(**values)


def an_event(w: Any, **changes: Any) -> PackEvent:
    return PackEvent(**{"pack": w.pack, "action": "created", "actor": "Council", "at": b.NOW} | changes)


def prepare(w: Any) -> None:
    """One good row of each kind. `w.pack` is being put together, `w.told` is published."""
    a_rule(w).save()
    a_reminder(w).save()
    a_statutory_return(w).save()
    an_issue(w).save()
    a_check(w).save()
    w.relief = a_relief(w, number=1)
    w.relief.save()
    ReliefEnd.objects.create(
        relief=w.relief, on=b.TODAY, reason="Courts open", recorded_by=w.people.acceptor, actor="Council",
        recorded_at=b.NOW,
    )  # fmt: skip
    a_summary(w, period=w.period).save()
    AuditEvent.objects.create(partnership=w.partnership, kind="signed_in", what="Signed in", at=b.NOW)
    a_redaction(w).save()
    w.table, w.other_table = a_table(w), a_table(w)
    w.table.save()
    w.other_table.save()
    a_row(w, order=1).save()
    PublishedFigure.objects.create(table=w.table, figure=w.figure)
    Installation.objects.create(kind="demo", marked_at=b.NOW)
    w.pack, w.told = a_pack(w), a_pack(w, code="june")
    w.pack.save()
    w.told.supersedes = w.pack
    w.told.save()
    PackChoice.objects.create(pack=w.pack, scorecard=w.scorecard, period=w.period, order=1)
    PackReason.objects.create(
        pack=w.pack, point="missing", reason="Known", by=w.people.acceptor, actor="Council", at=b.NOW
    )
    PackTable.objects.create(pack=w.pack, order=1, code="contract", table=w.table)
    a_policy(w).save()
    a_decision(w).save()
    a_row_left_out(w).save()
    an_invitation(w).save()
    a_sign_on(w).save()
    Region(code="north", name="North").save()
    an_event(w, pack=w.told, action="published", manifest={}).save()


def _a_run_again(w: Any) -> PackRun:
    """A kept result of a projection that the pack has already."""
    everything_protected(w.partnership, w.people)
    run = ProjectionRun.objects.get()
    PackRun.objects.create(pack=w.pack, run=run, order=1)
    return PackRun(pack=w.pack, run=run, order=2)


BAD_TRUST: list[tuple[str, str, Any]] = [
    # calendar
    ("deadline_rule_one_at_a_time", "two rules at once", lambda w: a_rule(w, from_on=b.TODAY)),
    (
        "deadline_rule_ends_after_start",
        "a rule that ends before it starts",
        lambda w: a_rule(w, from_on=b.TODAY, until_on=YESTERDAY),
    ),
    (
        "lock_exception_ends_after_start",
        "an exception until the day before it begins",
        lambda w: an_exception(w, until_on=YESTERDAY),
    ),
    ("reminder_once_a_day", "the same reminder twice a day", lambda w: a_reminder(w)),
    ("due_date_change_says_why", "a due date moved without a reason", lambda w: a_due_date_change(w, reason="")),
    # quality
    ("statutory_return_code_unique", "the same statutory return twice", lambda w: a_statutory_return(w)),
    (
        "statutory_return_closes_after_it_opens",
        "a window that closes before it opens",
        lambda w: a_statutory_return(w, code="cin", opens_on=b.TODAY, closes_on=YESTERDAY),
    ),
    ("data_issue_code_unique", "the same issue twice", lambda w: an_issue(w)),
    (
        "data_issue_cleared_says_how",
        "an issue that is cleared nobody knows how",
        lambda w: an_issue(w, code="visits", cleared_on=b.TODAY),
    ),
    (
        "data_issue_cleared_says_how",
        "an issue that is cleared before it is found",
        lambda w: an_issue(w, code="visits", cleared_on=YESTERDAY, found_on=b.TODAY, how_cleared="Typed in"),
    ),
    ("report_check_code_unique", "the same check of a paper twice", lambda w: a_check(w)),
    # relief
    ("relief_number_unique", "the same number of a relief twice", lambda w: a_relief(w, number=1)),
    (
        "relief_ends_after_it_is_recorded",
        "relief that is over before it is recorded",
        lambda w: a_relief(w, ends_on=YESTERDAY),
    ),
    (
        "indicators_reliefend.relief",
        "relief that is ended twice",
        lambda w: ReliefEnd(
            relief=w.relief, on=b.TODAY, reason="Again", recorded_by=w.people.acceptor, recorded_at=b.NOW
        ),
    ),
    # stated summaries
    ("stated_summary_unique", "the same summary of one paper twice", lambda w: a_summary(w, period=w.period)),
    ("stated_summary_adds_up", "a summary whose parts are one short", lambda w: a_summary(w, outside=5)),
    ("stated_summary_adds_up", "a summary whose parts are one too many", lambda w: a_summary(w, annual=3)),
    # published tables
    (
        "published_scorecard_names_its_period",
        "a scorecard of no period",
        lambda w: a_table(w, period=None),
    ),
    (
        "published_scorecard_names_its_period",
        "a table of no scorecard that says it is one",
        lambda w: a_table(w, scorecard=None),
    ),
    ("published_row_order_unique", "two rows in one place", lambda w: a_row(w, order=1)),
    (
        "published_figure_unique",
        "a revision pinned twice",
        lambda w: PublishedFigure(table=w.table, figure=w.figure),
    ),
    # audit
    (
        "redaction_by_two_people",
        "a redaction by one person",
        lambda w: a_redaction(w, second_person=w.people.acceptor),
    ),
    ("redaction_says_why", "a redaction without a reason", lambda w: a_redaction(w, reason="")),
    ("redaction_says_why", "a redaction without a reference", lambda w: a_redaction(w, reference="")),
    # packs
    ("partnership_installation.kind", "a demonstration twice", lambda w: Installation(kind="demo", marked_at=b.NOW)),
    ("pack_code_unique", "the same pack twice", lambda w: a_pack(w)),
    ("pack_replaced_by_one_a_turn", "a pack replaced by two", lambda w: a_pack(w, code="may", supersedes=w.pack)),
    (
        "pack_choice_once",
        "a scorecard chosen twice",
        lambda w: PackChoice(pack=w.pack, scorecard=w.scorecard, period=w.period, order=2),
    ),
    ("pack_run_once", "the same result in a pack twice", lambda w: _a_run_again(w)),
    (
        "pack_reason_once",
        "two reasons for one point",
        lambda w: PackReason(pack=w.pack, point="missing", reason="Again", by=w.people.acceptor, at=b.NOW),
    ),
    (
        "pack_table_order_unique",
        "two tables in one place",
        lambda w: PackTable(pack=w.pack, order=1, code="other", table=w.other_table),
    ),
    (
        "pack_table_code_unique",
        "one code for two tables",
        lambda w: PackTable(pack=w.pack, order=2, code="contract", table=w.other_table),
    ),
    (
        "partnership_packtable.table",
        "one table in a pack twice",
        lambda w: PackTable(pack=w.pack, order=2, code="other", table=w.table),
    ),
    (
        "pack_event_published_once",
        "a pack published twice",
        lambda w: an_event(w, pack=w.told, action="published", manifest={}),
    ),
    (
        "pack_event_manifest_with_publication",
        "a publication without a manifest",
        lambda w: an_event(w, action="published"),
    ),
    (
        "pack_event_manifest_with_publication",
        "a manifest without a publication",
        lambda w: an_event(w, manifest={}),
    ),
    ("pack_event_acceptance_names_its_check", "an acceptance of nothing", lambda w: an_event(w, action="accepted")),
    ("passage_decided_once", "a passage decided twice", a_decision),
    ("row_left_out_once", "a row left out twice", a_row_left_out),
    ("invitation_one_open", "two open invitations", lambda w: an_invitation(w, secret_sha256="2" * 64)),
    ("indicators_invitation.secret_sha256", "one secret twice", lambda w: an_invitation(w, user=w.people.analyst)),
    (
        "invitation_used_or_cancelled",
        "an invitation used and cancelled",
        lambda w: an_invitation(w, user=w.people.analyst, secret_sha256="3" * 64, used_at=b.NOW, cancelled_at=b.NOW),
    ),
    ("single_sign_on_one_person", "two people of one subject", lambda w: a_sign_on(w, user=w.people.analyst)),
    ("indicators_singlesignon.user", "a person with two subjects", lambda w: a_sign_on(w, subject="two")),
    (
        "indicators_user.code",
        "two people of one code",
        lambda w: User(email="x@example.org", code=w.people.analyst.code),
    ),
    ("partnership_region.code", "two regions of one code", lambda w: Region(code="north", name="Again")),
    (
        "pack_exempt_paragraphs_of_exempt_ones",
        "paragraphs of a pack for the board",
        lambda w: a_pack(w, code="may", exempt_paragraphs="1"),
    ),
    ("disclosure_policy_number_unique", "the same policy twice", a_policy),
    ("disclosure_policy_protects", "a policy that hides next to nothing", lambda w: a_policy(w, number=2, threshold=2)),
    ("pack_event_withdrawal_says_why", "a withdrawal without a reason", lambda w: an_event(w, action="withdrawn")),
    ("pack_event_held_is_of_a_withdrawal", "a reason held of nothing", lambda w: an_event(w, is_held=True)),
]

GOOD_TRUST: list[tuple[str, Any]] = [
    ("a second rule that has ended", lambda w: a_rule(w, until_on=b.LONG_AGO)),
    ("an exception of one day", lambda w: an_exception(w)),
    ("the same reminder the next day", lambda w: a_reminder(w, on=b.TODAY + timedelta(days=1))),
    ("a due date moved with a reason", lambda w: a_due_date_change(w)),
    ("a window of one day", lambda w: a_statutory_return(w, code="cin", opens_on=b.TODAY, closes_on=b.TODAY)),
    ("an issue cleared the day it was found", lambda w: an_issue(
        w, code="visits", found_on=b.TODAY, cleared_on=b.TODAY, how_cleared="Typed in")),
    ("an issue found nobody knows when", lambda w: an_issue(
        w, code="visits", cleared_on=b.TODAY, how_cleared="Typed in")),
    ("relief of one day", lambda w: a_relief(w)),
    ("a summary that adds up", lambda w: a_summary(w)),
    ("a list of what was restated", lambda w: a_table(w, kind="restated", scorecard=None, period=None)),
    ("a withdrawal with its reason", lambda w: an_event(w, action="withdrawn", reason=w.text)),
    ("a sign-in that failed, of nobody", lambda w: AuditEvent(kind="sign_in_failed", what="Sign-in", at=b.NOW)),
    ("a target with its tolerance", lambda w: w.a_target(known_on=date(2021, 9, 16), target=Decimal(85))),
]  # fmt: skip
