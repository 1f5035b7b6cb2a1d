"""The e-mail that tells somebody of new alerts. An e-mail is read by whoever sees the screen, and is passed on.

So it carries no figure, no rating, no commentary and no address that names what it is about: what kind of alert, the
name of an indicator and of a scorecard as a published pack told them, and otherwise that there is one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from partnership.reminder_mail import ReminderMail

# So many lines stand in one e-mail; the page has them all.
MOST_LINES = 30


@dataclass(frozen=True)
class DigestLine:
    """One alert: its kind in words, and what is published of it. `name` and `scorecard` are empty for what is not."""

    kind: str
    period: str
    name: str = ""
    scorecard: str = ""

    @property
    def words(self) -> str:
        """ "Rating changed: Re-referrals (Contract indicators, 2021/22 Q4)"; "Rating changed: an indicator of …"."""
        kind, name, scorecard = (" ".join(text.split()) for text in (self.kind, self.name, self.scorecard))
        if name and scorecard:
            return f"{kind}: {name} ({scorecard}, {self.period})"
        if scorecard:
            return f"{kind}: an indicator of “{scorecard}”, {self.period}"
        return "An alert on a scorecard that is not named in e-mails"


def digest_mail(
    *, lines: Sequence[DigestLine], place: str, address: str, settings_address: str, how_often: str
) -> ReminderMail:
    """The digest of these alerts, equal lines told once with their number. `place`: name of the partnership; the two
    addresses lead to the person's alerts and to what they follow; `how_often`: "at most once a day".

    "3 new alerts: Northshire partnership".
    """
    place = " ".join(place.split())
    counted = Counter(line.words for line in lines)
    told = [words if number == 1 else f"{words} ({number} alerts)" for words, number in counted.items()]
    left = len(told) - MOST_LINES
    if left > 0:
        told = [*told[:MOST_LINES], f"and {left} more"]
    number = "1 new alert" if len(lines) == 1 else f"{len(lines)} new alerts"
    body = [
        f"{number} on the performance figures that you follow:",
        "\n".join(f"- {words}" for words in told),
        f"Read what changed, and why you are told it, here: {address}",
        "No figure stands in this e-mail, and an indicator is named only where a published pack names it.",
        f"You get this e-mail because you asked to be told {how_often}. Change that or end it here: "
        f"{settings_address} It was sent by the service and cannot be answered.",
    ]
    return ReminderMail(f"{number}: {place}", "\n\n".join(body) + "\n")
