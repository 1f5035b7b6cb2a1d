"""Search: what was found of each kind, and where it stands."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.addresses import indicator_url
from partnership.forms.search import SearchForm
from partnership.operations.search import refresh_search
from partnership.search_words import terms_of
from partnership.selectors.search import Hit, Kind, found_for, hits_of

PAGE_SIZE = 20


@require_safe
@requires(Permission.VIEW_APPROVED)
def search(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What holds every word that was typed, of what the person may read; by kind, twenty a page."""
    form = SearchForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {"q": "", "kind": ""}
    terms = terms_of(asked["q"])
    if terms:
        refresh_search(partnership=partnership)
    access = request.access  # type: ignore[attr-defined]
    found = found_for(access, partnership, terms, kind=asked["kind"], now=request.now)
    page = Paginator(found.entries, PAGE_SIZE).get_page(request.GET.get("page"))
    hits = [{"hit": hit, "url": _url(partnership.slug, hit)} for hit in hits_of(partnership, page, terms)]
    context: dict[str, Any] = {"form": form, "q": asked["q"], "kind": asked["kind"], "terms": terms}
    context |= {"counts": found.counts, "number": found.number, "page": page, "hits": hits}
    return render(request, "partnership/search.html", context)


def _url(slug: str, hit: Hit) -> str:
    row = hit.row
    if hit.kind is Kind.INDICATOR:
        return indicator_url(slug, row.indicator.code)
    if hit.kind is Kind.COMMENTARY:
        return indicator_url(slug, row.series.indicator.code, row.series.slice.key, period=row.period.slug)
    if hit.kind is Kind.BODY:
        return reverse("body", args=[slug, row.body.code])
    if hit.kind is Kind.ACTION:
        return reverse("action", args=[slug, row.number])
    if hit.kind is Kind.STATEMENT:
        return reverse("meeting", args=[slug, row.meeting.code])
    item = row if hit.kind is Kind.ITEM else row.item
    return f"{reverse('meeting', args=[slug, item.meeting.code])}#item-{item.order}"
