"""When a session ends because nothing is done in it, and when because the working day is over."""

WARNED_SECONDS = 5 * 60
# How finely it is kept when something was last done: each time is a write.
KEPT_SECONDS = 60


def is_over(seen: float, moment: float, idle_minutes: int) -> bool:
    """Whether nothing was done for longer than the setting allows; moments in seconds. 0 minutes: never."""
    return bool(idle_minutes) and moment - seen > idle_minutes * 60


def is_to_be_kept(seen: float, moment: float) -> bool:
    """Whether the moment is to be written down as the one when something was last done."""
    return moment - seen >= KEPT_SECONDS


def seconds_left(seen: float, moment: float, idle_minutes: int, day_left: float) -> tuple[int, bool]:
    """How long the session lasts from now if nothing is done, and whether doing something would make that longer."""
    idle_left = seen + idle_minutes * 60 - moment if idle_minutes else day_left
    return max(0, int(min(idle_left, day_left))), day_left > idle_minutes * 60


def ended_words(idle_minutes: int) -> str:
    """What is said on the sign-in page."""
    return f"You were signed out because nothing was done for {idle_minutes} minutes."
