"""Sortable, paginated lists (django-tables2): which columns, and how a cell is written. Rows come finished."""

from collections.abc import Callable
from datetime import date
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from indicators.deadlines import Timeliness, TimelinessKind
from indicators.table_spec import TableSpec
from indicators.working_days import day_words


class ReturnTable(tables.Table):
    """Returns, one a row: whose, for what, where it stands, and what the reader can do next.

    `next_step` takes a row and gives words and address of that step, and the address of the return; `stands` takes one
    and gives its timeliness, None where no calendar asks for it.
    """

    name = tables.Column("Return", accessor="round__scorecard__name", order_by=("round__scorecard__name",))
    period = tables.Column("Period", accessor="round__period__label", order_by=("round__period__end_on",))
    state = tables.Column("State", accessor="get_state_display", order_by=("state", "is_signed_off"))
    step = tables.Column("Next step", empty_values=(), orderable=False)
    due = tables.Column("Due", accessor="round__due_on", empty_values=())
    partner = tables.Column("Partner", accessor="partner__name")
    kind = tables.Column("Kind", accessor="get_kind_display", order_by=("kind", "number"))

    class Meta:
        template_name = "django_tables2/govuk.html"
        order_by = ("-period", "name")

    def __init__(
        self,
        *args: Any,
        next_step: Callable[[Any], tuple[str, str, str]],
        stands: Callable[[Any], Timeliness | None],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.next_step = next_step
        self.stands = stands

    def render_name(self, value: str, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', self.next_step(record)[2], value)

    def render_state(self, value: str, record: Any) -> str:
        signed = " and signed off" if record.is_signed_off and record.state == "submitted" else ""
        return format_html('<span class="state state--{}">{}{}</span>', record.state, value, signed)

    def render_due(self, value: date | None, record: Any) -> str:
        stands = self.stands(record)
        if stands is None:
            return mark_safe('<span class="mute">None for a correction</span>')
        if value is None:
            return mark_safe('<span class="mute">No due date given</span>')
        words = stands.beside_date()
        if stands.kind is TimelinessKind.OVERDUE:
            return format_html("{} <b>({})</b>", day_words(value), words)
        return format_html("{} ({})", day_words(value), words) if words else day_words(value)

    def render_step(self, record: Any) -> str:
        words, url, _ = self.next_step(record)
        name = f", {record.round.scorecard.name}, {record.round.period.label}, {record.partner.name}"
        return format_html('<a href="{}">{}<span class="vh">{}</span></a>', url, words, name)


class IndicatorTable(tables.Table):
    """Indicators with their latest approved figure; rows come finished, each with what its columns sort by."""

    name = tables.Column("Indicator", order_by="sort_name")
    scorecards = tables.Column("Scorecards", order_by=("sort_scorecards", "sort_name"))
    figure = tables.Column(
        "Latest figure", orderable=False, attrs={"th": {"class": "num gap"}, "td": {"class": "num gap"}}
    )
    period = tables.Column("Period", order_by=("sort_period", "sort_name"))
    rating = tables.Column("Rating", order_by=("sort_rating", "sort_name"))
    unit = tables.Column("Unit", order_by=("unit", "sort_name"))
    direction = tables.Column("Direction", order_by=("direction", "sort_name"))

    caption = "Indicators with their latest approved figure"
    caption_hidden = True

    class Meta:
        template_name = "django_tables2/govuk.html"
        order_by = ("name",)


class SpecTable(tables.Table):
    """A list with the columns of a TableSpec; its rows hold finished cells and, under "sort_…", what each sorts by."""

    class Meta:
        template_name = "django_tables2/govuk.html"

    def __init__(self, spec: TableSpec[Any], rows: Any, *, caption: str, prefix: str = "", **kwargs: Any) -> None:
        columns = [
            (column.key, tables.Column(column.heading, order_by=f"sort_{column.key}", empty_values=()))
            for column in spec.on_screen
        ]
        super().__init__(rows, extra_columns=columns, prefix=prefix, **kwargs)
        self.caption = caption
        self.caption_hidden = True


class AuditTable(tables.Table):
    """The record of access and exports, one event a row, read page by page from the database."""

    at = tables.Column(order_by=("at", "pk"))
    kind = tables.Column(order_by=("kind", "-at"))
    actor = tables.Column(order_by=("actor", "-at"), empty_values=())
    what = tables.Column(orderable=False)

    caption = "What was done, by whom and when"
    caption_hidden = True

    class Meta:
        template_name = "django_tables2/govuk.html"
        order_by = ("-at",)

    def __init__(self, *args: Any, spec: TableSpec[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        for column in spec.on_screen:
            self.columns[column.key].column.verbose_name = column.heading

    def _cell(self, record: Any, key: str) -> str:
        first, *rest = self.spec.cells(record)[key]
        return format_html("{}{}", first, format_html_join("", ' <span class="nd">{}</span>', ((r,) for r in rest)))

    def render_at(self, record: Any) -> str:
        return self._cell(record, "at")

    def render_kind(self, record: Any) -> str:
        return self._cell(record, "kind")

    def render_actor(self, record: Any) -> str:
        return self._cell(record, "actor")

    def render_what(self, record: Any) -> str:
        return self._cell(record, "what")
