"""Reads inspections with judgements, ambitions, and what is owed for assurance, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from finance.selectors.register_steps import origin_of
from indicators.models import Partnership
from partnership.ambition import Grade, Judged, Promise, hold
from partnership.assurance import Cycle, Owed
from partnership.assurance_table import AssuranceRow
from partnership.inspection_table import AmbitionRow, InspectionRow, Withdrawn, day_of
from partnership.models import Ambition, AssuranceDue, AssuranceItem, Inspection, Judgement


@dataclass(frozen=True)
class Timeline:
    """Every inspection that counts, a row for each judgement, and every ambition held against them; the latest day
    comes first, what has no stated day last. `withdrawn`: those that were corrected or withdrawn, the last first."""

    rows: tuple[InspectionRow, ...]
    ambitions: tuple[AmbitionRow, ...]
    withdrawn: tuple[Withdrawn, ...] = ()

    @property
    def judgements(self) -> list[Judged]:
        """The judgements as rules take them."""
        return [one for row in self.rows if (one := row.judged) is not None]


def timeline_of(partnership: Partnership, today: date) -> Timeline:
    """Inspections and ambitions. Three queries."""
    judgements: dict[int, list[Judgement]] = {}
    for one in Judgement.objects.filter(inspection__partnership=partnership).select_related("source").order_by("order"):
        judgements.setdefault(one.inspection_id, []).append(one)
    inspections = list(Inspection.objects.filter(partnership=partnership).select_related("source"))
    inspections.sort(key=lambda one: (one.on is None, -(one.on.toordinal() if one.on else 0), one.pk))
    rows = []
    for inspection in inspections:
        own = judgements.get(inspection.pk, [])
        if inspection.withdrawn_on is not None:
            continue
        rows += [_row(inspection, one, inspection.outcome if place == 0 else "") for place, one in enumerate(own)]
        rows += [] if own else [_row(inspection, None, inspection.outcome)]
    judged = [one for row in rows if (one := row.judged) is not None]
    ambitions = Ambition.objects.filter(partnership=partnership).select_related("source").order_by("by_on")
    held = [AmbitionRow(hold(_promise(one), judged, today), origin_of(one)) for one in ambitions]
    gone = [_gone(one, judgements.get(one.pk, []), one.withdrawn_on) for one in inspections if one.withdrawn_on]
    return Timeline(tuple(rows), tuple(held), tuple(sorted(gone, key=lambda one: one.on, reverse=True)))


def _gone(inspection: Inspection, judgements: list[Judgement], on: date) -> Withdrawn:
    return Withdrawn(
        title=inspection.title,
        inspectorate=inspection.inspectorate,
        day=day_of(inspection.on, inspection.on_words),
        grades=tuple(str(one) for one in judgements),
        origin=origin_of(inspection),
        is_corrected=inspection.replaced_by_id is not None,
        on=on,
        actor=inspection.withdrawn_actor,
        reason=inspection.withdrawn_reason,
    )


def inspection_of(partnership: Partnership, code: str) -> Inspection | None:
    """The stored inspection; None for none with that code. One query."""
    found = Inspection.objects.filter(partnership=partnership, code=code)
    return found.select_related("partnership", "source").first()


def _row(inspection: Inspection, judgement: Judgement | None, outcome: str) -> InspectionRow:
    return InspectionRow(
        code=inspection.code,
        title=inspection.title,
        inspectorate=inspection.inspectorate,
        framework=inspection.framework,
        on=inspection.on,
        on_words=inspection.on_words,
        area=judgement.area if judgement else "",
        grade=Grade(judgement.grade) if judgement else None,
        is_overall=judgement.is_overall if judgement else False,
        outcome=outcome,
        origin=origin_of(judgement or inspection),
        report=inspection.report,
    )


def _promise(row: Ambition) -> Promise:
    return Promise(Grade(row.grade), row.by_on, row.by_words, row.or_better, row.authority)


def ambition_of(partnership: Partnership, by: str, grade: str) -> Ambition | None:
    """The stored ambition of that grade by that day ("2017-10-31"); None for none. One query."""
    found = Ambition.objects.filter(partnership=partnership, grade=grade)
    return next((one for one in found if one.by_on.isoformat() == by), None)


# Assurance


def assurance_of(
    partnership: Partnership, today: date, *, code: str = "", plan: int | None = None
) -> list[AssuranceRow]:
    """Everything that is owed, the day that is due first in front; of one code or one plan alone. Two queries."""
    found = AssuranceItem.objects.filter(partnership=partnership)
    found = found.filter(code=code) if code else found
    found = found.filter(plan=plan) if plan is not None else found
    items = list(found.select_related("owner_partner", "source", "plan"))
    dues: dict[int, list[AssuranceDue]] = {}
    for due in AssuranceDue.objects.filter(item__in=[item.pk for item in items]).order_by("due_on"):
        dues.setdefault(due.item_id, []).append(due)
    rows = [_assurance(item, dues.get(item.pk, []), today) for item in items]
    return sorted(rows, key=lambda row: (row.standing.due_on is None, row.standing.due_on or date.max, row.title))


def _assurance(item: AssuranceItem, dues: list[AssuranceDue], today: date) -> AssuranceRow:
    return AssuranceRow(
        code=item.code,
        kind=item.kind,
        kind_words=item.get_kind_display(),
        title=item.title,
        owner=item.owner_partner.name if item.owner_partner else "",
        owner_role=item.owner_role,
        given_to=item.given_to,
        plan=item.plan.title if item.plan else "",
        cycle=Cycle(item.every_months, item.from_on, item.until_on),
        owed=tuple(Owed(due.due_on, due.done_on, due.due_words) for due in dues),
        notes=tuple(due.note for due in dues),
        note=item.note,
        today=today,
        origin=origin_of(item),
        is_recorded_here=any(due.done_on and due.by_id for due in dues),
    )


def assurance_item(partnership: Partnership, code: str) -> AssuranceItem | None:
    """The stored item; None where there is none with that code. One query."""
    return AssuranceItem.objects.filter(partnership=partnership, code=code).select_related("partnership").first()


def last_recorded(item: AssuranceItem) -> Any:
    """The time that somebody here recorded last as done; None for none. One query."""
    return item.dues.filter(done_on__isnull=False, by__isnull=False).order_by("at", "pk").last()
