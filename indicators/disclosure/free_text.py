"""What in a text could tell who somebody is: small numbers, and what names or finds a person.

Commentary, minutes, actions, risks, captions and names of files are read before they are published. Each hit needs a
person's decision; nothing is changed here, and a text without a hit is no proof.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from indicators.disclosure.known_names import spans_of
from indicators.disclosure.personal import found_persons
from indicators.disclosure.plain_text import PlainText, plain
from indicators.disclosure.policy import Policy
from indicators.disclosure.small_counts import small_counts

_AROUND = 40


class Kind(StrEnum):
    """What was found."""

    SMALL_NUMBER = "small number"
    SHARE_OF_FEW = "share of few"
    WHOLE_GROUP = "whole group"
    NHS_NUMBER = "NHS number"
    UPN = "unique pupil number"
    BIRTH_DATE = "date of birth"
    POSTCODE = "postcode"
    INITIALS = "initials"
    NAME = "name"
    EMAIL = "e-mail address"
    PHONE = "telephone number"


_WHY = {
    Kind.SMALL_NUMBER: "A number below {t} may count people.",
    Kind.SHARE_OF_FEW: "A share of so small a group tells how many they are.",
    Kind.WHOLE_GROUP: "It says of everybody in a small group that they are, or are not, something.",
    Kind.NHS_NUMBER: "This reads as an NHS number.",
    Kind.UPN: "This reads as the unique pupil number of a child.",
    Kind.BIRTH_DATE: "This reads as the day on which a child was born.",
    Kind.POSTCODE: "A postcode may be that of a few homes.",
    Kind.INITIALS: "This reads as the initials of a child or of somebody near one.",
    Kind.NAME: "This reads as the name of a child or of somebody near one.",
    Kind.EMAIL: "An e-mail address is that of a person.",
    Kind.PHONE: "A telephone number may be that of a person.",
}
_NUMBERS = frozenset({Kind.SMALL_NUMBER, Kind.SHARE_OF_FEW, Kind.WHOLE_GROUP})
_DO_NUMBER = "Write “fewer than {t}”, leave the number out, or decide that it counts nobody."
_DO_PERSON = "Take it out, or decide that it identifies nobody who must not be known."


@dataclass(frozen=True)
class Hit:
    """One thing found: signs `start` to `end` − 1 of the text as written, and the words around it."""

    kind: Kind
    start: int
    end: int
    around: str
    why: str
    what_to_do: str


def scan(
    written: str, policy: Policy, *, known_words: Collection[str] = (), known_names: Collection[str] = ()
) -> tuple[Hit, ...]:  # fmt: skip
    """The hits of a text in their order; none for an audience from which nothing is hidden.

    `known_words`: capitalised words that name no person here, such as places and bodies of the partnership;
    `known_names`: whole names, in which a number counts nobody.
    """
    if not policy.hides:
        return ()
    words, names = frozenset(known_words), tuple(known_names)
    hits = _hits(plain(written), policy, words, names)
    if "<" in written:
        seen = {(hit.start, hit.end) for hit in hits}
        within = _hits(plain(written, keeps_tags=True), policy, words, names)
        hits += [hit for hit in within if not any(start < hit.end and hit.start < end for start, end in seen)]
    return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end)))


def _hits(text: PlainText, policy: Policy, known_words: frozenset[str], known_names: Collection[str]) -> list[Hit]:
    found = set(_found(text, policy, known_words, known_names))
    return [_hit(text, *one, policy) for one in sorted(_outermost(found))]


def _found(
    text: PlainText, policy: Policy, known_words: frozenset[str], known_names: Collection[str]
) -> Iterator[tuple[int, int, Kind]]:  # fmt: skip
    names = list(spans_of(text.text, known_names))
    for count in small_counts(text.text, threshold=policy.threshold, small_group=policy.small_group):
        if count.is_whole and not policy.zero_discloses and count.number >= policy.threshold:
            continue
        if any(start <= count.start and count.end <= end for start, end in names):
            continue
        yield count.start, count.end, _kind_of_count(count.is_share, count.is_whole)
    for start, end, word in found_persons(text.text, known_words):
        yield start, end, Kind(word)


def _kind_of_count(is_share: bool, is_whole: bool) -> Kind:
    if is_share:
        return Kind.SHARE_OF_FEW
    return Kind.WHOLE_GROUP if is_whole else Kind.SMALL_NUMBER


def _outermost(found: Collection[tuple[int, int, Kind]]) -> list[tuple[int, int, Kind]]:
    """Each stretch of text once: what lies inside another hit is told by that."""
    kept: list[tuple[int, int, Kind]] = []
    furthest = 0
    for start, end, kind in sorted(found, key=lambda one: (one[0], -one[1], one[2])):
        if end > furthest:
            kept.append((start, end, kind))
            furthest = end
    return kept


def _whole_words(text: str, start: int, end: int) -> str:
    """The words around a stretch, none of them cut."""
    before, after = text[max(0, start - _AROUND - 1) : start], text[end : end + _AROUND + 1]
    if len(before) > _AROUND:
        before = before[before.find(" ") :] if " " in before else ""
    if len(after) > _AROUND:
        after = after[: after.rfind(" ")] if " " in after else ""
    return " ".join(f"{before}{text[start:end]}{after}".split())


def _hit(text: PlainText, start: int, end: int, kind: Kind, policy: Policy) -> Hit:
    first, last = text.place(start, end)
    around = _whole_words(text.text, start, end)
    do = _DO_NUMBER if kind in _NUMBERS else _DO_PERSON
    return Hit(kind, first, last, around, _WHY[kind].format(t=policy.threshold), do.format(t=policy.threshold))
