"""Sortable, paginated lists (django-tables2): which columns, and how a cell is written. Rows come finished."""

from collections.abc import Callable
from datetime import date
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import mark_safe


class ReturnTable(tables.Table):
    """Returns, one a row: whose, for what, where it stands, and what the reader can do next.

    `next_step` takes a row and gives words and address of that step, and the address of the return.
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
        self, *args: Any, next_step: Callable[[Any], tuple[str, str, str]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.next_step = next_step
        self.today = today

    def render_name(self, value: str, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', self.next_step(record)[2], value)

    def render_state(self, value: str, record: Any) -> str:
        signed = " and signed off" if record.is_signed_off and record.state == "submitted" else ""
        return format_html('<span class="state state--{}">{}{}</span>', record.state, value, signed)

    def render_due(self, value: date | None, record: Any) -> str:
        if value is None:
            return mark_safe('<span class="mute">No due date set</span>')
        words = f"{value.day} {value:%B %Y}"
        if value < self.today and record.state in {"open", "returned"}:
            return format_html("{} <b>(late)</b>", words)
        return words

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
