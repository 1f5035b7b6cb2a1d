"""The drawing of an indicator's figures as a file that stands for itself: title, what it says, source and day in it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.control import Control
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.indicators import IndicatorView
from indicators.trend import ADJECTIVES, Trend, axis_sentence, chart_sentence
from indicators.trend_drawing import Words, trend_svg
from indicators.views.addresses import drawing_name
from indicators.views.indicator_page import sources_of
from indicators.views.indicator_trends import charted
from indicators.views.indicators import viewed_indicator
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
    drawn, found = charted(trend)
    words = _words(view, drawn, found.sentence, f"{partnership}. Drawn on {day_words(request.today)}.")  # type: ignore[attr-defined]
    control = found if isinstance(found, Control) else None
    svg = trend_svg(drawn, control, label=chart_sentence(drawn, view.name), words=words)
    response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{drawing_name(code, kind, view.slice)}.svg"'
    response["Cache-Control"] = "no-store"
    return response


def _words(view: IndicatorView, trend: Trend, said: str, drawn: str) -> Words:
    first, last = trend.numbers[0].label, trend.numbers[-1].label
    title = f"{view.name}: {ADJECTIVES[trend.kind]} figures, {first} to {last}"
    restated = [
        f"{s.label} was restated: {s.former_text} before, {s.text} now." for s in trend.numbers if s.is_restated
    ]
    foot = [said, *restated, axis_sentence(trend.axis, trend.unit)]
    foot += [f"Source: {source}." for source in sources_of(view.revisions)]
    return Words(title, tuple(filter(None, (*foot, drawn))))
