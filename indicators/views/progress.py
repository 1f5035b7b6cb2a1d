"""A page that fills while a bounded child works: its lines of progress as they come, and how it ended."""

import contextlib
from collections.abc import Callable, Generator, Iterator

from django.utils.html import format_html
from django.utils.safestring import SafeString

from indicators.bounded import BoundedError

# Stands twice in the page: where the lines go, and where it ends.
MARK = SafeString("<!-- progress -->")


def filling(
    page: str, lines: Generator[str, None, bytes], ended: Callable[[bytes], str], refused: Callable[[str], str]
) -> Iterator[str]:
    """The page up to the list, an entry for each line of progress, and the end. Closing it ends the child.

    `ended` takes the child's answer, `refused` the sentence that says why there is none; each gives the last part.
    """
    head, between, tail = page.split(MARK)
    yield head
    with contextlib.closing(lines):
        try:
            while True:
                yield format_html("<li>{}</li>\n", next(lines))
        except StopIteration as end:
            last = ended(bytes(end.value))
        except BoundedError as refusal:
            last = refused(str(refusal))
    yield between
    yield last
    yield tail
