"""Parts of addresses that name a register or a page of figures."""

from finance.figure_pages import FIGURE_PAGES, FigurePage
from finance.registers import REGISTERS, Register


class RegisterConverter:
    """A register by its code."""

    regex = "|".join(REGISTERS)

    def to_python(self, value: str) -> Register:
        """The register."""
        return REGISTERS[value]

    def to_url(self, value: Register | str) -> str:
        """Its code."""
        return value if isinstance(value, str) else value.code


class FigurePageConverter:
    """A page of figures by its code."""

    regex = "|".join(FIGURE_PAGES)

    def to_python(self, value: str) -> FigurePage:
        """The page."""
        return FIGURE_PAGES[value]

    def to_url(self, value: FigurePage | str) -> str:
        """Its code."""
        return value if isinstance(value, str) else value.code
