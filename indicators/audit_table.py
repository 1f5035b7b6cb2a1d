"""The record of access and of unpublished downloads as a table: what was done, by whom, when."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from indicators.table_spec import Column, Field, Kind, TableSpec, Values

LONDON = ZoneInfo("Europe/London")


class Event(Protocol):
    """A stored event."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def kind(self) -> str:
        """The code of what was done."""

    @property
    def actor(self) -> str:
        """Who did it; empty for what was done by a command on the server."""

    @property
    def told(self) -> str:
        """What it was done to, as far as the reader may know of it."""

    @property
    def request_id(self) -> str:
        """The request it came with."""

    def get_kind_display(self) -> str:
        """What was done, in words."""


def _moment(v: Values) -> tuple[str, ...]:
    at = datetime.fromisoformat(v["at"])
    return (f"{at.day} {at:%B %Y}", f"{at:%H:%M:%S}")


AUDIT_TABLE: TableSpec[Event] = TableSpec(
    "audit",
    (
        Column(
            "at",
            "When",
            (
                Field(
                    "at",
                    Kind.CODE,
                    lambda r: r.at.astimezone(LONDON).isoformat(timespec="seconds"),
                    "Moment in London, with its distance from UTC",
                ),
            ),
            _moment,
        ),
        Column(
            "kind",
            "What",
            (
                Field("kind", Kind.CODE, lambda r: r.kind, "Code of what was done"),
                Field("kind_words", Kind.TEXT, lambda r: r.get_kind_display(), "The same in words"),
            ),
            lambda v: (v["kind_words"],),
        ),
        Column(
            "actor",
            "Who",
            (Field("actor", Kind.TEXT, lambda r: r.actor, "Who did it, as they were shown then"),),
            lambda v: (v["actor"] or "by a command on the server",),
        ),
        Column(
            "what",
            "To what",
            (Field("what", Kind.TEXT, lambda r: r.told, "What it was done to, never a figure's value"),),
            lambda v: (v["what"],),
        ),
        Column(
            "request",
            "",
            (Field("request", Kind.CODE, lambda r: r.request_id, "Request it came with, as in the log"),),
        ),
    ),
)
