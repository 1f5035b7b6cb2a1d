"""How the record of access names packs and the committee papers that were issued of them.

Who reads the record may be somebody to whom a pack is not there, and its code tells of body and day.
"""

EXEMPT = "An exempt pack"
HELD = "A pack under embargo"


def line_of(code: str, *, is_exempt: bool = False) -> str:
    """What stands in a line about a pack."""
    return EXEMPT if is_exempt else f"Pack {code}"


def line_of_issue(code: str, paper: int, issue: int, *, is_exempt: bool = False) -> str:
    """What stands in a line about an issue of a committee paper of a pack."""
    return without_its_name(EXEMPT) if is_exempt else f"Committee paper {paper} of {code}, issue {issue}"


def without_its_name(words: str) -> str:
    """The same where the pack is told as `words` alone."""
    return f"A committee paper of {words[0].lower()}{words[1:]}"
