"""What tells whether anything that pages show has changed."""

from django.db import connection

# As many of the latest changes are counted: one whose transaction ended later than that of a higher number is seen.
WINDOW = 500
_LATEST = (
    f"SELECT c.id, c.token, (SELECT count(*) FROM indicators_change d WHERE d.id > c.id - {WINDOW}) "  # noqa: S608
    "FROM indicators_change c ORDER BY c.id DESC LIMIT 1"
)


def stamp() -> str:
    """What is another text once anything that pages show has changed; empty where nothing was noted yet. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        row = cursor.fetchone()
    return "-".join(map(str, row)) if row else ""
