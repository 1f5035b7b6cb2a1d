"""Reads what in the reason for a withdrawal could identify somebody: everybody reads it at the address of the pack."""

from datetime import date

from indicators.models import Audience
from indicators.selectors.disclosure import policy_from, policy_row
from partnership.models import Pack
from partnership.selectors.known_names import known_in
from partnership.selectors.paper_passages import untold_of
from partnership.selectors.protection import Passage, Written, passages_in


def passages_of_reason(pack: Pack, reason: str, *, today: date) -> list[Passage]:
    """The passages of the reason for which a published pack is withdrawn; none for a pack for members. Eight queries,
    and one for each of its tables."""
    if pack.audience != Audience.PUBLIC:
        return []
    policy = policy_from(policy_row(pack.partnership, today), today)
    written = Written("withdrawal/reason", "Why the pack is withdrawn", reason, can_go=False)
    untold = untold_of(pack)
    return passages_in(written, policy, untold.numbers, close_values=untold.values, known=known_in(pack.partnership))
