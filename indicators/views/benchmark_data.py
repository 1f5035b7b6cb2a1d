"""The official data sets that are held, the history of their imports, and what a new one would change."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.models import BenchmarkImport, Partnership
from indicators.operations import OperationError
from indicators.operations.benchmarks import Importer, clearing, discard, make_current
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.benchmark_data import history, import_row, preview_of, sets_held
from indicators.typed_text import LONGEST_ID, whole_number

PER_PAGE = 30


@requires(Permission.VIEW_APPROVED)
@require_safe
def data_sets(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every data set that is read, up to which period it goes, and all imports."""
    may_import = request.access.can(Permission.MANAGE_BENCHMARKS)  # type: ignore[attr-defined]
    page = Paginator(history(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [import_row(row) for row in page.object_list]
    context = {
        "sets": sets_held(),
        "imports": rows,
        "waiting": [row for row in rows if row.state == "waiting"] if may_import else [],
        "page": page,
        "may_import": may_import,
    }
    return render(request, "indicators/benchmark_data/list.html", context)


@requires(Permission.MANAGE_BENCHMARKS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one_import(request: HttpRequest, partnership: Partnership, code: str, number: int) -> HttpResponse:
    """What an import holds and would change; sent, it becomes current or is forgotten."""
    rows = BenchmarkImport.objects.filter(values_held__gt=0).select_related("benchmark_set__current")
    staged = get_object_or_404(rows, benchmark_set__code=code, number=number)
    if staged.completed_at is not None:
        messages.info(request, f"“{staged.benchmark_set.title}”, import {number}: this was decided before.")
        return redirect("benchmark_data", partnership=partnership.slug)
    if request.method == "POST":
        return _decided(request, partnership, staged)
    preview = preview_of(staged, own_code=partnership.gss_code)
    return render(request, "indicators/benchmark_data/preview.html", {"preview": preview, "row": preview.row})


def _decided(request: HttpRequest, partnership: Partnership, staged: BenchmarkImport) -> HttpResponse:
    title = staged.benchmark_set.title
    try:
        if request.POST.get("do") == "forget":
            discard(staged=staged)
            messages.info(request, f"“{title}”: the new file was forgotten. What was in use still is.")
        elif request.POST.get("sha256") != staged.sha256:
            messages.error(request, "Another file has been read since you opened the page. Look at it and decide anew.")
        else:
            _make_current(request, partnership, staged)
            messages.success(request, f"“{title}”: import {staged.number} is in use from now on.")
    except OperationError as refusal:
        messages.error(request, str(refusal))
    return redirect("benchmark_data", partnership=partnership.slug)


def _make_current(request: HttpRequest, partnership: Partnership, staged: BenchmarkImport) -> None:
    based_on = whole_number(request.POST.get("based_on", ""), LONGEST_ID)
    importer = Importer(request.user, partnership, request.request_id)  # type: ignore[arg-type, attr-defined]
    make_current(staged=staged, based_on=based_on, importer=importer, at=request.now)  # type: ignore[attr-defined]
    for _ in clearing(code=staged.benchmark_set.code):
        pass
