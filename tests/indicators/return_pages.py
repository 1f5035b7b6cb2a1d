"""What the tests of the return pages share: addresses, and the form of the entry grid as a browser would send it."""

from typing import Any

from bs4 import BeautifulSoup
from django.urls import reverse

from indicators.models import Return


def address(name: str, row: Return) -> str:
    """The address of one of a return's pages."""
    key = [row.round.scorecard.code, row.round.period.slug, row.partner.code, row.number]
    return reverse(name, args=[row.round.partnership.slug, *key])


def soup(response: Any) -> BeautifulSoup:
    """The page, read."""
    return BeautifulSoup(response.content, "lxml")


def form_of(response: Any, selector: str = "main form") -> dict[str, Any]:
    """Every field of the page's form with the value that a browser would send; no button."""
    found: dict[str, Any] = {}
    for element in soup(response).select_one(selector).select("input[name], select[name], textarea[name]"):
        name = element["name"]
        if element.name == "textarea":
            found[name] = element.text.removeprefix("\n")
        elif element.name == "select":
            chosen = element.select_one("option[selected]") or element.select_one("option")
            found[name] = chosen.get("value", chosen.text) if chosen else ""
        elif element.get("type") in {"checkbox", "radio"}:
            if element.has_attr("checked"):
                found.setdefault(name, []).append(element["value"])
        elif element.get("type") != "file":
            found[name] = element.get("value", "")
    return found


def summary(response: Any) -> list[tuple[str, str]]:
    """The error summary: each text with the id that it links to."""
    items = soup(response).select(".govuk-error-summary__list li")
    return [(li.get_text(" ", strip=True), li.a["href"] if li.a else "") for li in items]


def words(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(soup(response).main.get_text(" ", strip=True).split())


def row_of(response: Any, pk: int) -> Any:
    """One row of the entry grid."""
    return soup(response).select_one(f"#r-{pk}")


def said(response: Any, pk: int) -> str:
    """The messages of a row."""
    return row_of(response, pk).select_one(".said").get_text(" ", strip=True)


def state(response: Any, pk: int) -> str:
    """The last column of a row."""
    return row_of(response, pk).select_one(".st").get_text(" ", strip=True)
