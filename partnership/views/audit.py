"""For administrators: who came in, what was changed about access, and who took unpublished figures out."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from indicators.audit_table import AUDIT_TABLE
from indicators.exports import csv_response
from indicators.models import AuditEvent, Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.tables import AuditTable
from indicators.views.lists import arranged
from partnership.forms.audit import AuditFilter
from partnership.selectors.audit import audit_events, kinds_seen

PER_PAGE = 50


def _chosen(request: HttpRequest, partnership: Partnership) -> tuple[QuerySet[AuditEvent], AuditFilter, bool]:
    """The events that the address asks for (none where it cannot be read), the filters, and whether one is set."""
    form = AuditFilter(request.GET, kinds=kinds_seen(partnership))
    if not form.is_valid():
        return AuditEvent.objects.none(), form, True
    rows = audit_events(partnership, access=request.access, now=request.now, **form.cleaned_data)
    return rows, form, any(form.cleaned_data.values())


@requires(Permission.VIEW_AUDIT)
@never_cache
@require_safe
def audit(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The record, the latest first; filtered and paged by the address."""
    rows, form, is_filtered = _chosen(request, partnership)
    table = AuditTable(rows, spec=AUDIT_TABLE)
    arranged(request, table, per_page=PER_PAGE)
    context = {
        "table": table,
        "form": form,
        "is_filtered": is_filtered,
        "number": table.paginator.count,
        "query": request.GET.urlencode(),
    }
    return render(request, "partnership/audit.html", context)


@requires(Permission.VIEW_AUDIT)
@never_cache
@require_safe
def audit_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """Everything that the filters of the page let through, on one list."""
    rows, form, _ = _chosen(request, partnership)
    if not form.is_valid():
        raise Http404("The address asks for events by a filter that is none.")
    return csv_response("audit.csv", AUDIT_TABLE.header, AUDIT_TABLE.csv_rows(rows.iterator()))
