"""The demonstration's pack for everybody: the same quarter with its small numbers hidden, accepted and published."""

from datetime import date, datetime

from indicators.models import Audience, Partnership, Period, Scorecard, User
from partnership.models import Pack
from partnership.operations.packs import PackDraft, create_pack, give_reasons, publish_pack
from partnership.operations.protection import Decided, accept_protection, check_protection, decide_passages
from partnership.selectors.packs import points_of

PUBLIC_PACK = "public-2022-07-07"
AS_PRINTED = "The pack tells what report 003 printed; the contradiction stands as a query."
NOT_LOOKED_AT = "The demonstration leaves out every text that a person would have to look at."


def publish_for_everybody(partnership: Partnership, period: Period, codes: list[str], at: datetime) -> None:
    """Makes the pack once: the approver puts it together and publishes it, the scrutiny officer accepts."""
    if Pack.objects.filter(partnership=partnership, code=PUBLIC_PACK).exists():
        return
    approver, reviewer = (User.objects.get(email=f"{who}@demo.example") for who in ("approver", "scrutiny"))
    judged = Scorecard.objects.filter(partnership=partnership, code__in=codes).order_by("order")
    draft = PackDraft(
        title="Performance of children’s services: quarter 4, 2021/22",
        body="the public",
        meeting_on=date(2022, 7, 7),
        audience=Audience.PUBLIC,
        choices=[(scorecard, period) for scorecard in judged],
    )
    pack = create_pack(partnership=partnership, code=PUBLIC_PACK, draft=draft, by=approver, at=at)
    check = check_protection(pack=pack, by=reviewer, at=at)
    passages = {p["key"]: Decided("leave_out", NOT_LOOKED_AT) for p in check.result["passages"]}
    decide_passages(pack=pack, decided=passages, by=reviewer, at=at)
    accept_protection(pack=pack, check=check.pk, by=reviewer, at=at)
    points = points_of(pack, today=date(2022, 7, 7))
    give_reasons(pack=pack, reasons={p.key: AS_PRINTED for p in points}, version=pack.version, by=approver, at=at)
    pack.refresh_from_db()
    publish_pack(pack=pack, version=pack.version, by=approver, at=at)
