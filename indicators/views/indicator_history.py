"""What an indicator's page tells of its figures beside the figures: the rating explained, what its data wait for, and
what was put in place of something that had been reported."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from indicators.as_at import london_day
from indicators.committee_table import COMMITTEE_TABLE
from indicators.data_issues import is_overdue
from indicators.explanation import Accepted, Ruling, explain
from indicators.selectors.history import approved_changes
from indicators.selectors.indicators import IndicatorView, Revision
from indicators.views.indicator_texts import Reader


def explained(view: IndicatorView) -> dict[str, Any]:
    """Why the figure of the page's period has its rating: rule, and pairs of a word and what it stands for."""
    row = view.row
    places = COMMITTEE_TABLE.values(row)["places"]
    target = view.target
    ruling = Ruling(target.number, target.valid_from.label, target.authority) if target else None
    found = explain(row, counts=view.version.counts, places=places, ruling=ruling, accepted=_accepted(view))
    return {"rule": found.rule, "items": [{"key": key, "value": value} for key, value in found.items]}


def _accepted(view: IndicatorView) -> Accepted | None:
    """The approval of the figure; none where it is a total of several."""
    wanted = view.row.held.figure_id if view.row.held else None
    figure = next((r.figure for r in view.revisions if wanted is not None and r.figure.pk == wanted), None)
    if figure is None:
        return None
    approval = figure.approval
    is_paper = approval.by_id is None
    return Accepted(approval.actor, figure.known_on if is_paper else london_day(approval.at), is_paper)


def issue_lines(view: IndicatorView, today: date) -> list[dict[str, Any]]:
    """The open issues of the data behind the indicator; where there is no number because of them, it waits for them."""
    is_waiting = bool(view.row.issues)
    return [
        {
            "label": "Waits for" if is_waiting else "Open issue of the data",
            "words": issue.words,
            "owner": issue.owner,
            "is_overdue": is_overdue(issue.expected_on, today),
        }
        for issue in view.issues
    ]


def changed_figures(view: IndicatorView, read: Reader) -> list[dict[str, Any]]:
    """Every change of a figure that had been approved before, the latest period and the latest change first."""
    return [
        {"label": label, "what": read(change.what), "more": [read(said) for said in change.sentences[1:]]}
        for label, changes in _changes(view)
        for change in reversed(changes)
    ]


def _changes(view: IndicatorView) -> Iterator[tuple[str, Any]]:
    def period_of(revision: Revision) -> str:
        slug: str = revision.figure.period.slug
        return slug

    for _, group in groupby(view.revisions, key=period_of):
        revisions = sorted(group, key=lambda r: r.figure.revision)
        if len(revisions) > 1:
            yield revisions[0].figure.period.label, approved_changes(revisions)
