"""Addresses of pages that name an indicator, or a part of one."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.http import urlencode

# No indicator's code: it is put in place of one, and those need no escape.
_CODE = "00-code-00"


def indicator_url(partnership: str, code: str, slice_key: str = "", **query: str) -> str:
    """The page of an indicator of the partnership with that slug; with a slice key, of that part of it.

    Empty values of the query are left out.
    """
    asked = {name: value for name, value in {"slice": slice_key, **query}.items() if value}
    url = reverse("indicator", args=[partnership, code])
    return f"{url}?{urlencode(asked)}" if asked else url


def indicator_urls(partnership: str, keys: Collection[tuple[str, str]], **query: str) -> dict[tuple[str, str], str]:
    """The same for many indicators (code and slice key), whose addresses differ in these alone."""
    stem, asked = indicator_url(partnership, _CODE), {name: value for name, value in query.items() if value}
    ends = {"": f"?{urlencode(asked)}" if asked else ""}
    for _, slice_key in keys:
        if slice_key not in ends:
            ends[slice_key] = f"?{urlencode({'slice': slice_key, **asked})}"
    return {(code, slice_key): stem.replace(_CODE, code) + ends[slice_key] for code, slice_key in keys}


def drawing_url(partnership: str, code: str, kind: str, slice_key: str = "", scorecard: str = "") -> str:
    """The file with the drawing of an indicator's figures of one kind of period."""
    asked = {name: value for name, value in {"slice": slice_key, "scorecard": scorecard}.items() if value}
    url = reverse("indicator_drawing", args=[partnership, code, kind])
    return f"{url}?{urlencode(asked)}" if asked else url


def drawing_name(code: str, kind: str, slice_key: str = "") -> str:
    """What such a file is called, without its ending."""
    part = slice_key.replace("=", "-").replace("|", "_")
    return "_".join(filter(None, (code, part, kind)))
