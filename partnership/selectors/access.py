"""Reads who can see and do what, by asking the same function that every page asks."""

from collections.abc import Iterator, Sequence
from datetime import date

from indicators.models import Membership, Partner, Partnership, User
from indicators.permissions import Access, Grant
from indicators.roles import ROLE_WORDS, Permission, Role
from indicators.selectors.people import accesses_on
from indicators.working_days import day_words
from partnership.access_table import AccessRow, Answer, Of

OWN, OTHER = "the own partner", "other partners"


def access_rows(partnership: Partnership, on: date) -> list[AccessRow]:
    """Every open account and every role with every permission that day, people first. Three queries."""
    partners = list(partnership.partners.order_by("name"))
    rows: list[AccessRow] = []
    for user, access in accesses_on(partnership, on):
        roles = ", ".join(ROLE_WORDS[role] for role in access.roles)
        rows += _asked(Of.PERSON, str(user), user.email, roles, access, [(p, p.name) for p in partners])
    return rows + list(_of_roles(partnership))


def without_a_role(partnership: Partnership, who: str, on: date) -> list[str]:
    """Of members with an open account and those words in name or address, who have no role that day: a sentence each,
    with the day on which the next one begins. Two queries."""
    member = Membership.objects.filter(partnership=partnership, user__is_active=True).select_related("user")
    begins: dict[User, str] = {}
    for row in member.exclude(user__in=member.on(on).values("user")).order_by("user__display_name", "user__pk"):
        if who.casefold() in f"{row.user} {row.user.email}".casefold():
            begins[row.user] = ""
    for row in member.after(on).filter(user__in=begins):
        role = ROLE_WORDS[Role(row.role)].lower()
        begins[row.user] = begins[row.user] or f" The role “{role}” begins on {day_words(row.from_on)}."
    return [f"No role of {user} holds today, {day_words(on)}.{words}" for user, words in begins.items()]


def _of_roles(partnership: Partnership) -> Iterator[AccessRow]:
    own, other = Partner(pk=-1, partnership=partnership), Partner(pk=-2, partnership=partnership)
    for role in Role:
        for partner_id, scope in ((own.pk, "for one partner"), (None, "for the whole partnership")):
            access = Access((Grant(role, partner_id),), (), (role,), partnership.pk)
            yield from _asked(
                Of.ROLE, f"{ROLE_WORDS[role]}, {scope}", "", "", access, [(own, OWN), (other, OTHER)]
            )  # fmt: skip


def _asked(
    of: Of, who: str, email: str, roles: str, access: Access, partners: Sequence[tuple[Partner, str]]
) -> Iterator[AccessRow]:
    for permission in Permission:
        held = tuple(name for partner, name in partners if access.can(permission, partner))
        answer = Answer.NOWHERE
        if access.can(permission):
            answer = Answer.EVERYWHERE if len(held) == len(partners) else Answer.SOME
        yield AccessRow(of, who, email, roles, permission, answer, held if answer is Answer.SOME else ())
