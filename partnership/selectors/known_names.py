"""Reads the names that a partnership knows: its places name no person, and a number in a name counts nobody."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify

from indicators.models import IndicatorVersion, Partnership
from partnership.models import BodyVersion

# So much of the name of a body stands in the code of its pack.
MOST_OF_A_NAME = 55


@dataclass(frozen=True)
class Known:
    """Single words of names of places; whole names, and the same as codes have them."""

    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    in_codes: frozenset[str] = frozenset()

    def names_in(self, key: str) -> frozenset[str]:
        """The names to look for in a text, by the key of where it stands. The name of a scorecard, which is looked
        through for itself, is no excuse of its own."""
        if key.startswith("pack/scorecard/"):
            return frozenset()
        return self.in_codes if key.endswith("/code") else self.names


def known_in(partnership: Partnership) -> Known:
    """The names of a partnership, its partners, bodies, scorecards and indicators. Four queries."""
    places = [partnership.name, *partnership.partners.values_list("name", flat=True)]
    versions = IndicatorVersion.objects.filter(indicator__series__partnership=partnership).distinct()
    names = {
        *places,
        partnership.authority_name,
        *partnership.scorecards.values_list("name", flat=True),
        *BodyVersion.objects.filter(body__partnership=partnership).values_list("name", flat=True),
        *(name for pair in versions.values_list("name", "short_name") for name in pair),
    }
    codes = {slugify(name)[:MOST_OF_A_NAME].strip("-").replace("-", " ") for name in names}
    return Known(_words_of(places), frozenset(names), frozenset(codes))


def _words_of(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word.strip(".,()") for name in names for word in name.replace("’", " ").replace("'", " ").split())
