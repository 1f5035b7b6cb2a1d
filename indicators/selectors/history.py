"""Reads the revisions of figures as history tells them: the approved ones for everybody, those of a return for who may
read it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.history import Change, Decision, Told, changes, moment_words
from indicators.measurement import CONFIDENCE_WORDS, CORRECTION_WORDS, FLAG_WORDS, Confidence, Correction, Flag
from indicators.models import Figure, Return, ReturnTransition
from indicators.operations.returns import DueLine, lines_due
from indicators.scorecard import ScorecardRow, build_row
from indicators.selectors.protected import protected_series
from indicators.selectors.scorecards import held_of, line_of, period_of
from indicators.working_days import day_words

Action = ReturnTransition.Action
_DECISIONS = {
    Action.SIGNED_OFF: "Signed off for the partner",
    Action.RETURNED: "Sent back",
    Action.APPROVED: "Approved",
}

_DAYS = ("expected_on", "as_at_on", "extracted_on")


@dataclass(frozen=True)
class FigureHistory:
    """The revisions of one figure that a return brought, told against what stood before."""

    code: str
    slice: str
    name: str
    changes: tuple[Change, ...]


def told(figure: Figure, row: ScorecardRow, decisions: Iterable[Decision] = (), *, is_approved: bool) -> Told:
    """A stored revision with the row it makes; headline, commentary, keep_reason, reason and in_return go with it."""
    texts = {name: getattr(figure, name) for name in ("headline", "commentary", "keep_reason")}
    details = {name: text.body if text else "" for name, text in texts.items()}
    plain = ("confidence_reason", "validation_task", "responsible_role", "source_system")
    details |= {name: getattr(figure, name) for name in plain}
    details |= {name: day_words(day) if (day := getattr(figure, name)) else "" for name in _DAYS}
    details["flags"] = ", ".join(FLAG_WORDS[Flag(letter)].lower() for letter in figure.flags.split())
    details["confidence"] = CONFIDENCE_WORDS[Confidence(figure.confidence)].lower() if figure.confidence else ""
    correction = figure.in_return.correction if figure.in_return else ""
    is_paper = figure.recorded_by_id is None
    return Told(
        revision=figure.revision,
        row=row,
        actor=figure.actor,
        when=f"known since {day_words(figure.known_on)}" if is_paper else moment_words(figure.recorded_at),
        is_paper=is_paper,
        category=CORRECTION_WORDS[Correction(correction)] if correction else "",
        why=figure.reason.body if figure.reason else "",
        details=details,
        decisions=tuple(decisions),
        is_approved=is_approved,
    )


def approved_changes(revisions: Sequence[Any]) -> tuple[Change, ...]:
    """Approved revisions of one figure (each with figure and row), first to last: only what was put in place of
    something that had been approved. No query where approval and texts are selected with the figures."""
    told_of = []
    for revision in revisions:
        approval = revision.figure.approval
        decision = Decision("Approved", approval.actor, moment_words(approval.at))
        told_of.append(told(revision.figure, revision.row, [decision], is_approved=True))
    return changes(told_of)[1:]


def withheld_in_history(row: Return) -> frozenset[int]:
    """The series (ids) of a return that were submitted in it and are for the board alone. Six queries."""
    brought = set(Figure.objects.filter(in_return=row).values_list("series", flat=True))
    return protected_series(due for due in lines_due(row) if due.line.series_id in brought)


def history_of(row: Return, *, without: Collection[int] = ()) -> list[FigureHistory]:
    """Every figure that was submitted in a return, with all its revisions, approved or not, `without` those of some
    series (ids); in the order of the lines. Six queries, whatever the number of lines or revisions."""
    due = {d.line.series_id: d for d in lines_due(row) if d.line.series_id not in without}
    figures = (
        Figure.objects.filter(series__in=Figure.objects.filter(in_return=row).values("series"), period=row.round.period)
        .select_related("period", "source", "headline", "commentary", "keep_reason", "reason", "in_return", "approval")
        .order_by("series_id", "revision")
    )
    by_series: dict[int, list[Figure]] = {}
    for figure in figures:
        by_series.setdefault(figure.series_id, []).append(figure)
    steps = list(row.transitions.select_related("comment").order_by("pk"))
    return [
        FigureHistory(*_key(d), d.name, _changes_in(row, d, by_series[pk], steps))
        for pk, d in due.items()
        if pk in by_series
    ]


def _key(due: DueLine) -> tuple[str, str]:
    return due.line.series.indicator.code, due.line.series.slice.key


def _changes_in(
    row: Return, due: DueLine, figures: Sequence[Figure], steps: Sequence[ReturnTransition]
) -> tuple[Change, ...]:
    """The revisions of this return, the first of them told against what stood before it."""
    mine = [figure for figure in figures if figure.in_return_id == row.pk]
    decided = _decisions_on(mine, steps)
    line, period = line_of(due.line, due.version, due.target), period_of(row.round.period)
    before = [figure for figure in figures if figure.revision < mine[0].revision][-1:]
    told_of = [
        told(
            figure,
            build_row(line, period, {period.slug: held_of(figure)}),
            decided.get(figure.pk, ()),
            is_approved=getattr(figure, "approval", None) is not None,
        )
        for figure in (*before, *mine)
    ]
    return changes(told_of)[len(before) :]


def _decisions_on(figures: Sequence[Figure], steps: Sequence[ReturnTransition]) -> dict[int, list[Decision]]:
    """The decisions on each revision of a return: those between the submission that brought it and the one that
    brought the next."""
    submitted = [index for index, step in enumerate(steps) if step.action == Action.SUBMITTED]
    brought: list[int] = []
    for figure in figures:
        after = brought[-1] if brought else -1
        fitting = (i for i in submitted if i > after and (steps[i].at or figure.recorded_at) >= figure.recorded_at)
        brought.append(next(fitting, after))
    ends = [*brought[1:], len(steps)]
    return {
        figure.pk: [
            _decision(step) for step in steps[start + 1 : end] if step.action in _DECISIONS or step.is_taken_back
        ]
        for figure, start, end in zip(figures, brought, ends, strict=True)
    }


def _decision(step: ReturnTransition) -> Decision:
    return Decision(
        words=step.words if step.is_taken_back else _DECISIONS[Action(step.action)],
        actor=f"{step.actor}, as deputy," if step.as_deputy else step.actor,
        when=moment_words(step.at) if step.at else "",
        comment=step.comment.body if step.comment else "",
    )
