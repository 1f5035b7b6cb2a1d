"""What the overview of money says of the registers and of the figures beside them."""

from collections.abc import Callable
from functools import partial

from django.urls import reverse

from finance.contract_words import counted
from finance.figure_pages import FIGURE_PAGES, FigurePage
from finance.registers import REGISTERS, Register
from finance.selectors.figure_pages import has_any
from finance.selectors.register_drafts import number_waiting
from finance.selectors.registers import number_on
from finance.views.sections import Section
from indicators.models import Partnership


def _register(register: Register, partnership: Partnership) -> Section | None:
    number, waits = number_on(partnership, register), number_waiting(partnership, register)
    if not number and not waits:
        return None
    url = reverse("register", args=[partnership.slug, register.code])
    noun = register.one if number == 1 else f"{register.one}s"
    drafts = f"{counted(waits, 'draft')} {'waits' if waits == 1 else 'wait'} for a decision." if waits else ""
    held = f"{number} {noun}. " if number else ""
    return Section(register.name, url, f"{held}{register.lead}", drafts=drafts, is_drafts_alone=not number)


def _figures(page: FigurePage, partnership: Partnership) -> Section | None:
    if not has_any(partnership, page):
        return None
    return Section(page.name, reverse("figure_page", args=[partnership.slug, page.code]), page.lead)


SECTIONS: list[Callable[[Partnership], Section | None]] = [
    *(partial(_register, register) for register in REGISTERS.values()),
    *(partial(_figures, page) for page in FIGURE_PAGES.values()),
]
