"""Pages of the composition root."""

from partnership.views.errors import csrf_failure

__all__ = ["csrf_failure"]
