"""The children of a synthetic Annex A: who they are and how far they have come, in the numbers of one authority."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from referrals.annex_a.synthetic.draws import ETHNICITIES, GENDERS, Cells, Draws, text_of, yes_no
from referrals.annex_a.terms import age_in_years

# Children by where they stand, for 5,000 in the file. Report 003: 1,355 child in need plans (§28), 366 protection plans
# (§32), 592 in care of whom 30 in the adoption system (§37, §46), 223 care leavers (§51); twice the quarter's 46 who
# came into and 47 who left care (§39, §40) and its 4 adoptions (§45). The rest makes the referrals and assessments of
# two quarters (§17, §24); contacts and early help are guesses.
STANDINGS: dict[str, int] = {
    "contact": 300, "early-help": 350, "no-further-action": 215, "assessed": 500, "in-assessment": 300,
    "in-need": 1355, "in-need-ended": 480, "protection": 366, "protection-ended": 224, "in-care": 549,
    "for-adoption": 30, "adoption-reversed": 13, "left-care": 87, "adopted": 8, "care-leaver": 223,
}  # fmt: skip
ALL = sum(STANDINGS.values())

_AGES: dict[str, tuple[int, int]] = {
    "care-leaver": (17, 21), "for-adoption": (1, 5), "adoption-reversed": (2, 8), "adopted": (1, 6),
    "in-care": (0, 17), "left-care": (1, 17),
}  # fmt: skip


@dataclass(frozen=True)
class Child:
    """One child. The opening cells are the same in every list."""

    number: int
    standing: str
    born: date
    gender: str
    ethnicity: str
    is_disabled: bool
    is_asylum_seeking: bool

    @property
    def name(self) -> str:
        """The identifier, which says that there is no such child."""
        return f"SYN-{self.number:06d}"

    def opening(self, reference: date) -> Cells:
        """The cells that every list begins with."""
        return {
            "child_unique_id": self.name,
            "gender": text_of("gender", self.gender),
            "ethnicity": text_of("ethnicity", self.ethnicity),
            "date_of_birth": self.born,
            "age_of_child_years": max(0, age_in_years(self.born, reference)),
        }

    def disability(self) -> Cells:
        """The cell that lists 4 to 10 have."""
        return {"does_the_child_have_a_disability": yes_no(self.is_disabled)}

    def after_birth(self, day: date) -> date:
        """The day, or the child's first day where that is later."""
        return max(day, self.born)


def children(draws: Draws, number: int) -> Iterator[Child]:
    """So many children, each standing as often as in the authority."""
    for place, standing in enumerate(_shared_out(draws, number), start=1):
        least, most = _AGES.get(standing, (0, 17))
        days = draws.number(least * 365 + 30, most * 365 + 300)
        is_asylum_seeking = standing in ("in-care", "care-leaver") and days > 14 * 365 and draws.chance(70)
        yield Child(
            place, standing, draws.worked(draws.reference - timedelta(days=days)), draws.weighted(GENDERS),
            draws.weighted(ETHNICITIES), draws.chance(110), is_asylum_seeking,
        )  # fmt: skip


def _shared_out(draws: Draws, number: int) -> list[str]:
    """The standings in mixed order, by largest remainder."""
    shares = {standing: divmod(number * weight, ALL) for standing, weight in STANDINGS.items()}
    counts = {standing: whole for standing, (whole, _) in shares.items()}
    by_remainder = sorted(shares, key=lambda standing: -shares[standing][1])
    for standing in by_remainder[: number - sum(counts.values())]:
        counts[standing] += 1
    everyone = [standing for standing, count in counts.items() for _ in range(count)]
    draws.random.shuffle(everyone)
    return everyone
