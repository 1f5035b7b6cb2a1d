"""What the overview of money says of a page: each section gives one, or nothing where nothing is held."""

from dataclasses import dataclass

from indicators.roles import Permission


@dataclass(frozen=True)
class Section:
    """A page of money with the sentence that says what it holds; with `needs`, for who has one of these rights.

    `drafts` says what waits for a decision, for who may see drafts; with `is_drafts_alone` there is nothing else on it.
    """

    title: str
    url: str
    sentence: str
    needs: tuple[Permission, ...] = ()
    drafts: str = ""
    is_drafts_alone: bool = False
