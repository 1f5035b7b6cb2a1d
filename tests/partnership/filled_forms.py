"""Pages with forms as a person without a script uses them: opened, filled in, sent."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client


def page_of(client: Client, path: str) -> BeautifulSoup:
    """A page that is there."""
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code, response.get("Location"))
    return BeautifulSoup(response.content, "lxml")


def text_of(client: Client, path: str) -> str:
    """Its words."""
    return " ".join(page_of(client, path).get_text(" ").split())


def form_in(page: BeautifulSoup, path: str) -> dict[str, Any]:
    """What the form of a page that is sent to an address would send as it stands."""
    form = next(f for f in page.select("form[method=post]") if f.get("action") == path)
    sent: dict[str, Any] = {}
    for box in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(box["name"]), box.get("type")
        if kind in {"checkbox", "radio"} and not box.has_attr("checked"):
            continue
        if box.name == "select":
            chosen = box.select_one("option[selected]") or box.select_one("option")
            sent[name] = chosen["value"] if chosen else ""
        elif kind == "checkbox":
            sent.setdefault(name, []).append(box.get("value", "on"))
        elif kind != "file":
            sent[name] = box.get_text().removeprefix("\n") if box.name == "textarea" else box.get("value", "")
    return sent


def opened(client: Client, path: str) -> dict[str, Any]:
    """What the form of the page at an address would send as it stands: a tab that stays open."""
    return form_in(page_of(client, path), path)


def send(client: Client, path: str, sent: dict[str, Any], status: int = 302) -> str:
    """Sends a form; what the page after it says."""
    response = client.post(path, sent)
    said = BeautifulSoup(response.content, "lxml")
    errors = [e.get_text() for e in said.select(".govuk-error-summary a, .govuk-error-summary li")]
    assert response.status_code == status, errors or response.status_code
    return " ".join(said.get_text(" ").split()) if status == 200 else text_of(client, str(response["Location"]))


def fill(client: Client, path: str, status: int = 302, /, **values: Any) -> str:
    """Opens a page, fills its form in and sends it; what the page after it says."""
    return send(client, path, opened(client, path) | values, status)
