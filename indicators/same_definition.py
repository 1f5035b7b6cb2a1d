"""When two definitions of an indicator are the same, so that figures of different authorities may be compared.

The code is not enough: a definition can have been reworded or measured otherwise since. What must agree is declared
here, word for word, and has a version: whoever changes what is compared adds one. Only spaces do not count.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# Of the list of parts below; it is part of each fingerprint.
VERSION = 1
# What must agree, in the order in which it is told.
PARTS = (
    ("unit", "Unit"),
    ("polarity", "Which way is better"),
    ("window", "Time that it covers"),
    ("aggregation", "How periods are put together"),
    ("counts", "What is counted"),
    ("numerator", "Numerator"),
    ("denominator", "Denominator"),
    ("name", "Name, where no numerator is worded"),
)
NOT_WORDED = "not worded"


@dataclass(frozen=True)
class Definition:
    """What a published figure was measured by. `places` and `short_name` say how it is shown, and need not agree."""

    indicator: str
    unit: str
    polarity: str
    window: str
    aggregation: str
    counts: str
    numerator: str
    denominator: str
    name: str
    number: int
    valid_from: date = date.min
    places: int = 0
    short_name: str = ""

    def part(self, name: str) -> str:
        """A part as it is compared, without needless spaces; the name only where no numerator is worded."""
        if name == "name" and self.part("numerator"):
            return ""
        return " ".join(str(getattr(self, name)).split())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the code and all parts that must agree, as 64 hexadecimal digits."""
        said = [VERSION, self.indicator, *((name, self.part(name)) for name, _ in PARTS)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    @property
    def short(self) -> str:
        """The first digits of the fingerprint, by which a page and its address name it."""
        return self.fingerprint[:12]


@dataclass(frozen=True)
class Difference:
    """A part that two definitions do not agree in: its name and what each says."""

    part: str
    common: str
    other: str

    @property
    def words(self) -> str:
        """ "Unit: “days”, not “percent”": what the other says, then the common one."""
        return f"{self.part}: “{self.other}”, not “{self.common}”"


def differences(common: Definition, other: Definition) -> tuple[Difference, ...]:
    """Every part in which the other does not agree with the common one; none where figures may be compared."""
    return tuple(
        Difference(words, common.part(name) or NOT_WORDED, other.part(name) or NOT_WORDED)
        for name, words in PARTS
        if common.part(name) != other.part(name)
    )


def most_used(definitions: Iterable[Definition]) -> Definition | None:
    """The definition that most of these have; of several the one that is in force from the latest period, then the one
    with the highest number. None of none."""
    found = list(definitions)
    counted: dict[str, int] = {}
    for one in found:
        counted[one.fingerprint] = counted.get(one.fingerprint, 0) + 1
    return max(found, key=lambda d: (counted[d.fingerprint], d.valid_from, d.number, d.fingerprint), default=None)
