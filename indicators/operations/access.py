"""Records who came in, who went, who was refused, and who took unpublished figures out."""

from datetime import datetime

from indicators.models import AuditEvent, Partnership, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import operation

Kind = AuditEvent.Kind


@operation
def record_sign_in(*, by: User, at: datetime, request_id: str = "") -> None:
    """That a person signed in."""
    record_audit(partnership=None, kind=Kind.SIGNED_IN, by=by, what="Sign-in page", at=at, request_id=request_id)


@operation
def record_failed_sign_in(*, email: str, at: datetime, request_id: str = "") -> None:
    """That a sign-in was refused: by the person whose address it is; what was typed is kept nowhere."""
    known = User.objects.filter(email__iexact=email).first() if email else None
    what = "Wrong password, or the account is closed" if known else "The address is not known"
    record_audit(partnership=None, kind=Kind.SIGN_IN_FAILED, by=known, what=what, at=at, request_id=request_id)


@operation
def record_sign_out(*, by: User, at: datetime, request_id: str = "") -> None:
    """That a person signed out."""
    record_audit(partnership=None, kind=Kind.SIGNED_OUT, by=by, what="Sign-out", at=at, request_id=request_id)


@operation
def record_download(*, partnership: Partnership, what: str, by: User, at: datetime, request_id: str = "") -> None:
    """That a person downloaded figures that are not approved. `what` names them by natural key, never by value."""
    record_audit(
        partnership=partnership, kind=Kind.EXPORTED_UNPUBLISHED, by=by, what=what, at=at, request_id=request_id
    )
