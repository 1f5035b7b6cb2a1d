"""Loads what papers say of bodies, meetings, decisions, plans and risks, from files whose columns are the models' own.

A relation is written as the natural key of what it names: the code of a body, partner or meeting, "meeting/label" of
an agenda item, "body/code" of a seat, "plan/order" of a priority, several codes joined by semicolons.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import BooleanField, DateTimeField, Field, ForeignKey, ManyToManyField, Model, TimeField

from finance.models import FundingItem, FundingProgramme
from indicators.imports import Column, FileRefused, Finding, Layout, Row
from indicators.models import (
    Figure,
    Indicator,
    Partner,
    Partnership,
    Period,
    Scorecard,
    ScorecardLine,
    SourceDocument,
    Text,
)
from indicators.operations.basics import LONDON, operation
from indicators.operations.published import Refusal
from indicators.operations.rows import Loaded
from partnership import models as m

TEXT_LENGTH = 6_000
_KINDS = {"DateField": "date", "SlugField": "slug", "PositiveSmallIntegerField": "integer",
          "PositiveIntegerField": "integer", "DecimalField": "decimal"}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A file: the model it fills, the columns that tell its rows apart, and the others.

    `owner` leads from the model to the partnership. `moves`: what operations change of a loaded row later, so that a
    second load leaves it as it stands by then; a row that a person wrote is left as a whole. `paper`: whether the rows
    name their paper in columns that the model lacks. `is_of_attendance`: whether its rows are written anew together, so
    that those of a meeting are left once a person has written them.
    """

    model: type[Model]
    owner: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    moves: frozenset[str] = frozenset()
    paper: bool = False
    is_of_attendance: bool = False

    @property
    def is_printed(self) -> bool:
        """Whether the model itself keeps the paper and the paragraph."""
        return any(field.name == "source" for field in self.model._meta.fields)

    @property
    def has_partnership(self) -> bool:
        """Whether each row names the partnership itself."""
        return self.owner == "partnership"

    def fields(self) -> list[tuple[str, Any]]:
        """Every column of the model in the file, with its field."""
        return [(name, self.model._meta.get_field(name)) for name in (*self.key, *self.columns)]


_DATED = ("from_on", "from_basis", "until_on", "until_basis")
_ENDS = frozenset({"until_on", "until_basis"})
_ANSWER = ("answer_owner", "answer_due_on", "answered_on", "answer")

# In the order of loading: each file rests only on those before it.
TABLES: dict[str, Table] = {
    "bodies": Table(m.Body, "partnership", ("code",), _DATED, _ENDS),
    "body_versions": Table(
        m.BodyVersion, "body__partnership", ("body", "number"),
        ("from_on", "name", "short_name", "kind", "organisation", "organisation_words", "is_multi_agency", "purpose",
         "chair", "frequency", "quorum_number", "quorum_one_in", "quorum_counts_vacancies", "meets_in_public"),
    ),
    "body_successions": Table(
        m.BodySuccession, "predecessor__partnership", ("predecessor", "successor"), ("on", "note")
    ),
    "reporting_lines": Table(
        m.ReportingLine, "lower__partnership", ("lower", "upper", "kind", "from_on"),
        ("from_basis", "until_on", "until_basis", "note"), _ENDS,
    ),
    "seats": Table(
        m.Seat, "body__partnership", ("body", "code"),
        ("role", "title", "organisation", "organisation_words", "votes", *_DATED), _ENDS,
    ),
    "seat_holdings": Table(
        m.SeatHolding, "seat__body__partnership", ("seat", "from_on"), ("holder", "until_on"), frozenset({"until_on"})
    ),
    "meetings": Table(
        m.Meeting, "partnership", ("code",),
        ("body", "on", "precision", "starts_at", "venue", "in_public", "state", "agenda_issued_on", "note"),
        frozenset({"on", "precision", "starts_at", "venue", "in_public", "state", "agenda_issued_on", "note"}),
    ),
    "meeting_steps": Table(
        m.MeetingStep, "meeting__partnership", ("meeting", "action"), ("at_meeting", "reason"), paper=True
    ),
    "agenda_items": Table(
        m.AgendaItem, "meeting__partnership", ("meeting", "label"),
        ("order", "kind", "title", "function", "lead_role", "earlier_meeting", "is_exempt", "exempt_paragraph",
         "exempt_interest", "added_on", "urgency"),
        frozenset({"order"}),
    ),
    "papers": Table(
        m.Paper, "item__meeting__partnership", ("item", "order"),
        ("title", "pages", "available_on", "urgency", "embargo_until"),
    ),
    "attendances": Table(
        m.Attendance, "meeting__partnership", ("meeting", "order"),
        ("seat", "who", "organisation_words", "status", "took_chair", "arrived_for", "left_before"),
        is_of_attendance=True,
    ),
    "declarations": Table(
        m.Declaration, "meeting__partnership", ("meeting", "attendance"), ("item", "kind", "nature", "withdrew"),
        is_of_attendance=True,
    ),
    "public_statements": Table(
        m.PublicStatement, "meeting__partnership", ("meeting", "order"),
        ("topic", "minutes_long", "answer_owed", *_ANSWER), frozenset({"answer_owed", *_ANSWER}),
    ),
    "member_questions": Table(
        m.MemberQuestion, "item__meeting__partnership", ("item", "number"),
        ("question", "asked_by", "answered_at_meeting", *_ANSWER), frozenset(_ANSWER),
    ),
    "minutes": Table(m.Minute, "item__meeting__partnership", ("item", "number"), ("text",)),
    "resolutions": Table(
        m.Resolution, "partnership", ("number",),
        ("item", "kind", "text", "mover", "seconder", "by_consent", "votes_for", "votes_against", "abstained",
         "owner_role", "owner_partner", "addressed_to", "response_due_on"),
    ),
    "actions": Table(
        m.Action, "partnership", ("number",),
        ("what", "item", "resolution", "owner_role", "owner_partner", "due_on", "original_due_on", "state"),
        frozenset({"owner_role", "owner_partner", "due_on", "original_due_on", "state"}),
    ),
    "action_steps": Table(
        m.ActionStep, "action__partnership", ("action", "number"),
        ("kind", "text", "evidence", "evidence_from", "due_on", "owner_role", "at_meeting", "known_on"), paper=True,
    ),
    "citations": Table(
        m.Citation, "line__scorecard__partnership", ("action", "resolution", "line", "period"),
        ("value_words", "rating"), paper=True,
    ),
    "work_items": Table(
        m.WorkItem, "partnership", ("code",),
        ("programme", "body", "title", "owner_role", "owner_partner", "expected_from", "expected_by",
         "expected_words", "resolution", "received_at", "notice_on"),
        frozenset({"expected_from", "expected_by", "resolution", "received_at", "notice_on"}),
    ),
    "escalation_rules": Table(
        m.EscalationRule, "scorecard__partnership", ("scorecard", "from_on"),
        ("periods_outside", "smallest_denominator", "answer_working_days", "authority"), paper=True,
    ),
    "improvement_plans": Table(
        m.ImprovementPlan, "partnership", ("code",),
        ("title", "body", "partner", "review_every_days", "report_every_months", "from_on", "until_on", "funded_by",
         "note"),
        frozenset({"until_on"}),
    ),
    "plan_priorities": Table(m.PlanPriority, "plan__partnership", ("plan", "order"), ("title",)),
    "plan_actions": Table(
        m.PlanAction, "priority__plan__partnership", ("priority", "order"),
        ("title", "lead_partner", "lead_role", "from_on", "due_on", "original_due_on", "funding_item", "measures"),
        frozenset({"lead_partner", "lead_role", "due_on", "original_due_on", "funding_item", "measures"}),
    ),
    "risks": Table(
        m.Risk, "partnership", ("code",),
        ("title", "cause", "effect", "body", "plan", "owner_role", "owner_partner", "indicators", "actions", "paper",
         "closed_on", "closed_reason"),
        frozenset({"owner_role", "owner_partner", "body", "plan", "paper", "indicators", "actions", "closed_on",
                   "closed_reason"}),
    ),
    "inspections": Table(
        m.Inspection, "partnership", ("code",),
        ("title", "inspectorate", "framework", "on", "on_words", "outcome"),
    ),
    "judgements": Table(
        m.Judgement, "inspection__partnership", ("inspection", "order"), ("area", "is_overall", "grade")
    ),
    "ambitions": Table(m.Ambition, "partnership", ("by_on", "grade"), ("or_better", "by_words", "authority")),
    "assurance_items": Table(
        m.AssuranceItem, "partnership", ("code",),
        ("kind", "title", "plan", "owner_role", "owner_partner", "given_to", "every_months", "from_on", "until_on",
         "note"),
        frozenset({"until_on"}),
    ),
    "assurance_dues": Table(
        m.AssuranceDue, "item__partnership", ("item", "due_on"), ("due_words", "done_on", "note"),
        frozenset({"done_on", "note"}),
    ),
}  # fmt: skip
ORDER = tuple(TABLES)

# How a file names a row of another table: the lookups whose values make the natural key, and those that narrow it.
_NAMED: dict[type[Model], tuple[str, ...]] = {
    Partner: ("code",),
    Indicator: ("code",),
    Period: ("slug",),
    Scorecard: ("code",),
    ScorecardLine: ("scorecard__code", "series__indicator__code", "series__slice__key"),
    FundingProgramme: ("code",),
    FundingItem: ("programme__code", "letter"),
    m.AgendaItem: ("meeting__code", "label"),
    m.Attendance: ("meeting__code", "order"),
    m.Seat: ("body__code", "code"),
    m.Paper: ("item__meeting__code", "item__label", "order"),
    m.PlanPriority: ("plan__code", "order"),
    m.Resolution: ("number",),
    m.Action: ("number",),
}
_WITHIN: dict[type[Model], str] = {
    Partner: "partnership",
    Scorecard: "partnership",
    ScorecardLine: "scorecard__partnership",
    FundingProgramme: "partnership",
    FundingItem: "programme__partnership",
} | {table.model: table.owner for table in TABLES.values()}


def _column(name: str, field: Any) -> Column:
    """What the cells of a column are, as its field says."""
    if isinstance(field, ForeignKey) and field.related_model is Text:
        return Column(name, required=not field.null, max_length=TEXT_LENGTH)
    if isinstance(field, ForeignKey | ManyToManyField):
        return Column(name, required=isinstance(field, ForeignKey) and not field.null, max_length=1_000)
    optional = field.null or field.blank or field.has_default()
    if isinstance(field, BooleanField):
        return Column(name, "choice", choices=("yes", "no"))
    if field.choices:
        codes = tuple(str(code) for code, _ in field.flatchoices if code)
        return Column(name, "choice", required=not optional, choices=codes)
    kind = _KINDS.get(field.get_internal_type(), "text")
    return Column(name, kind, required=not optional, max_length=getattr(field, "max_length", None) or 40)


@cache
def layouts() -> dict[str, Layout]:
    """The columns of each file, for `indicators.imports.read_csv`."""
    paper = (Column("source", required=True, max_length=40), Column("paragraph", required=True, max_length=300))
    return {
        name: Layout(
            (*(_column(*one) for one in table.fields()), *(paper if table.is_printed or table.paper else ())), table.key
        )
        for name, table in TABLES.items()
    }


class _Loader:
    """Takes the rows of one file after the other: what is held is compared, what is new is written at once."""

    def __init__(self, partnership: Partnership, at: datetime) -> None:
        self.partnership = partnership
        self.at = at
        self.counts = Loaded()
        self.findings: list[Finding] = []
        self.sources = {s.code: s for s in SourceDocument.objects.all()}
        self._named: dict[type[Model], dict[str, int]] = {}
        self._texts: dict[str, Text] = {}

    def load(self, name: str, rows: Sequence[Row]) -> None:
        """Loads the rows of one file, collecting a finding for each that cannot be."""
        table = TABLES[name]
        self._keep_texts(table, rows)
        held = self._held(table)
        written = self._written(table)
        new: list[tuple[Row, Model, dict[str, list[int]]]] = []
        left = []
        for row in rows:
            try:
                if table.is_of_attendance and row["meeting"] in written:
                    left.append(_named(table, row))
                    continue
                values, many = self._values(table, row)
                key = tuple(values[column] for column in self._attributes(table, table.key))
                if key not in held:
                    new.append((row, table.model(**values, **self._stamp(table, row, values)), many))
                elif columns := _compare(held[key], table, values, many):
                    left.append(f"{_named(table, row)} ({', '.join(columns)})")
            except Refusal as refusal:
                self._refuse(name, row, refusal.column, str(refusal))
        self._write(name, new)
        self._named.pop(table.model, None)
        self.counts.new[name] = len(new)
        self.counts.unchanged[name] = len(rows) - len(new)
        self.counts.left[name] = left

    def _refuse(self, name: str, row: Row, column: str, message: str) -> None:
        self.findings.append(Finding(row["row"], column, message, row.get("file") or f"{name}.csv"))

    # What is there already

    def _held(self, table: Table) -> dict[tuple[Any, ...], Model]:
        """The rows of the table by their key; of several the first, which is the one that was loaded."""
        attributes = self._attributes(table, table.key)
        several = [name for name, field in table.fields() if isinstance(field, ManyToManyField)]
        found = table.model._default_manager.filter(**{table.owner: self.partnership}).order_by("-pk")
        return {tuple(getattr(one, name) for name in attributes): one for one in found.prefetch_related(*several)}

    def _written(self, table: Table) -> set[str]:
        """The codes of the meetings of which a person wrote who was there."""
        if not table.is_of_attendance:
            return set()
        found = m.Attendance.objects.filter(meeting__partnership=self.partnership, by__isnull=False)
        return set(found.values_list("meeting__code", flat=True))

    def _attributes(self, table: Table, columns: Sequence[str]) -> list[str]:
        return [table.model._meta.get_field(name).attname for name in columns]  # type: ignore[union-attr]

    def _keep_texts(self, table: Table, rows: Sequence[Row]) -> None:
        """Makes sure of every text of the file."""
        columns = [name for name, field in table.fields() if field.related_model is Text]
        for body in {row[column] for row in rows for column in columns if row[column]} - set(self._texts):
            kept = Text.objects.keep(body)
            if kept is not None:
                self._texts[body] = kept

    def _key_of(self, model: type[Model], text: str, column: str) -> int:
        """The row that a natural key names."""
        if model not in self._named:
            lookups = _NAMED.get(model, ("code",))
            found = model._default_manager.all()
            if model in _WITHIN:
                found = found.filter(**{_WITHIN[model]: self.partnership})
            self._named[model] = {"/".join(map(str, names)): pk for *names, pk in found.values_list(*lookups, "pk")}
        if text not in self._named[model]:
            raise Refusal(column, f"“{text}” is not known. Define it first, or correct the code.")
        return self._named[model][text]

    # What a row says

    def _values(self, table: Table, row: Row) -> tuple[dict[str, Any], dict[str, list[int]]]:
        """The attributes of a row by name, and the keys of what it names many of."""
        values: dict[str, Any] = {"partnership_id": self.partnership.pk} if table.has_partnership else {}
        many: dict[str, list[int]] = {}
        for name, field in table.fields():
            cell = row[name]
            if isinstance(field, ManyToManyField):
                many[name] = [self._key_of(_target(field), code, name) for code in cell.split(";") if code]
            elif isinstance(field, ForeignKey):
                values[field.attname] = self._related(field, cell, name)
            else:
                values[name] = _typed(field, cell, name)
        if table.is_printed:
            values |= {"source_id": self._source(row).pk, "paragraph": row["paragraph"]}
        return values, many

    def _related(self, field: Any, cell: str, column: str) -> int | None:
        if not cell:
            return None
        target = _target(field)
        return self._texts[cell].pk if target is Text else self._key_of(target, cell, column)

    def _figure(self, values: Mapping[str, Any]) -> int | None:
        """The figure of a cited line and period, as it was first reported."""
        wanted = Figure.objects.filter(series__lines=values["line_id"], period=values["period_id"])
        return wanted.order_by("revision").values_list("pk", flat=True).first()

    def _source(self, row: Row) -> SourceDocument:
        found = self.sources.get(row["source"])
        if found is None:
            raise Refusal("source", f"“{row['source']}” is not known. Define it first, or correct the code.")
        return found

    def _stamp(self, table: Table, row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a new row has beside its columns: who and when, and of a citation the figure as it is known by now."""
        names = {field.name for field in table.model._meta.fields}
        stamp: dict[str, Any] = {"at": self.at} if "at" in names else {}
        if "actor" in names:
            stamp["actor"] = f"loaded from {self._source(row)}"
        if table.model is m.Citation:
            stamp["figure_id"] = self._figure(values)
        return stamp

    # Writing

    def _write(self, name: str, new: Sequence[tuple[Row, Model, dict[str, list[int]]]]) -> None:
        """All new rows at once; where the database refuses, one after the other, so that the row is named."""
        table = TABLES[name]
        try:
            with transaction.atomic():
                table.model._default_manager.bulk_create([one for _, one, _ in new])
        except (IntegrityError, DataError):
            self._write_singly(name, new)
            return
        for column in (column for column, field in table.fields() if isinstance(field, ManyToManyField)):
            for _, one, many in new:
                getattr(one, column).set(many[column])

    def _write_singly(self, name: str, new: Sequence[tuple[Row, Model, dict[str, list[int]]]]) -> None:
        for row, one, _ in new:
            one.pk = None
            try:
                one.full_clean()
                with transaction.atomic():
                    one.save(force_insert=True)
            except ValidationError as error:
                for column, messages in error.message_dict.items():
                    self._refuse(name, row, "" if column == "__all__" else column, " ".join(messages))
            except (IntegrityError, DataError):
                self._refuse(name, row, "", "the database does not take this row. Look at its numbers and dates.")


def _target(field: Any) -> type[Model]:
    return field.related_model  # type: ignore[no-any-return]


def _typed(field: "Field[Any, Any]", cell: Any, column: str) -> Any:
    """The value of a cell; the field's own default where the cell is empty."""
    if cell in (None, ""):
        return field.get_default() if field.has_default() else None if field.null else ""
    if isinstance(field, BooleanField):
        return cell == "yes"
    read: Callable[[str], Any] = str
    if isinstance(field, DateTimeField):
        read = _moment
    elif isinstance(field, TimeField):
        read = time.fromisoformat
    else:
        return cell
    try:
        return read(cell)
    except ValueError:
        raise Refusal(column, f"“{cell}” is no time. Write 10:00, or 2022-03-31T10:00 of a moment.") from None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def _named(table: Table, row: Row) -> str:
    """A row by its key, as the file writes it."""
    return "/".join(str(row[column]) for column in table.key)


def _compare(
    held: Model, table: Table, values: Mapping[str, Any], many: Mapping[str, Collection[int]]
) -> list[str]:  # fmt: skip
    """The columns in which a held row was changed here since, which stay. Raises Refusal where it says something else
    that no operation changes."""
    different = [name for name, value in values.items() if getattr(held, name) != value]
    several = [name for name, keys in many.items() if {one.pk for one in getattr(held, name).all()} != set(keys)]
    columns = [name.removesuffix("_id") for name in different]
    if getattr(held, "by_id", None) is not None:
        return [column for column in columns if column not in {"source", "paragraph"}] + several
    for column in columns:
        if column not in table.moves:
            raise Refusal(column, f"this is held already with another value ({getattr(held, column)}).")
    return columns + several


@operation
def load_governance(*, partnership: Partnership, tables: Mapping[str, Sequence[Row]], at: datetime) -> Loaded:
    """Loads the rows of one or more files of `layouts()` into a partnership; all of them or none.

    What they rest on (partners, sources, definitions, funding programmes) must be loaded. A second load changes
    nothing; `left` names what people have changed since. Raises FileRefused with every finding.
    """
    loader = _Loader(partnership, at)
    for name in ORDER:
        if name in tables:
            loader.load(name, tables[name])
    if loader.findings:
        raise FileRefused(loader.findings)
    return loader.counts
