"""The drawing of an indicator's figures as a file that stands for itself: title, what it says, source and day in it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.indicators import IndicatorView
from indicators.trend import ADJECTIVES
from indicators.trend_drawing import Words
from indicators.views.addresses import drawing_name
from indicators.views.indicator_page import sources_of
from indicators.views.indicator_trends import Drawing, drawing_of
from indicators.views.indicators import drawn_with, viewed_indicator
from indicators.working_days import day_words


@require_safe
@requires(Permission.EXPORT_APPROVED)
def indicator_drawing(request: HttpRequest, partnership: Partnership, code: str, kind: str) -> HttpResponse:
    """The approved figures of one kind of period (month, quarter, financial_year) as SVG. Raises Http404 for a kind of
    which fewer than two figures are held."""
    view = viewed_indicator(request, partnership, code)
    trend = next((t for t in view.trends if t.kind == kind and len(t.numbers) > 1), None)
    if trend is None:
        raise Http404("Fewer than two figures of this kind are held.")
    comparison, kept = drawn_with(request, partnership, view)
    drawn = drawing_of(trend, view, comparison, kept)
    words = _words(view, drawn, f"{partnership}. Drawn on {day_words(request.today)}.")  # type: ignore[attr-defined]
    svg = drawn.svg(drawn.label(view.name, is_on_page=False), words)
    response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{drawing_name(code, kind, view.slice)}.svg"'
    response["Cache-Control"] = "no-store"
    return response


def _words(view: IndicatorView, drawing: Drawing, made: str) -> Words:
    trend = drawing.trend
    first, last = trend.numbers[0].label, trend.numbers[-1].label
    title = f"{view.name}: {ADJECTIVES[trend.kind]} figures, {first} to {last}"
    restated = [
        f"{s.label} was restated: {s.former_text} before, {s.text} now." for s in trend.numbers if s.is_restated
    ]
    no_limits = f"No control limits are drawn. {drawing.no_limits}" if drawing.no_limits else ""
    foot = [drawing.control.sentence if drawing.control else no_limits, drawing.heading.sentence]
    foot += [f"In the drawing: {drawing.key}.", drawing.beside.words, *restated, drawing.axis_words]
    foot += [f"Source: {source}." for source in sources_of(view.revisions)]
    foot.append(f"Source of the official figures: {drawing.beside.source}." if drawing.beside.source else "")
    return Words(title, tuple(filter(None, (*foot, made))))
