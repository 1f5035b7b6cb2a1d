"""Home: what a person has to do, and what the board needs to know."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from finance.selectors.waiting import waiting_for
from indicators.committee_table import COMMITTEE_TABLE
from indicators.measurement import NOT_REPORTABLE_WORDS, NotReportableCode
from indicators.models import Partnership
from indicators.not_reportable import counted
from indicators.permissions import requires
from indicators.phrases import capital, lowered
from indicators.rag import NotJudged, Rating
from indicators.rag import words as rating_words
from indicators.roles import Permission
from indicators.scorecard import Headline, ScorecardRow
from indicators.selectors.not_reportable import not_reportable
from indicators.selectors.scorecards import ScorecardView
from indicators.views.addresses import indicator_url
from partnership.models import ExceptionRequest
from partnership.selectors.alerts import following_of, listed, mine, rows_of, unread, with_names
from partnership.selectors.board import (
    OVERDUE_SHOWN,
    SinceLast,
    exceptions_of,
    next_meeting,
    overdue_actions,
    since_last,
)
from partnership.selectors.boards import BoardHome, board_home, partners_in, progress_of, work_for
from partnership.selectors.owed import owed_by
from partnership.selectors.packs import packs_of
from partnership.views.alerts import alert_url
from referrals.selectors.front_door import lead_of

PACKS_SHOWN = 3
ALERTS_SHOWN = 3


@requires(None)
def home(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The person's work first, then the latest figures as the board sees them."""
    access = request.access
    board = board_home(partnership, request.today, access=access) if access.can(Permission.VIEW_APPROVED) else None
    sees = access.can(Permission.VIEW_PROTECTED)
    returns = access.can(Permission.VIEW_RETURNS)
    progress = progress_of(partnership, request.today, sees_protected=sees) if returns else []
    packs = packs_of(partnership, access, request.now)
    context: dict[str, Any] = {
        "work": work_for(partnership, access, request.user, request.today),
        "money_waits": waiting_for(partnership, access, request.user),
        "works_on_returns": any(
            access.can(p)
            for p in (Permission.ENTER_FIGURES, Permission.ENTER_MONEY, Permission.SIGN_OFF, Permission.ACCEPT)
        ),
        "progress": progress,
        "by_partner": partners_in(progress, request.today),
        "can_export": access.can(Permission.EXPORT_APPROVED),
        "can_manage": access.can(Permission.MANAGE_PEOPLE),
        "packs": [s for s in packs if s.published][:PACKS_SHOWN],
    }
    context["number_of_work"] = len(context["work"]) + len(context["money_waits"])
    if access.can(Permission.VIEW_APPROVED):
        context["alerts"] = _alerts(request, partnership)
        context["owed"] = owed_by(partnership, access, request.user, request.today, packs=packs)
        context["number_owed"] = sum(one.number for one in context["owed"])
        overdue = overdue_actions(partnership, access, today=request.today)
        context |= {
            "next_meeting": next_meeting(
                partnership, access, request.user.pk, packs=packs, today=request.today, now=request.now
            ),
            "overdue": overdue[:OVERDUE_SHOWN],
            "number_overdue": len(overdue),
        }
    if board is not None:
        context |= _board(partnership, board, exceptions_of(partnership, access, board.cards))
        context["since_last"] = [_since(partnership, since) for since in since_last(board, packs)]
        context["front_door"] = lead_of(partnership, request.today)
        context["not_reportable"] = counted(not_reportable(partnership, today=request.today, sees_protected=sees))
    return render(request, "partnership/home.html", context)


def _alerts(request: HttpRequest, partnership: Partnership) -> list[dict[str, Any]]:
    """The latest alerts that the person follows in the app and has not read."""
    access, user_id = request.access, request.user.pk
    found = unread(mine(partnership, access, user_id, now=request.now, in_app=True), user_id)
    latest = list(with_names(listed(found, user_id))[:ALERTS_SHOWN])
    rows = rows_of(latest, following_of(partnership, access, user_id)) if latest else []
    return [{"is": row, "url": alert_url(partnership, row)} for row in rows]


Asked = dict[tuple[str, str, str, str], ExceptionRequest]


def _since(partnership: Partnership, since: SinceLast) -> dict[str, Any]:
    """What changed colour since a meeting, as the page shows it."""
    rows = [
        _item(partnership, one.card, one.row)
        | {"then": rating_words(one.then), "then_code": one.then.value, "now": rating_words(one.row.judgement.rating),
           "is_worse": one.is_worse}
        for one in since.changed
    ]  # fmt: skip
    return {"meeting": since.meeting, "compared": since.compared, "rows": rows}


def _board(partnership: Partnership, board: BoardHome, asked: Asked) -> dict[str, Any]:
    return {
        "board": board,
        "strip": [_strip_row(partnership, card) for card in board.cards],
        "strip_total": _counts(board.total) | {"name": "All"} if len(board.cards) > 1 else None,
        "outside": [_group(partnership, card, rows, asked) for card, rows in board.rows(Rating.OUTSIDE)],
        "missing": [_group(partnership, card, rows, asked) for card, rows in board.rows(Rating.NOT_JUDGED)],
        "queried": [_item(partnership, card, row) for card, row in board.queried],
        "number_outside": board.total.by_rating[Rating.OUTSIDE],
        "otherwise": _otherwise(board),
        "number_missing": board.total.by_rating[Rating.NOT_JUDGED],
        "number_without": board.total.by_rating[Rating.NOT_JUDGED] - sum(board.total.by_parts.values()),
        "by_parts": [(number, parts) for parts, number in board.total.by_parts.items()],
        "number_relieved": board.total.with_relief.get(Rating.OUTSIDE, 0),
        "number_caution": board.total.judged_with_caution,
        "source_line": "; ".join(dict.fromkeys(s for card in board.cards for s in card.sources)),
    }


# What the counted figures of `indicators.not_reportable` are; they have sentences of their own.
_SAID = frozenset({NotJudged.NOT_REPORTABLE, NotJudged.NOT_AVAILABLE})


def _otherwise(board: BoardHome) -> str:
    """The other reasons why figures cannot be judged: "2 narrative only; 1 not yet due"; empty without any."""
    rows = [row for _, rows in board.rows(Rating.NOT_JUDGED) for row in rows]
    said = Counter(
        _parts_alone(row) or lowered(rating_words(Rating.NOT_JUDGED, row.judgement.reason))
        for row in rows
        if row.judgement.reason not in _SAID
    )
    return "; ".join(f"{number} {why}" for why, number in said.items())


def _parts_alone(row: ScorecardRow) -> str:
    """That figures of shorter periods make no total, where nothing else says why."""
    return row.parts if row.judgement.reason is NotJudged.NO_FIGURE else ""


def _counts(counts: Headline) -> dict[str, Any]:
    return {
        "outside": counts.by_rating[Rating.OUTSIDE],
        "within": counts.by_rating[Rating.WITHIN],
        "better": counts.by_rating[Rating.BETTER],
        "none": counts.by_rating[Rating.NOT_JUDGED],
        "total": counts.total,
    }


def _strip_row(partnership: Partnership, card: ScorecardView) -> dict[str, Any]:
    caution = card.headline.judged_with_caution
    relief = sum(card.headline.with_relief.values())
    notes = [card.period.label]
    notes += [f"{caution} of {card.headline.judged} judged with caution"] if caution else []
    notes += [f"{relief} with agreed relief"] if relief else []
    notes += [f"{number} under no figure: {parts}" for parts, number in card.headline.by_parts.items()]
    return _counts(card.headline) | {"name": card.name, "url": _card_url(partnership, card), "note": "; ".join(notes)}


def _card_url(partnership: Partnership, card: ScorecardView) -> str:
    return f"{reverse('scorecard', args=[partnership.slug, card.code])}?period={card.period.slug}"


def _group(partnership: Partnership, card: ScorecardView, rows: list[ScorecardRow], asked: Asked) -> dict[str, Any]:
    return {
        "name": f"{card.name}, {card.period.label}",
        "total": card.headline.total,
        "rows": [
            _item(partnership, card, row)
            | {"exception": asked.get((card.code, row.line.code, row.line.slice, card.period.slug))}
            for row in rows
        ],
    }


def _code(row: ScorecardRow) -> str:
    return row.held.not_reportable_code if row.held else ""


def _item(partnership: Partnership, card: ScorecardView, row: ScorecardRow) -> dict[str, Any]:
    cells = COMMITTEE_TABLE.cells(row)
    place = {"scorecard": card.code, "period": card.period.slug}
    held, _, lacks = _parts_alone(row).partition(", ")
    return {
        "name": row.line.name,
        "url": indicator_url(partnership.slug, *row.line.key, **place),
        "cells": cells,
        "notes": cells["rating"][1:],
        "code": row.judgement.rating.value,
        "state": capital(held) or cells["rating"][0],
        "lacks": capital(lacks),
        "headline": " ".join(cells["commentary"][: len(cells["commentary"]) - bool(row.issues)]),
        "waits_for": cells["commentary"][-1] if row.issues else "",
        "reason": NOT_REPORTABLE_WORDS[NotReportableCode(code)] if (code := _code(row)) else "",
        "expected_on": row.held.expected_on if row.held else None,
        "responsible": row.held.responsible_role if row.held else "",
        "next_due_on": row.next_due_on,
        "queries": row.queries,
    }
