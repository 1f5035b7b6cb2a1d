"""Sets how a partnership protects small numbers in what everybody may read."""

from collections.abc import Sequence
from datetime import date, datetime

from indicators.disclosure.policy import PEOPLE, Policy, PolicyError
from indicators.models import DisclosurePolicy, Partnership, User
from indicators.operations.basics import hold, known_on, operation, signed
from indicators.operations.errors import WrongState


@operation
def set_policy(
    *, partnership: Partnership, valid_from: date, threshold: int, small_group: int, zero_discloses: bool,
    shows_value_only: bool, rounding_base: int, counts: Sequence[str], authority: str, number: int, by: User,
    at: datetime,
) -> DisclosurePolicy:  # fmt: skip
    """Sets another policy from a day on, today or later. `number`: of the last one that was read (0: none). Raises
    WrongState with a sentence when it is not sound or another was set meanwhile."""
    hold(Partnership, partnership.pk)
    last = partnership.disclosure_policies.order_by("-number").first()
    if (last.number if last else 0) != number:
        raise WrongState(
            "Another policy has been set since you opened the page. Look at it, then say again what holds."
        )
    if valid_from < known_on(at):
        raise WrongState("A policy holds from today or from a later day: what was published stays as it was.")
    if not set(counts) <= PEOPLE:
        raise WrongState("Choose who is protected.")
    try:
        Policy(
            authority=authority, effective_from=valid_from, threshold=threshold, small_group=small_group,
            zero_discloses=zero_discloses, shows_value_only=shows_value_only, rounding_base=rounding_base,
            counts=frozenset(counts),
        )  # fmt: skip
    except PolicyError as error:
        raise WrongState(str(error)) from error
    return DisclosurePolicy.objects.create(
        partnership=partnership, number=number + 1, valid_from=valid_from, threshold=threshold,
        small_group=small_group, zero_discloses=zero_discloses, shows_value_only=shows_value_only,
        rounding_base=rounding_base, counts=sorted(counts), authority=authority.strip(), **signed(by, at),
    )  # fmt: skip
