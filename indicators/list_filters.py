"""Filters of lists, sent in the page's own address."""

from collections.abc import Iterable
from typing import Any

from django import forms

from indicators.data_issues import ISSUE_STATES, RegisteredIssue
from indicators.forms import GovForm
from indicators.not_reportable import NotReportable
from indicators.report_checks_table import OUTCOME_WORDS, OUTCOMES


class IndicatorFilter(GovForm):
    """Which indicators are listed: words of the name, and a scorecard (code and name) they stand on."""

    q = forms.CharField(label="Indicator contains", required=False, max_length=80)
    scorecard = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, scorecards: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scorecard"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "All scorecards"), *scorecards]


class GlossaryFilter(GovForm):
    """Which terms are shown: words of the term, its expansion or its meaning."""

    q = forms.CharField(label="Term or meaning contains", required=False, max_length=80)


class ReportChecksFilter(GovForm):
    """Which verdicts on the published papers are listed."""

    report = forms.ChoiceField(required=False)
    verdict = forms.ChoiceField(
        required=False, choices=[("", "All verdicts"), *((code, OUTCOME_WORDS[code]) for code in OUTCOMES)]
    )

    def __init__(self, *args: Any, reports: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["report"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "All reports"), *((code, f"Report {code}") for code in reports)]


def _offer(form: forms.Form, name: str, all_words: str, pairs: Iterable[tuple[str, str]]) -> None:
    """The choices of a filter, each once, with that of no filter in front."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    found = dict.fromkeys(pair for pair in pairs if pair[0])
    field.choices = [("", all_words), *sorted(found, key=lambda pair: pair[1].casefold())]


class IssueFilter(GovForm):
    """Which data quality issues are listed: by state, return, indicator, partner and words."""

    q = forms.CharField(label="Issue contains", required=False, max_length=80)
    state = forms.ChoiceField(required=False, choices=[("", "All states"), *ISSUE_STATES.items()])
    statutory_return = forms.ChoiceField(label="Return", required=False)
    indicator = forms.ChoiceField(required=False)
    partner = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, issues: Iterable[RegisteredIssue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = list(issues)
        _offer(self, "statutory_return", "All returns", ((i.return_code, i.return_name) for i in held))
        _offer(self, "indicator", "All indicators", (pair for i in held for pair in i.indicators))
        _offer(self, "partner", "All partners", ((i.partner_code, i.partner) for i in held))


class NotReportableFilter(GovForm):
    """Which figures that are not reportable are listed: by scorecard, partner, and whether they are overdue."""

    scorecard = forms.ChoiceField(required=False)
    partner = forms.ChoiceField(required=False)
    due = forms.ChoiceField(
        label="Expected date", required=False,
        choices=[("", "All"), ("overdue", "Overdue"), ("none", "No date given")],
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Iterable[NotReportable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = list(rows)
        _offer(self, "scorecard", "All scorecards", ((r.scorecard_code, r.scorecard) for r in held))
        _offer(self, "partner", "All partners", ((r.partner_code, r.partner) for r in held))


class MeasureFilter(GovForm):
    """Which official measures are listed: words of the name, data set, and our quartile."""

    q = forms.CharField(label="Measure contains", required=False, max_length=80)
    data_set = forms.ChoiceField(label="Data set", required=False)
    quartile = forms.ChoiceField(
        label="Our quartile", required=False,
        choices=[("", "All"), ("1", "Best"), ("2", "Second"), ("3", "Third"), ("4", "Worst"), ("none", "Not ranked")],
    )  # fmt: skip

    def __init__(self, *args: Any, sets: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "data_set", "All data sets", sets)


class AuthoritiesFilter(GovForm):
    """Which authorities are listed and marked: period, words, those of a group. Each list has code and name."""

    period = forms.ChoiceField(required=False)
    show = forms.ChoiceField(label="Listed", required=False)
    mark = forms.ChoiceField(label="Marked in the drawing", required=False)
    q = forms.CharField(label="Authority or region contains", required=False, max_length=80)

    def __init__(
        self, *args: Any, periods: Iterable[tuple[str, str]], groups: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        held = list(groups)
        choices = {
            "period": list(periods),
            "show": [("", "Outside the limits"), ("all", "All authorities"), *held],
            "mark": [*held, ("none", "None")],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = offered
