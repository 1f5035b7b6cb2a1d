"""Loads definitions, targets and the figures of published papers from rows that `imports` has read.

Everything is loaded in one transaction or not at all. A row that is held already and says the same is left alone; one
that says something else is refused, because what was recorded is never changed by loading.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from indicators import quarters
from indicators.entry import CellInput
from indicators.imports import FileRefused, Row
from indicators.measurement import Measured
from indicators.models import (
    Assignment,
    Balance,
    Category,
    Dimension,
    Figure,
    FigureQuery,
    Indicator,
    IndicatorVersion,
    Partner,
    Partnership,
    Period,
    Population,
    ReportingRound,
    Return,
    ReturnTransition,
    Scorecard,
    ScorecardLine,
    Series,
    SeriesBreak,
    SourceDocument,
    StatedSummary,
    Statement,
    Succession,
    Sum,
    SumPart,
    Target,
    Text,
    Theme,
)
from indicators.operations.basics import known_on, operation
from indicators.operations.figures import Origin, approve_revision, cell_of, write_revision
from indicators.operations.issues import load_issue, load_statutory_return
from indicators.operations.published import Refusal, measured_of
from indicators.operations.rows import Loaded, RowLoader
from indicators.operations.slices import dimension_of, slice_row
from indicators.querysets import versions_in_force
from indicators.rag import DefinitionError
from indicators.units import Unit

# The order in which files are loaded: each rests only on those before it.
ORDER = (
    "sources",
    "partners",
    "successions",
    "dimensions",
    "categories",
    "indicators",
    "balances",
    "scorecards",
    "lines",
    "sums",
    "commentary_limits",
    "targets",
    "assignments",
    "populations",
    "breaks",
    "figures",
    "rounds",
    "statements",
    "queries",
    "stated_summaries",
    "statutory_returns",
    "data_issues",
)


_DETAILS = (
    "not_reportable_code", "responsible_role", "expected_on", "flags", "confidence", "confidence_reason",
    "validation_task",
    "source_system", "as_at_on", "extracted_on", "headline", "commentary",
)  # fmt: skip


def _refuse_backwards(row: Row, first: str, last: str, message: str) -> None:
    if row[first] is not None and row[last] is not None and row[last] < row[first]:
        raise Refusal(last, message)


class _Loader(RowLoader):
    """Resolves references and writes rows, counting what is new."""

    column_of = {("lines", "from_on"): "valid_from", ("assignments", "authority"): "source"}

    def __init__(self, partnership: Partnership, at: datetime) -> None:
        super().__init__(partnership, at)
        self.partners = {p.code: p for p in partnership.partners.all()}
        self.indicators = {i.code: i for i in Indicator.objects.all()}
        self.scorecards = {s.code: s for s in partnership.scorecards.all()}
        self.series = {(s.indicator.code, s.slice.key): s for s in self._series()}
        self.lines: dict[tuple[str, str, str], ScorecardLine] = {
            (li.scorecard.code, li.series.indicator.code, li.series.slice.key): li
            for li in ScorecardLine.objects.filter(scorecard__partnership=partnership)
            .select_related("scorecard", "series__indicator", "series__slice")
            .order_by()
        }
        self.versions: dict[tuple[int, date], IndicatorVersion | None] = {}
        self.themes: dict[tuple[int, str], Theme] = {}
        self.assigned: dict[int, list[Assignment]] | None = None
        # The first revisions of series that this loading made: all that such a series can have.
        self.figures: dict[int, dict[int, Figure]] = {}

    def _series(self) -> Iterable[Series]:
        return self.partnership.series.select_related("indicator", "slice").order_by()

    # References

    def _series_of(self, row: Row) -> Series:
        key = (row["indicator"], row["slice"])
        if key not in self.series:
            indicator = self._known(self.indicators, row, "indicator")
            try:
                slice_ = slice_row(row["slice"])
            except ValueError as error:
                raise Refusal("slice", str(error)) from error
            made = Series.objects.create(partnership=self.partnership, indicator=indicator, slice=slice_)
            self.series[key], self.figures[made.pk] = made, {}
            if row["slice"]:  # a part has a page under its whole, whether or not a figure of the whole is held
                self._series_of(row | {"slice": ""})
        return self.series[key]

    # One method per file

    def _sources(self, row: Row) -> bool:
        values = {"title": row["title"], "body": row["body"], "published_on": row["published_on"]}
        self.sources[row["code"]], new = self._row_of(SourceDocument, {"code": row["code"]}, values)
        return new

    def _partners(self, row: Row) -> bool:
        _refuse_backwards(row, "from_on", "until_on", "the last day lies before the first.")
        key = {"partnership": self.partnership, "code": row["code"]}
        values = {"name": row["name"], "kind": row["kind"], "from_on": row["from_on"], "until_on": row["until_on"]}
        self.partners[row["code"]], new = self._row_of(Partner, key, values)
        return new

    def _successions(self, row: Row) -> bool:
        key = {
            "predecessor": self._known(self.partners, row, "predecessor"),
            "successor": self._known(self.partners, row, "successor"),
            "effective_on": row["effective_on"],
        }
        return self._held(Succession, key, {"functions": row["functions"], "authority": row["authority"]})

    def _dimensions(self, row: Row) -> bool:
        values = {"name": row["name"], "kind": row["kind"], "is_protected": row["is_protected"] == "yes"}
        return self._held(Dimension, {"code": row["code"]}, values)

    def _categories(self, row: Row) -> bool:
        values = {"name": row["name"], "order": row["order"], "is_not_stated": row["is_not_stated"] == "yes"}
        return self._held(Category, {"dimension": dimension_of(row), "code": row["code"]}, values)

    def _balances(self, row: Row) -> bool:
        parts = {
            name: [self._known(self.indicators, {name: code.strip()}, name) for code in row[name].split(";")]
            for name in ("inflows", "outflows")
        }
        values = {"name": row["name"], "source": self._source(row), "paragraph": row["paragraph"]}
        values["closing"] = self._known(self.indicators, row, "closing")
        new = self._held(Balance, {"code": row["code"]}, values)
        held = Balance.objects.get(code=row["code"])
        for name, found in parts.items():
            if new:
                getattr(held, name).set(found)
            elif set(getattr(held, name).all()) != set(found):
                raise Refusal(name, "this is held already with other indicators.")
        return new

    def _sums(self, row: Row) -> bool:
        """`whole` is indicator/slice; `parts` such figures, each after + or −, such as "+ a/x=1 - a/x=2"."""
        pieces = row["parts"].split()
        signs, figures = pieces[::2], pieces[1::2]
        if len(signs) != len(figures) or not set(signs) <= {"+", "-"}:
            raise Refusal("parts", "write each part after a sign, with spaces between: + one/side=a - one/side=b.")
        parts = [(self._figure(one, "parts").pk, sign == "-") for sign, one in zip(signs, figures, strict=True)]
        key = {"whole": self._figure(row["whole"], "whole"), "code": row["code"]}
        new = self._held(Sum, key, {"source": self._source(row), "paragraph": row["paragraph"]})
        held = Sum.objects.get(**key)
        if new:
            SumPart.objects.bulk_create(SumPart(of=held, series_id=pk, is_taken_away=away) for pk, away in parts)
        elif list(held.parts.values_list("series", "is_taken_away")) != parts:
            raise Refusal("parts", "this is held already with other parts.")
        return new

    def _figure(self, text: str, column: str) -> Series:
        """The series that "indicator/slice" names."""
        indicator, _, key = text.partition("/")
        found = self.series.get((indicator, key))
        if found is None:
            raise Refusal(column, f"“{text}” is no figure of this partnership. Put it on a line, or correct it.")
        return found

    def _indicators(self, row: Row) -> bool:
        indicator = self.indicators.get(row["code"])
        if indicator is None:
            indicator = self.indicators[row["code"]] = Indicator.objects.create(code=row["code"])
        key = {"indicator": indicator, "valid_from": self._period(row, "valid_from")}
        columns = (
            "name", "short_name", "numerator", "denominator", "unit", "polarity", "window", "aggregation", "counts",
            "places", "source_system", "source_return", "why_it_matters", "lead_role", "review_on",
            "complement_authority", "paragraph",
        )  # fmt: skip
        values = {name: row[name] for name in columns} | {"source": self._source(row)}
        held = IndicatorVersion.objects.filter(**key).order_by("pk").first()
        values["number"] = held.number if held else indicator.versions.count() + 1
        return self._held(IndicatorVersion, key, values)

    def _scorecards(self, row: Row) -> bool:
        key = {"partnership": self.partnership, "code": row["code"]}
        held = Scorecard.objects.filter(**key).first()
        order = held.order if held else len(self.scorecards) + 1
        columns = ("name", "authority", "frequency", "purpose", "audience")
        values = {name: row[name] for name in columns} | {"order": order}
        self.scorecards[row["code"]], new = self._row_of(Scorecard, key, values)
        return new

    def _lines(self, row: Row) -> bool:
        scorecard = self._known(self.scorecards, row, "scorecard")
        theme = self._theme(scorecard, row)
        if theme.name != row["theme"]:
            raise Refusal("theme", f"“{row['theme_code']}” is held already with another value ({theme.name}).")
        series = self._series_of(row)
        values = {
            "theme": theme,
            "order": row["order"],
            "printed_order": row["printed_order"],
            "frequency": row["frequency"],
            "from_on": row["valid_from"].start_on,
        }
        line, new = self._row_of(ScorecardLine, {"scorecard": scorecard, "series": series}, values)
        self.lines[row["scorecard"], row["indicator"], row["slice"]] = line
        return new

    def _theme(self, scorecard: Scorecard, row: Row) -> Theme:
        key = scorecard.pk, row["theme_code"]
        if key not in self.themes:
            self.themes[key] = Theme.objects.get_or_create(
                scorecard=scorecard,
                code=row["theme_code"],
                defaults={"name": row["theme"], "order": scorecard.themes.count() + 1},
            )[0]
        return self.themes[key]

    def _line_of(self, row: Row) -> ScorecardLine:
        line = self.lines.get((row["scorecard"], row["indicator"], row["slice"]))
        if line is None:
            raise Refusal("indicator", f"“{row['indicator']}” has no line on the scorecard “{row['scorecard']}”.")
        return line

    def _commentary_limits(self, row: Row) -> bool:
        line, limit = self._line_of(row), row["commentary_from"]
        if limit <= 0:
            raise Refusal("commentary_from", "the size from which commentary is asked for is above 0.")
        if line.commentary_from is not None and line.commentary_from != limit:
            raise Refusal("commentary_from", f"this is held already with another value ({line.commentary_from}).")
        return bool(ScorecardLine.objects.filter(pk=line.pk, commentary_from=None).update(commentary_from=limit))

    def _targets(self, row: Row) -> bool:
        line = self._line_of(row)
        valid_from = self._period(row, "valid_from")
        key = {"line": line, "valid_from": valid_from}
        columns = ("target", "tolerance_kind", "tolerance", "printed_target", "printed_tolerance", "authority",
                   "reason", "paragraph")  # fmt: skip
        values = {name: row[name] for name in columns} | {"source": self._source(row)}
        held = Target.objects.filter(**key).order_by("pk").first()
        values["number"] = held.number if held else line.targets.count() + 1
        values["actor"] = f"loaded from {self._source(row)} §{row['paragraph']}"
        values["recorded_at"] = held.recorded_at if held else self.at
        values["known_on"] = self._source(row).published_on or known_on(values["recorded_at"])
        indicator_id = line.series.indicator_id
        found = versions_in_force(IndicatorVersion, "indicator", [indicator_id], valid_from.start_on)
        version = found.get(indicator_id)
        if version is None:
            raise Refusal("valid_from", "the indicator has no definition that is in force then.")
        try:
            Target(line=line, band=None, **{k: values[k] for k in ("target", "tolerance_kind", "tolerance")}).standard(
                version
            )
        except DefinitionError as error:
            raise Refusal("tolerance", str(error)) from error
        return self._held(Target, key, values)

    def _assignments(self, row: Row) -> bool:
        _refuse_backwards(row, "from_on", "until_on", "the last day lies before the first.")
        key = {"series": self._series_of(row), "from_on": row["from_on"]}
        others = self._assigned_to(key["series"])
        for other in others:
            begins_before_its_end = row["until_on"] is None or other.from_on <= row["until_on"]
            ends_after_its_start = other.until_on is None or other.until_on >= row["from_on"]
            if other.from_on != row["from_on"] and begins_before_its_end and ends_after_its_start:
                raise Refusal("from_on", f"{other.partner} returns this from {other.from_on} on; end that first.")
        values = {
            "partner": self._known(self.partners, row, "partner"),
            "until_on": row["until_on"],
            "authority": f"{self._source(row)} §{row['paragraph']}",
        }
        made, new = self._row_of(Assignment, key, values)
        if new:
            others.append(made)
        return new

    def _assigned_to(self, series: Series) -> list[Assignment]:
        """Who has returned a series, and since when. One query for all."""
        if self.assigned is None:
            self.assigned = {}
            held = Assignment.objects.filter(series__partnership=self.partnership).select_related("partner")
            for row in held.order_by("from_on"):
                self.assigned.setdefault(row.series_id, []).append(row)
        return self.assigned.setdefault(series.pk, [])

    def _populations(self, row: Row) -> bool:
        _refuse_backwards(row, "age_from", "age_to", "the last age lies before the first.")
        key = {"partnership": self.partnership} | {n: row[n] for n in ("on", "age_from", "age_to")}
        values = {"persons": row["persons"], "source": self._source(row), "paragraph": row["paragraph"]}
        return self._held(Population, key, values)

    def _breaks(self, row: Row) -> bool:
        key = {"series": self._series_of(row), "on": row["on"], "kind": row["kind"]}
        values = {
            "precision": row["precision"],
            "explanation": row["explanation"],
            "source": self._source(row),
            "paragraph": row["paragraph"],
        }
        return self._held(SeriesBreak, key, values)

    def _figures(self, row: Row) -> bool:
        series, period, source = self._series_of(row), self._period(row), self._source(row)
        version = self._version(series.indicator_id, period)
        if version is None:
            raise Refusal("period", f"“{row['indicator']}” has no definition that is in force for {period}.")
        measured = measured_of(row, Unit(version.unit))
        cell = CellInput(**{name: row[name] for name in _DETAILS})
        of_series = self.figures.get(series.pk)
        if of_series is None:
            held = Figure.objects.filter(series=series, period=period, revision=1).order_by("pk").first()
        else:
            held = of_series.get(period.pk)
        if held is not None:
            self._refuse_unless_same(held, measured, cell, source, row)
            return False
        origin = Origin(
            actor=f"loaded from {source} §{row['paragraph']}",
            at=self.at,
            # A statistic without a day of publication was known, at the earliest, when its period had ended.
            known_on=source.published_on or max(known_on(self.at), period.end_on),
            source=source,
            paragraph=row["paragraph"],
        )
        figure = write_revision(
            series=series, period=period, cell=cell, measured=measured, origin=origin, is_first=of_series is not None
        )
        approve_revision(figure=figure, origin=origin)
        if of_series is not None:
            of_series[period.pk] = figure
        return True

    def _version(self, indicator_id: int, period: Period) -> IndicatorVersion | None:
        """The definition in force; asked once for each indicator and first day."""
        key = indicator_id, period.start_on
        if key not in self.versions:
            found = versions_in_force(IndicatorVersion, "indicator", [indicator_id], period.start_on)
            self.versions[key] = found.get(indicator_id)
        return self.versions[key]

    def _refuse_unless_same(
        self, held: Figure, measured: Measured, cell: CellInput, source: SourceDocument, row: Row
    ) -> None:
        """Raises Refusal when the first revision says something else than the row; later ones may."""
        known = cell_of(held)
        differing = [name for name in _DETAILS if getattr(known, name) != getattr(cell, name)]
        differing = ["value"] * (held.measured() != measured) + differing
        differing += ["source"] * (held.source != source) + ["paragraph"] * (held.paragraph != row["paragraph"])
        if differing:
            raise Refusal(
                differing[0], "this figure is held already with another content; correct it by a restatement."
            )

    def _rounds(self, row: Row) -> bool:
        scorecard, period = self._known(self.scorecards, row, "scorecard"), self._period(row)
        values = {"partnership": self.partnership, "due_on": row["due_on"]}
        if not self._held(ReportingRound, {"scorecard": scorecard, "period": period}, values):
            return False
        made = ReportingRound.objects.get(scorecard=scorecard, period=period)
        lines = ScorecardLine.objects.on(period.end_on).filter(scorecard=scorecard)
        if period.kind != quarters.Span.kind:  # a paper may give every line for a window of its own
            lines = lines.filter(frequency=period.kind)
        owed = Assignment.objects.on(period.end_on).filter(series__lines__in=lines)
        for partner_id in sorted(set(owed.order_by().values_list("partner", flat=True))):
            loaded = Return.objects.create(
                round=made, partner_id=partner_id, state=Return.State.APPROVED, is_signed_off=True
            )
            ReturnTransition.objects.create(
                in_return=loaded,
                action=ReturnTransition.Action.LOADED,
                to_state=Return.State.APPROVED,
                actor=f"loaded from {self._source(row)} §{row['paragraph']}",
            )
        return True

    def _statements(self, row: Row) -> bool:
        values = {
            "series": self._series_of(row) if row["indicator"] else None,
            "period": self._period(row) if row["period"] else None,
            "text": Text.objects.keep(row["text"]),
            "source": self._source(row),
        }
        columns = ("about", "kind", "value", "qualifier", "numerator", "denominator", "paragraph")
        values |= {name: row[name] for name in columns}
        return self._held(Statement, {"partnership": self.partnership, "code": row["code"]}, values)

    def _queries(self, row: Row) -> bool:
        codes = [c.strip() for c in row["statements"].split(";") if c.strip()]
        statements = list(Statement.objects.filter(partnership=self.partnership, code__in=codes).order_by())
        unknown = sorted(set(codes) - {s.code for s in statements})
        if unknown:
            raise Refusal("statements", f"these statements are not known: {', '.join(unknown)}.")
        if not row["indicator"] and not row["scorecard"]:
            raise Refusal("indicator", "name the indicator or the scorecard that the query is about.")
        values = {
            "series": self._series_of(row) if row["indicator"] else None,
            "scorecard": self._known(self.scorecards, row, "scorecard") if row["scorecard"] else None,
            "period": self._period(row) if row["period"] else None,
            "question": row["question"],
            "source": self._source(row),
            "paragraph": row["paragraph"],
        }
        key = {"partnership": self.partnership, "code": row["code"]}
        new = self._held(FigureQuery, key, values)
        query = FigureQuery.objects.get(**key)
        if new:
            query.statements.set(statements)
        elif set(query.statements.all()) != set(statements):
            raise Refusal("statements", "this query is held already with other statements.")
        return new

    def _stated_summaries(self, row: Row) -> bool:
        parts = ("suspended", "annual", "better", "within", "outside")
        if sum(row[part] for part in parts) != row["targets"]:
            raise Refusal("targets", f"this is not the sum of {', '.join(parts)}.")
        key = {
            "scorecard": self._known(self.scorecards, row, "scorecard"),
            "period": self._period(row),
            "source": self._source(row),
        }
        return self._held(StatedSummary, key, {name: row[name] for name in ("targets", *parts, "note", "paragraph")})

    def _statutory_returns(self, row: Row) -> bool:
        return load_statutory_return(partnership=self.partnership, row=row, source=self._source(row))

    def _data_issues(self, row: Row) -> bool:
        partner = self._known(self.partners, row, "partner") if row["partner"] else None
        codes = [code.strip() for code in row["indicators"].split(";") if code.strip()]
        unknown = sorted(set(codes) - set(self.indicators))
        if unknown:
            raise Refusal("indicators", f"these indicators are not known: {', '.join(unknown)}.")
        indicators = [self.indicators[code] for code in codes]
        return load_issue(
            partnership=self.partnership, row=row, source=self._source(row), partner=partner, indicators=indicators
        )


@operation
def load_tables(*, partnership: Partnership, tables: Mapping[str, Sequence[Row]], at: datetime) -> Loaded:
    """Loads the rows of one or more files into a partnership; all of them or none.

    `tables` maps a file's name (see ORDER) to rows from `imports.read_csv`. Raises FileRefused with every finding.
    """
    loader = _Loader(partnership, at)
    for file in ORDER:
        if file in tables:
            loader.load(file, tables[file])
    if loader.findings:
        raise FileRefused(loader.findings)
    return loader.counts


@operation
def add_partnership(*, slug: str, name: str, authority_name: str, gss_code: str) -> Partnership:
    """The partnership of an authority area; the one that is there, if it is."""
    return Partnership.objects.get_or_create(
        slug=slug, defaults={"name": name, "authority_name": authority_name, "gss_code": gss_code}
    )[0]
