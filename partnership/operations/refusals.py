"""What can stand in the way of something recorded of actions and exception reports; each message says what to do."""

from indicators.operations.errors import OperationError


class ActionChanged(OperationError):
    """Somebody else recorded something after the page was opened."""

    def __init__(self, what: str = "this action") -> None:
        super().__init__(
            f"Something was recorded of {what} since you opened the page. Nothing was done: read what it is, then "
            "send what you typed again if it still holds."
        )
