"""Filters of lists, sent in the page's own address."""

from collections.abc import Iterable
from typing import Any

from django import forms

from indicators.forms import GovForm
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
