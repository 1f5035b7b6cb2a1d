"""Who can see and do what, as a table: a person or a role, one thing, and where it holds."""

from dataclasses import dataclass
from enum import StrEnum

from indicators.phrases import listed
from indicators.roles import Permission
from indicators.table_spec import Column, Field, Kind, TableSpec


class Of(StrEnum):
    """Whom a row is about."""

    PERSON = "person"
    ROLE = "role"


class Answer(StrEnum):
    """Where a permission holds."""

    EVERYWHERE = "everywhere"
    SOME = "some_partners"
    NOWHERE = "nowhere"


OF_WORDS = {Of.PERSON: "Person", Of.ROLE: "Role"}
ANSWER_WORDS = {
    Answer.EVERYWHERE: "Yes, for the whole partnership",
    Answer.SOME: "Yes, for some partners",
    Answer.NOWHERE: "No",
}


@dataclass(frozen=True)
class AccessRow:
    """Whether somebody, or a role, may do one thing. `partners` names for whom, where it is not for all."""

    of: Of
    who: str
    email: str
    roles: str
    permission: Permission
    answer: Answer
    partners: tuple[str, ...] = ()


ACCESS_TABLE: TableSpec[AccessRow] = TableSpec(
    "access",
    (
        Column(
            "who",
            "Who",
            (
                Field("of", Kind.CODE, lambda r: r.of.value, "person: an account that is open; role: what it lets do"),
                Field("who", Kind.TEXT, lambda r: r.who, "As the person is shown, or the role with its scope"),
                Field("email", Kind.TEXT, lambda r: r.email or None, "E-mail address of the person"),
                Field("roles", Kind.TEXT, lambda r: r.roles or None, "Roles of the person today"),
            ),
            lambda v: tuple(line for line in (v["who"], v["email"], v["roles"]) if line),
        ),
        Column(
            "what",
            "May",
            (
                Field("permission", Kind.CODE, lambda r: r.permission.name.lower(), "Code of the permission"),
                Field("permission_words", Kind.TEXT, lambda r: r.permission.value, "The same in words"),
            ),
            lambda v: (v["permission_words"],),
        ),
        Column(
            "answer",
            "Where",
            (
                Field("answer", Kind.CODE, lambda r: r.answer.value, "everywhere, some_partners or nowhere"),
                Field(
                    "partners",
                    Kind.TEXT,
                    lambda r: listed(r.partners) if r.partners else None,
                    "For which partners, if not for all",
                ),
            ),
            lambda v: tuple(line for line in (ANSWER_WORDS[Answer(v["answer"])], v["partners"]) if line),
        ),
    ),
)
