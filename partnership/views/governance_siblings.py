"""The pages of governance, so that each leads to the others."""

from typing import Any

from django.urls import reverse

from indicators.models import Partnership

# Name of the address, and what the page is called, in the order of the links. One line a page.
PAGES: tuple[tuple[str, str], ...] = (
    ("governance", "Governance"),
    ("improvement_plans", "Improvement plans"),
    ("risks", "Risk register"),
    ("inspections", "Inspections and ambition"),
    ("assurance", "Assurance"),
    ("actions", "Actions"),
    ("meetings", "Meetings"),
    ("resolutions", "Resolutions"),
    ("answers_owed", "Answers owed"),
    ("work_programme", "Work programme"),
    ("exceptions", "Exception reports"),
)  # fmt: skip


def siblings(partnership: Partnership, current: str) -> list[dict[str, Any]]:
    """Links to every page of governance; `current` is the name of the address one is on."""
    return [
        {"name": words, "url": reverse(name, args=[partnership.slug]), "is_current": name == current}
        for name, words in PAGES
    ]
