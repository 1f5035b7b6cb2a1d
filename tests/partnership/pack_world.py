"""Packs for tests, put together and published through the operations, and a second way to work their bytes out."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from indicators import quarters
from indicators.entry import CellInput
from indicators.models import Partnership, PublishedTable, Return, Scorecard, Series, User
from indicators.roles import Role
from partnership.models import DisclosureCheck, Pack, PackEvent
from partnership.operations.packs import PackDraft, create_pack, publish_pack, withdraw_pack
from partnership.operations.protection import Decided, accept_protection, check_protection, decide_passages
from tests import builders as b

PLACE = "northshire"
BODY = "Overview and Scrutiny Management Committee"
MEETING = date(2022, 7, 7)
CODE = "overview-and-scrutiny-management-committee-2022-07-07"


def an_approver(partnership: Partnership | None = None) -> User:
    """Who publishes for the council; the same one every time."""
    partnership = partnership or b.a_partnership()
    email = f"publisher@{partnership.slug}.example.org"
    return User.objects.filter(email=email).first() or b.a_user(Role.APPROVER, partnership=partnership, email=email)


def a_draft(
    *scorecards: Scorecard, period: quarters.Period = b.Q4, audience: str = "board", **changes: Any
) -> PackDraft:
    """What a pack is to be: these scorecards of one period, for the meeting of 7 July 2022."""
    values = {
        "title": f"Performance of {period.label}", "body": BODY, "meeting_on": MEETING, "audience": audience,
        "choices": [(s, b.a_period(period)) for s in scorecards],
    } | ({"exempt_paragraphs": [3]} if audience == "exempt" else {}) | changes  # fmt: skip
    return PackDraft(**values)


def a_pack(*scorecards: Scorecard, at: datetime = b.NOW, **changes: Any) -> Pack:
    """A pack that is being put together."""
    partnership = scorecards[0].partnership
    return create_pack(partnership=partnership, draft=a_draft(*scorecards, **changes), by=an_approver(partnership),
                       at=at)  # fmt: skip


def publish(pack: Pack, *, at: datetime = b.NOW, by: User | None = None, key: str = "") -> PackEvent:
    """Publishes a pack as it stands now."""
    pack.refresh_from_db()
    return publish_pack(pack=pack, version=pack.version, by=by or an_approver(pack.partnership), at=at, key=key)


def a_published_pack(*scorecards: Scorecard, at: datetime = b.NOW, **changes: Any) -> Pack:
    """A pack whose returns are accepted, and which is published; for everybody, after its protection was accepted."""
    pack = a_pack(*scorecards, at=at, **changes)
    if pack.audience == "public":
        accept(pack, at=at)
    publish(pack, at=at)
    return pack


def a_reviewer(partnership: Partnership | None = None) -> User:
    """Who accepts how small numbers are protected; the same one every time."""
    partnership = partnership or b.a_partnership()
    email = f"reviewer@{partnership.slug}.example.org"
    found = User.objects.filter(email=email).first()
    return found or b.a_user(Role.SCRUTINY_OFFICER, partnership=partnership, email=email)


def accept(pack: Pack, *, at: datetime = b.NOW, by: User | None = None, leave_out: bool = False) -> DisclosureCheck:
    """Has the small numbers of a pack for everybody worked out and accepted, whatever passages there are."""
    by = by or a_reviewer(pack.partnership)
    check = check_protection(pack=pack, by=by, at=at)
    decided = {
        p["key"]: Decided("leave_out" if leave_out and p["can_go"] else "publish", "It identifies nobody.")
        for p in check.result["passages"]
    }
    decide_passages(pack=pack, decided=decided, by=by, at=at)
    accept_protection(pack=pack, check=check.pk, by=by, at=at)
    return check


def a_public_pack(*scorecards: Scorecard, at: datetime = b.NOW, **changes: Any) -> Pack:
    """A pack for everybody, its small numbers hidden and accepted, and published."""
    return a_published_pack(*scorecards, at=at, audience="public", **changes)


def withdraw(pack: Pack, *, reason: str = "The wrong quarter.", is_breach: bool = False) -> None:
    """Withdraws a published pack."""
    withdraw_pack(pack=pack, reason=reason, is_breach=is_breach, by=an_approver(pack.partnership), at=b.NOW)


def restate(row: Return, cells: dict[Series, CellInput], *, at: datetime = b.NOW, **more: Any) -> Return:
    """A correction taken the whole way: opened, entered, submitted, signed off, accepted."""
    again = b.a_restatement(row, list(cells), at=at, **more)
    b.keep(again, cells, at=at)
    return b.accept(b.sign_off(b.submit(again, at=at), at=at), at=at)


# A second way to the bytes and their hashes: from the stored cells alone, with the standard library


def bytes_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """RFC 4180, UTF-8, CRLF, header first."""
    out = io.StringIO(newline="")
    csv.writer(out, dialect="excel").writerows([header, *rows])
    return out.getvalue().encode("utf-8")


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def stored_bytes(table: PublishedTable) -> bytes:
    """The canonical bytes of a table from its rows as they lie in the database."""
    return bytes_of(table.header, [row.cells for row in table.rows.order_by("order")])


def manifest_sha(manifest: dict[str, Any]) -> str:
    return sha_of(json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


# Pages


def words(text: str) -> str:
    return " ".join(text.split())


def soup_of(client: Client, url: str, status: int = 200) -> BeautifulSoup:
    """A page that was answered with this status."""
    response = client.get(url)
    assert response.status_code == status, (url, response.status_code)
    return BeautifulSoup(response.content, "lxml")


def forms_of(soup: BeautifulSoup) -> list[str]:
    """Every form of a page that is neither a filter, the way out nor the way to stay: "post /northshire/…"."""
    found = [f"{form.get('method', 'get')} {form.get('action', '')}" for form in soup.select("form")]
    return [
        form for form in found if not form.startswith("get ") and not form.endswith(("/sign-out/", "/session/stay/"))
    ]
