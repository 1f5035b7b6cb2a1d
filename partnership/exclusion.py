"""The resolution that excludes the public: under which paragraphs of Schedule 12A, and why it is in the public
interest. It opens the way for exempt items of those paragraphs alone."""

import re
from collections.abc import Iterable

from indicators.phrases import listed

# Of Part 1 of Schedule 12A to the Local Government Act 1972, each with what it is about.
PARAGRAPHS = {
    1: "any individual",
    2: "what is likely to reveal who an individual is",
    3: "financial or business affairs of a person or body, the authority included",
    4: "consultations or negotiations about labour relations",
    5: "what legal professional privilege protects",
    6: "a notice, order or direction that the authority proposes",
    7: "preventing, investigating or prosecuting crime",
}
_NAMED = re.compile(r"\bparagraphs? (\d(?:(?:, | and )\d)*) of Part 1 of Schedule 12A\b")


def exclusion_text(paragraphs: Iterable[int], reason: str) -> str:
    """The words by which the public is excluded: one paragraph of Schedule 12A or more, and the public interest, in
    public."""
    numbers = [str(n) for n in sorted(set(paragraphs))]
    word = "paragraph" if len(numbers) == 1 else "paragraphs"
    return (
        "That under section 100A(4) of the Local Government Act 1972 the public and press be excluded while exempt "
        f"items are considered, because information as defined in {word} {listed(numbers)} of Part 1 of Schedule 12A "
        f"to the Act is likely to be disclosed. Public interest: {reason.strip()}"
    )


def paragraphs_named(text: str) -> frozenset[int]:
    """The paragraphs that such words name; all of them where a paper excludes the public in other words."""
    found = _NAMED.search(text)
    return frozenset(int(n) for n in re.findall(r"\d", found[1])) if found else frozenset(PARAGRAPHS)


def paragraph_words(paragraphs: Iterable[int]) -> str:
    """ "paragraph 3 of Part 1 of Schedule 12A to the Local Government Act 1972", of one paragraph or more."""
    numbers = [str(n) for n in sorted(set(paragraphs))]
    word = "paragraph" if len(numbers) == 1 else "paragraphs"
    return f"{word} {listed(numbers)} of Part 1 of Schedule 12A to the Local Government Act 1972"
