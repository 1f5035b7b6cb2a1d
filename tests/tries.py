"""Many tries in one world: making it for each would take longer than all of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def a_try(name: str) -> Iterator[None]:
    """What is done within is taken back at its end; a failure says in which try it happened."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except BaseException as failure:
        failure.add_note(f"in the try: {name}")
        raise
