"""The components page: every component in all its states, as documentation and as the visual test bench."""

from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators import marks
from indicators.control import VARIATION_WORDS
from indicators.forms import GovForm
from indicators.sparkline import SparkPoint, sparkline
from indicators.variation_table import ASSURED_WORDS, NO_LIMITS
from indicators.views.lists import arranged

PERCENTAGES = (50, 100)


class ExampleForm(GovForm):
    """One field of each kind; nothing that is sent is kept."""

    indicator = forms.CharField(max_length=80, help_text="As it stands in the contract")
    numerator = forms.IntegerField(min_value=0)
    expected_on = forms.DateField(label="Expected date")
    symbol = forms.ChoiceField(choices=[("", "Choose a symbol"), ("x", "Not available"), ("c", "Confidential")])
    decision = forms.ChoiceField(
        choices=[("accept", "Accept the return"), ("query", "Return it with a comment")], widget=forms.RadioSelect
    )
    flags = forms.MultipleChoiceField(
        choices=[("p", "Provisional"), ("e", "Approximate")], widget=forms.CheckboxSelectMultiple, required=False
    )
    comment = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), help_text="The partner sees this")
    passphrase = forms.CharField(label="Password", widget=forms.PasswordInput)
    figures = forms.FileField(label="File of figures", help_text="A CSV file of at most 2 MB")
    confirm = forms.BooleanField(label="I have checked these figures with the team that holds them")


class ExampleFilters(GovForm):
    """Filters as on the scorecard."""

    period = forms.ChoiceField(choices=[("2021-22-q4", "2021/22 Quarter 4")])
    theme = forms.ChoiceField(choices=[("", "All 5 themes")], required=False)
    rating = forms.ChoiceField(choices=[("", "All ratings")], required=False)
    q = forms.CharField(label="Indicator contains", required=False)


class ExampleTable(tables.Table):
    """A sortable list with pages."""

    caption = "Returns of 2021/22"
    pages_label = "Pages of returns"
    scorecard = tables.Column()
    period = tables.Column()
    figures = tables.Column(attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    state = tables.TemplateColumn(
        "{% load components %}{% state_tag record.state record.state_words %}", order_by="state", verbose_name="State"
    )


class EmptyTable(ExampleTable):
    """The same list when nothing matches."""

    caption = "Returns that match"


def _returns() -> list[dict[str, Any]]:
    states = [("open", "Open"), ("submitted", "Submitted"), ("returned", "Returned"), ("approved", "Approved")]
    return [
        {
            "scorecard": "Contract indicators" if number % 2 else "Partnership indicators",
            "period": f"2021/22 Q{number % 4 + 1}",
            "figures": 11 if number % 2 else 25,
            "state": states[number % 4][0],
            "state_words": states[number % 4][1],
        }
        for number in range(23)
    ]


def _sparklines() -> list[dict[str, Any]]:
    """Each case that the drawing must handle, with what it shows."""
    supervision = [
        SparkPoint(24255, 73, earlier=True),
        SparkPoint(24265, 90.2),
        SparkPoint(24266, 64.8),
        SparkPoint(24267, 64.2),
    ]
    year = [SparkPoint(at, value) for at, value in enumerate([91, 88, 86, 82, 84, 85])]
    cases: list[tuple[str, dict[str, Any]]] = [
        (
            "Neighbouring periods, target and tolerance band",
            sparkline(year, scale=PERCENTAGES, label="91% to 85% over 6 quarters, within tolerance", end_label="85",
                      targets=[90], bands=[(90, 75)]),
        ),
        (
            "Year-earlier point open, periods between not held",
            sparkline([SparkPoint(0, 99, earlier=True), SparkPoint(4, 80)], scale=PERCENTAGES, end_label="80",
                      label="99% a year earlier, 80% now, on the edge of tolerance", targets=[95], bands=[(95, 80)]),
        ),
        (
            "Months after a gap",
            sparkline(supervision, scale=PERCENTAGES, end_label="64.2", targets=[90],
                      label="73% in March 2021; 90.2%, 64.8% and 64.2% in January, February and March 2022"),
        ),
        (
            "One point, lower is better",
            sparkline([SparkPoint(4, 6)], scale=(0, 20), label="One point, 6%, better than target; lower is better",
                      end_label="6", targets=[9], bands=[(9, 15)]),
        ),
        (
            "Break in the series: nothing is joined across it",
            sparkline(year, scale=PERCENTAGES, label="91% to 85%, with a break before the fourth quarter",
                      end_label="85", targets=[90], bands=[(90, 75)], breaks=[3]),
        ),
        (
            "Known only as less than 1",
            sparkline([SparkPoint(0, 3), SparkPoint(1, 1, "<")], scale=(0, 5), label="3%, then less than 1%",
                      end_label="<1", targets=[2], bands=[(2, 4)]),
        ),
        (
            "Approximate, and a band on both sides",
            sparkline([SparkPoint(0, 12), SparkPoint(1, 8, "~")], scale=(0, 20), label="12%, then about 8%",
                      end_label="~8", targets=[10], bands=[(12, 15), (8, 5)]),
        ),
        (
            "A long label, and a value beyond the scale",
            sparkline([SparkPoint(0, 900), SparkPoint(1, 1514)], scale=(500, 1200), label="900, then 1,514",
                      end_label="1,514"),
        ),
        (
            "No figure for the current period",
            sparkline(year[:5], scale=PERCENTAGES, now=6, label="91% to 84%; none for this quarter", targets=[90],
                      bands=[(90, 75)]),
        ),
        ("None", sparkline([], scale=(0, 1), label="")),
    ]  # fmt: skip
    return [{"words": words, "spec": spec} for words, spec in cases]


STRIP = {
    "rows": [
        {"name": "Contract indicators", "url": "#counts", "outside": 2, "within": 3, "better": 4, "none": 2,
         "total": 11},
        {"name": "Partnership indicators", "url": "#counts", "outside": 7, "within": 1, "better": 11, "none": 6,
         "total": 25, "note": "1 better with caution"},
    ],
    "total": {"name": "Both", "outside": 9, "within": 4, "better": 15, "none": 8, "total": 36},
}  # fmt: skip

BARS = [
    {"name": "6 to 12 months", "number": 292, "kind": "bar"},
    {"name": "24 months or longer", "number": 68, "kind": "bar"},
    {"name": "Another area, for comparison", "number": 152, "kind": "other"},
    {"name": "Start date not stated", "number": 324, "kind": "unknown"},
    {"name": "None", "number": 0, "kind": "bar"},
]

COUNTS = [
    {"code": "outside", "count": 2, "words": "outside", "url": "?rating=outside#counts"},
    {"code": "within", "count": 3, "words": "within", "url": "?rating=within#counts", "current": True},
    {"code": "better", "count": 4, "words": "better", "url": "?rating=better#counts"},
    {"code": "not_judged", "count": 2, "words": "no figure", "url": "?rating=not_judged#counts"},
]


def _scorecard() -> list[dict[str, Any]]:
    """Rows of a scorecard with their cells made ready, as the page of a scorecard gets them."""

    def spark(points: list[SparkPoint], end: str, label: str, target: int, limit: int | None) -> dict[str, Any]:
        bands = [(target, limit)] if limit is not None else []
        return sparkline(points, scale=PERCENTAGES, label=label, end_label=end, targets=[target], bands=bands)

    return [
        {
            "theme": "Assessment and child in need",
            "name": "Assessments completed within 45 days",
            "code": "within",
            "words": "Within tolerance",
            "value": "85%",
            "count": "1,266 of 1,514",
            "target": "90%",
            "tolerance": "75%",
            "change": "No change",
            "since": "from 85%",
            "spec": spark([SparkPoint(0, 85, earlier=True), SparkPoint(4, 85)], "85", "85% both times", 90, 75),
            "headline": "The rating would not change.",
            "query": "the counts give 83.6%",
        },
        {
            "name": "Children in need with a current, appropriate plan",
            "code": "better",
            "words": "Better than target",
            "value": "100%",
            "count": "1,355 of 1,355",
            "target": "95%",
            "tolerance": "80%",
            "since": "No earlier figure held",
            "spec": spark([SparkPoint(4, 100)], "100", "One point, 100%, above target", 95, 80),
            "headline": "All 1,355 children had an appropriate plan on 31 March 2022.",
            "caution": "plans are being validated",
        },
        {
            "theme": "Children in care",
            "name": "Reviews completed in timescale",
            "code": "not_judged",
            "words": "Not reportable",
            "value": "",
            "target": "95%",
            "tolerance": "80%",
            "since": "Not compared",
            "spec": sparkline([], scale=(0, 1), label=""),
            "headline": "Timescale depends on several factors. No date given.",
        },
        {
            "theme": "Practice and workforce",
            "name": "Front line staff supervised in timescale",
            "code": "outside",
            "words": "Outside tolerance",
            "value": "64.2%",
            "count": "value only",
            "target": "90%",
            "tolerance": "none set",
            "change": "↓ 8.8 points",
            "since": "worse, from 73%",
            "spec": spark([SparkPoint(0, 73, earlier=True), SparkPoint(10, 90.2), SparkPoint(11, 64.8),
                           SparkPoint(12, 64.2)], "64.2", "73% in March 2021; 64.2% in March 2022", 90, None),
            "headline": "90.2% in January, 64.2% in March; 8 teams below 70%.",
        },
    ]  # fmt: skip


def _entry() -> list[dict[str, Any]]:
    """Rows of the entry grid: with a warning, saved, with an error, and without a figure."""
    return [
        {
            "id": "a",
            "name": "Assessments completed within 45 days",
            "limits": "Target 90%, tolerance 75%",
            "before": "Quarter 4 2020/21",
            "before_value": "85%",
            "numerator": "1,266",
            "denominator": "1,514",
            "result": "83.6%",
            "code": "within",
            "words": "Within",
            "kind": "warn",
            "message": "The commentary says 85%. 1,266 of 1,514 is 83.6%. Correct one, or keep both and say why.",
            "comment": "85% in timescale, the same position as 2020/21.",
            "state": "Saved, with a warning",
            "at": "10:38",
        },
        {
            "id": "b",
            "name": "Children in need with a current, appropriate plan",
            "limits": "Target 95%, tolerance 80%",
            "before": "No earlier figures held",
            "numerator": "1,355",
            "denominator": "1,355",
            "result": "100%",
            "code": "better",
            "words": "Better",
            "comment": "All of those children had an appropriate plan.",
            "state": "Saved",
            "at": "10:39",
        },
        {
            "id": "c",
            "name": "Initial protection conferences within 15 days",
            "limits": "Target 95%, tolerance 80%",
            "before": "No earlier figures held",
            "numerator": "150",
            "denominator": "148",
            "kind": "err",
            "message": "Numerator must be 148 or less. Swap the two boxes if they are the wrong way round.",
            "comment": "All except 2 took place within 15 working days.",
            "state": "Not saved",
            "at": "kept on this page",
        },
        {
            "id": "d",
            "name": "Visited by the lead social worker in timescale",
            "limits": "Target 80%, tolerance 80%",
            "before": "No earlier figures held",
            "value": "93",
            "result": "93%",
            "code": "better",
            "words": "Better",
            "comment": "",
            "state": "Saved",
            "at": "10:40",
        },
        {
            "id": "e",
            "name": "Reviews completed in timescale",
            "limits": "Target 95%, tolerance 80%",
            "before": "No earlier figures held",
            "closed": True,
            "comment": "Timescale depends on a range of factors.",
            "state": "Saved",
            "at": "10:41",
        },
    ]


@login_not_required
def components_page(request: HttpRequest) -> HttpResponse:
    """Every component, live. Shows example figures from the published reports; reads nothing from the database."""
    rows = _returns()
    table = ExampleTable(rows, order_by=request.GET.get("sort", "period"), template_name="django_tables2/govuk.html")
    arranged(request, table, per_page=5)
    empty_table = EmptyTable([], template_name="django_tables2/govuk.html", empty_text="No returns match the filters.")
    context = {
        "form": None,
        "blank_form": ExampleForm(auto_id="blank_%s"),
        "wrong_form": ExampleForm({"numerator": "twelve", "expected_on": "31 February 2022"}, {}, auto_id="wrong_%s"),
        "filters_form": ExampleFilters(auto_id="filter_%s", initial={"period": "2021-22-q4"}),
        "table": table,
        "empty_table": empty_table,
        "page_obj": Paginator(range(230), 10).page(8),
        "sparklines": _sparklines(),
        "variations": [
            *({"code": code.value, "words": words} for code, words in VARIATION_WORDS.items()),
            {"code": "", "words": NO_LIMITS},
        ],
        "assurances": [{"code": code.value, "words": words} for code, words in ASSURED_WORDS.items()],
        "strip": STRIP,
        "bars": BARS,
        "counts": COUNTS,
        "relief_until": date(2023, 3, 31),
        "more": [{"words": "Show worst first", "url": "?order=worst#counts"}],
        "ratings": [
            ("better", "Better than target", "Better"),
            ("within", "Within tolerance", "Within"),
            ("outside", "Outside tolerance", "Outside"),
            ("outside", "Target not met", "Not met"),
            ("not_judged", "Not reportable", "Not reportable"),
            ("not_judged", "Not available", "Not available"),
            ("not_judged", "Narrative only", "Narrative only"),
            ("not_judged", "Not yet due", "Not yet due"),
        ],
        "classes": marks.CSS_CLASS,
        "scorecard": _scorecard(),
        "entry": _entry(),
        "crumb_items": [
            {"label": "Home", "url": "/"},
            {"label": "Scorecards", "url": "#crumbs"},
            {"label": "Contract indicators", "url": ""},
        ],
        "errors": [
            {"text": "Enter a numerator of 148 or less", "href": "#blank_numerator"},
            {"text": "The return was changed by someone else while you worked", "href": ""},
        ],
        "downloads": [
            {"label": "CSV", "url": "#downloads", "words": "comma-separated values"},
            {"label": "CSV for Excel", "url": "#downloads", "words": ""},
        ],
        "pairs": [
            {"key": "Value, unrounded", "value": "13.78% of full-time equivalent posts"},
            {"key": "Better than target", "value": "16% or less"},
            {"key": "Source", "value": "Report, paragraph 65", "url": "#pairs"},
            {"key": "Target in force from", "value": None},
        ],
    }
    return render(request, "partnership/components.html", context)
