"""The risk register: the list with its matrix, one risk with its scores, and what people do with them."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from finance.views.files import csv_file, download
from finance.views.tables import drawn
from indicators.envelope import keeps_typed, sent_or_kept
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.phrases import listed
from indicators.roles import Permission
from indicators.views.addresses import indicator_url
from partnership.forms.risks import ChangeRiskForm, CloseForm, RiskFilter, RiskForm, ScoreForm
from partnership.risk_scores import SCALE, Score, counted, matrix
from partnership.risk_table import RISKS_TABLE, SCORES_TABLE, RiskRow
from partnership.selectors.risks import risk_row, risks_of, ties_for
from partnership.views.governance_siblings import siblings
from partnership.views.plan_forms import form_page, may
from partnership.views.plan_steps import METHODS
from partnership.views.plans import page_of, papers_of

_WORDS = {"up": "up", "down": "down", "same": "unchanged", "new": "scored once", "unscored": "not scored yet"}


def address_in(slug: str) -> Callable[..., str]:
    """Addresses of other pages of the partnership."""

    def address(name: str, *args: Any) -> str:
        return reverse(name, args=[slug, *args])

    return address


def _rows(request: HttpRequest, partnership: Partnership, code: str = "") -> list[RiskRow]:
    return risks_of(
        partnership, access=request.access, today=request.today, now=request.now,  # type: ignore[attr-defined]
        address=address_in(partnership.slug), code=code,
    )  # fmt: skip


def _chosen(form: RiskFilter, rows: Sequence[RiskRow]) -> list[RiskRow]:
    asked = form.cleaned_data if form.is_valid() else {}
    show, body = asked.get("show", ""), asked.get("body", "")
    found = [row for row in rows if show == "all" or (row.closed_on is not None) == (show == "closed")]
    found = [row for row in found if not body or row.body == body]
    if asked.get("likelihood") and asked.get("impact"):
        score = Score(asked["likelihood"], asked["impact"])
        when = asked.get("when") or "after"
        found = [row for row in found if row.now and getattr(row.now, when) == score]
    return found


def _filtered(request: HttpRequest, partnership: Partnership) -> tuple[RiskFilter, list[RiskRow], list[RiskRow]]:
    rows = _rows(request, partnership)
    form = RiskFilter(request.GET, bodies=sorted({row.body for row in rows if row.body}))
    return form, rows, _chosen(form, rows)


def _matrix(rows: Sequence[RiskRow], when: str) -> list[dict[str, Any]]:
    """The rows of the matrix: likelihood, and for each impact how many open risks stand there, with their address."""
    scores = [(row.code, getattr(row.now, when)) for row in rows if row.now]
    drawn_rows = []
    for cells in matrix(scores):
        drawn_rows.append({"likelihood": cells[0].score.likelihood, "cells": [_cell(cell, when) for cell in cells]})
    return drawn_rows


def _cell(cell: Any, when: str) -> dict[str, Any]:
    asked = {"when": when, "likelihood": cell.score.likelihood, "impact": cell.score.impact}
    return {"number": len(cell.codes), "score": cell.score, "url": f"?{urlencode(asked)}"}


def _lead(rows: Sequence[RiskRow]) -> str:
    if not rows:
        return ""
    told = [f"{number} {_WORDS[code]}" for code, number in counted(row.moved for row in rows).items() if number]
    noun = "1 open risk" if len(rows) == 1 else f"{len(rows)} open risks"
    return f"{noun}: {listed(told)}."


@require_safe
@requires(Permission.VIEW_APPROVED)
def risks(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The risk register: how the open risks moved, where they stand, and each of them."""
    form, rows, chosen = _filtered(request, partnership)
    page = page_of(request, chosen)
    table = drawn(
        RISKS_TABLE, page.object_list, caption="Risks", numbers={"before", "after"}, css="risks-t",
        links=lambda row: {"risk": reverse("risk", args=[partnership.slug, row.code])},
    )  # fmt: skip
    opened = [row for row in rows if row.closed_on is None]
    query = request.GET.urlencode()
    file = reverse("risks_csv", args=[partnership.slug]) + (f"?{query}" if query else "")
    scored = [row for row in opened if row.now]
    context = {
        "form": form,
        "lead": _lead(opened),
        "page": page,
        "table": table if chosen else None,
        "has_any": bool(rows),
        "scale": SCALE,
        "matrices": [
            {"name": "Before anything is done", "rows": _matrix(scored, "before")},
            {"name": "After what is done", "rows": _matrix(scored, "after")},
        ]
        if scored
        else [],
        "may_add": may(request, Permission.MANAGE_PLANS),
        "siblings": siblings(partnership, "risks"),
        "downloads": download(request, file, "Risks") if chosen else [],
        "papers": papers_of(page.object_list),
    }
    return render(request, "governance/risks.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def risks_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The chosen risks as a file."""
    _, _, chosen = _filtered(request, partnership)
    return csv_file(request, "risks.csv", RISKS_TABLE.header, RISKS_TABLE.csv_rows(chosen))


def _asked(request: HttpRequest, partnership: Partnership, code: str) -> RiskRow:
    rows = _rows(request, partnership, code)
    if not rows:
        raise Http404("There is no such risk.")
    return rows[0]


@require_safe
@requires(Permission.VIEW_APPROVED)
def risk(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A risk: cause, effect, owner, its scores with their movement, and what it is tied to."""
    row, here = _asked(request, partnership, code), [partnership.slug, code]
    names = ("risk_score", "risk_change", "risk_close")
    context = {
        "row": row,
        "scores": drawn(SCORES_TABLE, row.scores, caption="Scores, the latest last", numbers={"before", "after"})
        if row.scores
        else None,
        "measures": [{"url": indicator_url(partnership.slug, m.code), "words": m.words} for m in row.measures],
        "may_change": may(request, Permission.MANAGE_PLANS) and row.closed_on is None,
        "here": {name: reverse(name, args=here) for name in names},
        "downloads": download(request, reverse("risk_csv", args=here), "Scores") if row.scores else [],
        "papers": papers_of([row]),
    }
    return render(request, "governance/risk.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def risk_csv(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """The scores of a risk as a file."""
    row = _asked(request, partnership, code)
    return csv_file(request, f"risk-{code}.csv", SCORES_TABLE.header, SCORES_TABLE.csv_rows(row.scores))


# Steps


def _stored(partnership: Partnership, code: str) -> Any:
    found = risk_row(partnership, code)
    if found is None:
        raise Http404("There is no such risk.")
    return found


def _tied(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    return {
        "partnership": partnership,
        "today": request.today,  # type: ignore[attr-defined]
        "ties": ties_for(partnership, request.access, request.now),  # type: ignore[attr-defined]
        "sees_protected": may(request, Permission.VIEW_PROTECTED),
    }


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def risk_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Puts a risk on the register."""
    form = RiskForm(sent_or_kept(request), **_tied(request, partnership))
    return form_page(
        request, form, title="Add a risk", button="Add the risk",
        back=(reverse("risks", args=[partnership.slug]), "Risk register"), done="The risk is added. Score it now.",
        to=lambda made: reverse("risk", args=[partnership.slug, made.code]),
    )  # fmt: skip


def _back(partnership: Partnership, row: Any) -> tuple[str, str]:
    return reverse("risk", args=[partnership.slug, row.code]), row.title


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def risk_change(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Changes who answers for a risk and what it is tied to."""
    row = _stored(partnership, code)
    form = ChangeRiskForm(sent_or_kept(request), risk=row, **_tied(request, partnership))
    return form_page(
        request, form, title="Change owner and ties", button="Save the change", back=_back(partnership, row),
        done="The risk is changed.", said=row.title,
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def risk_score(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Scores a risk, before and after what is done about it."""
    row = _stored(partnership, code)
    form = ScoreForm(sent_or_kept(request), risk=row, today=request.today)  # type: ignore[attr-defined]
    return form_page(
        request, form, title="Score the risk", button="Record the scores", back=_back(partnership, row),
        done="The scores are recorded. Those before stay.", said=row.title,
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def risk_close(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Closes a risk."""
    row = _stored(partnership, code)
    form = CloseForm(sent_or_kept(request), risk=row, today=request.today)  # type: ignore[attr-defined]
    return form_page(
        request, form, title="Close the risk", button="Close it", back=_back(partnership, row),
        done="The risk is closed. Its scores stay.", said=row.title,
    )  # fmt: skip
