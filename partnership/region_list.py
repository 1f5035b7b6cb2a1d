"""The list of what the authorities of a region publish alike: screen and file from one specification."""

from indicators.definition_words import POLARITY_WORDS, UNIT_WORDS
from indicators.rag import Polarity
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit
from partnership.regional import Comparable


def _authorities_text(v: Values) -> tuple[str, ...]:
    words = f"{v['publishing']} of {v['members']}"
    without = v["publishing"] - v["shown"]
    return (words, f"{without} hidden or without a number") if without else (words,)


COMPARABLE_TABLE: TableSpec[Comparable] = TableSpec(
    "region-indicators",
    (
        Column(
            "indicator",
            "Indicator",
            (
                Field("indicator", Kind.CODE, lambda r: r.definition.indicator, "Permanent code of the indicator"),
                Field("name", Kind.TEXT, lambda r: r.definition.name, "Name of the indicator"),
                Field("unit", Kind.CODE, lambda r: r.definition.unit, "Unit of its values"),
                Field("polarity", Kind.CODE, lambda r: r.definition.polarity, "higher, lower, band or none is better"),
                Field(
                    "definition", Kind.CODE, lambda r: r.definition.fingerprint,
                    "Fingerprint of the definition that they have in common",
                ),
            ),
            lambda v: (v["name"], f"{UNIT_WORDS[Unit(v['unit'])]}. {POLARITY_WORDS[Polarity(v['polarity'])]}"),
        ),
        Column(
            "period",
            "Newest period",
            (
                Field("period", Kind.CODE, lambda r: r.period.slug, "Newest period in which two or more publish it"),
                Field("period_label", Kind.TEXT, lambda r: r.period.label, "The period in words"),
                Field("end_on", Kind.DATE, lambda r: r.period.end_on, "Its last day"),
            ),
            lambda v: (v["period_label"],),
        ),
        Column(
            "authorities",
            "Authorities that publish it",
            (
                Field("publishing", Kind.WHOLE, lambda r: r.publishing, "Authorities that publish it by this one"),
                Field("shown", Kind.WHOLE, lambda r: r.shown, "How many of them show a number"),
                Field("members", Kind.WHOLE, lambda r: r.members, "Authorities of the region on the period’s last day"),
            ),
            _authorities_text,
        ),
    ),
)  # fmt: skip
