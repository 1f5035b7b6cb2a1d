"""Sorts and pages a list by its address; how many rows a page has is the page's affair, not the address's."""

from copy import copy
from typing import Any

from django.http import HttpRequest
from django_tables2 import RequestConfig


def arranged(request: HttpRequest, table: Any, *, per_page: int) -> Any:
    """The table in the order and on the page that the address names."""
    asked = copy(request)
    asked.GET = request.GET.copy()
    for name in list(asked.GET):
        if name.endswith("per_page"):
            del asked.GET[name]
    RequestConfig(asked, paginate={"per_page": per_page}).configure(table)
    return table
