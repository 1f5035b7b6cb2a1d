"""What every page of the front door needs first: the figures that the reader may see, and the period asked for."""

from dataclasses import dataclass

from django.http import HttpRequest

from indicators import quarters
from indicators.models import Partnership
from indicators.roles import Permission
from indicators.selectors.books import Book
from indicators.views.addresses import indicator_url
from referrals.forms.front_door import PeriodForm
from referrals.selectors.front_door import demand_book, held_periods, named_period, usual_period


@dataclass(frozen=True)
class Asked:
    """The figures, the period (None: nothing is held), and the form that chooses another."""

    book: Book
    period: quarters.Period | None
    form: PeriodForm

    @property
    def query(self) -> str:
        """The period as a query of an address."""
        return f"?period={self.period.slug}" if self.period else ""


def asked(request: HttpRequest, partnership: Partnership) -> Asked:
    """Reads the address. Raises Http404 for what names no month, quarter or year."""
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)  # type: ignore[attr-defined]
    book = demand_book(partnership, sees_protected=sees_protected)
    wanted, today = request.GET.get("period", ""), request.today  # type: ignore[attr-defined]
    period = named_period(wanted) if wanted else usual_period(partnership, today)
    return Asked(book, period, PeriodForm(periods=held_periods(book), chosen=period))


def figure_url(partnership: str, book: Book, code: str, slice_key: str, slug: str) -> str:
    """The page of an indicator, or of a part of it, in the period where a figure is held for it, else in its latest."""
    is_held = book.held(code, slug, slice_key) is not None
    return indicator_url(partnership, code, slice_key, period=slug if is_held else "")
