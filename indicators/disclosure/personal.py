"""What names or finds a person in a text: numbers with a checksum, dates of birth, addresses, initials, given names.

No list of names is held: a capitalised word beside “child”, “brother” or “mother” is taken for one unless it is known
to be none.
"""

import re
from collections.abc import Iterator

from indicators.disclosure.plain_text import BLOCK

Span = tuple[int, int, str]

_PERSON = (
    r"(?:child|young person|young adult|young woman|young man|boy|girl|baby|infant|toddler|teenager|youth|pupil|"
    r"sibling|brother|sister|half-brother|half-sister|twin|son|daughter|mother|father|mum|dad|parent|step-?father|step-?mother|"
    r"grandmother|grandfather|aunt|uncle|nephew|niece|cousin|carer|adopter|care leaver)"
)
_PERSONS = (
    r"(?:children|young people|boys|girls|siblings|brothers|sisters|twins|triplets|sons|daughters|babies|pupils|"
    r"parents|carers)"
)
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}\s*[/.-]\s*\d{{1,2}}\s*[/.-]\s*(?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{1,2}}-\d{{1,2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)?\s+{_MONTHS},?\s+(?:\d{{4}}|\d{{2}})|{_MONTHS}\s+(?:\d{{1,2}},?\s+)?\d{{4}})"
)
_BORN = r"(?:\bborn\b|\bd\.?\s?o\.?\s?b\b\.?|\bdates? of birth\b|\bbirth\s?(?:day|date)\b|\bbirth\b)"
_BIRTH_DATE = (
    re.compile(rf"{_BORN}[\s\S]{{0,40}}?(?P<found>\b{_DATE}|\b(?:19|20)\d\d\b)", re.IGNORECASE),
    re.compile(rf"(?P<found>\b{_DATE})[^.]{{0,30}}?{_BORN}", re.IGNORECASE),
    re.compile(rf"\b{_PERSON}\b[^.]{{0,20}}?[(\[,]\s*(?P<found>{_DATE})", re.IGNORECASE),
)

_TEN_DIGITS = re.compile(r"(?<![\d+])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)")
_SAYS_NHS = re.compile(r"\bNHS\b[^\d]{0,20}$", re.IGNORECASE)
_UPN = re.compile(r"(?<![A-Za-z0-9])([A-Za-z])[\s-]?((?:\d[\s-]?){11}[\dA-Za-z])(?![A-Za-z0-9])")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_SAYS_UPN = re.compile(r"\b(?:UPN|pupil number)\b[^\d]{0,20}$", re.IGNORECASE)
# The 124 areas of the United Kingdom's postcodes, and the letters that the second half may have.
_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    rf"(?<![A-Za-z0-9])(?:{'|'.join(_AREAS.split())})\d[A-Za-z\d]?\s{{0,2}}\d[ABD-HJLNP-UW-Z]{{2}}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+%'-]{1,64}\s?@\s?[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.,£])(?:\+\s?44[\s-]?(?:\(0\)[\s-]?)?|\(?0)(?:[\s()-]{0,2}\d){9,10}(?!\d)")

_UPPER, _LOWER = "A-Z\u00c0-\u00de\u0100-\u024f", "a-z\u00df-\u024f"
_CAPITAL = rf"(?:[A-Z]')?[{_UPPER}][{_LOWER}]+(?:[-'][{_UPPER}]?[{_LOWER}]+)*"
_TITLED = re.compile(
    r"\b(?:Child|CHILD|child|Children|children|Young [Pp](?:erson|eople)|young person|Sibling|sibling|Siblings|Family|"
    r"family|Baby|baby|Boy|boy|Girl|girl|Pupil|pupil|Mother|mother|Father|father|Parent|parent|Adult|Patient|Student|Case|YP|"
    r"CYP|Twin|twin|Brother|brother|Sister|sister|Carer|carer)(?:'s)?[\s,:(-]{1,3}"
    r"(?P<found>[A-Z]{1,3}\d{0,2})(?![A-Za-z0-9&.]|'[A-Z])"
)
_BEFORE = re.compile(
    rf"\b(?P<found>[A-Z]{{2,3}})(?:'s|,|\s\(|\s(?:is|was|has|had)(?:\s(?:an?|the))?)\s?(?:an?\s|the\s|her\s|his\s|their\s)?"
    rf"(?:[a-z-]+\s){{0,2}}{_PERSON}\b"
)
_DOTTED = re.compile(r"(?<![A-Za-z.])(?P<found>(?:[A-Z]\.\s?){1,3}[A-Z]\.?)(?![A-Za-z])")
_NEAR = re.compile(rf"\b(?:{_PERSON}|{_PERSONS}|family)\b", re.IGNORECASE)
_REACH = 60
# Letters after “child” that stand for something else.
_WORDS_NO_INITIALS = """
    A&E AND ASD BAME BME CAMHS CIC CIN CP CPP CQC CSE CSP CYP DBS DCS DFE DSL EET EHC EHA EHE EU FE FGM FSM GCSE
    GP HE HMP HR ICO ID II III IN IRO IQ IT IV KPI KS LA LAC LGBT MP NEET NHS OF OK OOA OR PA PE PEP PHE PQ PRU
    PSHE QA RAG RI SDQ SEN SGO SW TO TV UASC UC UK US VS WTE YJS YOS YOT
"""
_NO_INITIALS = frozenset(_WORDS_NO_INITIALS.split())
_WORDS_NO_DOTTED = """
    U.K U.S E.G I.E P.E P.M A.M N.B Q.C K.C H.M M.P D.O.B O.B N.H.S
"""
_NO_DOTTED = frozenset(_WORDS_NO_DOTTED.split())

# Capitalised words that name nobody: what sentences begin with, days, and the words of the field.
_WORDS_NOBODY = """
    A About Above According Across Act Action Actions Additionally Advocate After Age All Almost Also Although
    Among An And Annex Another Any April Are Area As Asylum At August Authority Autumn Awareness Be Because Before
    Below Benefit Between Board Both British Bureau But By Cabinet Care Cases Centre Charity Chief Christmas
    Church Clinic Commission Commissioner Committee Community Conference Conferences Consultant Contact Contract
    Coordinator Council Court Criminal Data Death Deaths December Department Deputy Development Did Director Do
    Does Doctor During Each Early Easter Education Either England English Even Every Exploitation Family February
    First Following For Foster Fostering Four Friday From Further Guardian Had Has Have He Head Health Help Her
    Here His Home Homes Hospital Household How However Housing Hub I If Improvement In Independent Indeed Instead
    Intervention Inspection Into Is It Its January Judge July June Justice Last Leaving Live Local Looked Made
    Many March Marriage May Mental Midwife Minister Missing Monday Most Much Must My National Need Needs Neglect
    Neither New Next No None Not November Now Number Nurse October Of Officer Offer Ofsted On Once One Only Or
    Order Orders Other Others Our Out Over Own Panel Paper Parliament Participation Partner Partners Partnership
    Pathway Performance Permanence Placement Plan Planning Plans Police Policy Poverty Practice Practitioner
    Practitioners Pregnancy Previous Probation Programme Project Protection Provision Quarter Referral Report
    Residential Resource Respite Review Reviewing Reviews Safeguarding Safety Same Saturday School Schools
    Scotland Second Section See Senior September Service Services Sexual She Should Since Single Six So Social
    Some Special Spring Staff Standards Still Strategy Such Summer Sunday Support Sure Target Team Ten That The
    Their Them Then There Therefore These They This Those Three Through Thursday Thus To Together Too Training
    Trust Tuesday Two Unaccompanied Under Unit Until Up Virtual Visits Voice Wales Was We Wednesday Welfare Well
    Were What When Where Whether Which While Who Whose Why Will Winter With Within Without Work Worker Workers
    Would Year Years Yes Yet You Young Your Youth
"""
_NOBODY = frozenset(_WORDS_NOBODY.split())
_BESIDE = (
    re.compile(
        rf"\b(?:{_PERSON}|{_PERSONS})(?:'s?)?(?:\s+(?:called|named|known as|is|was))?[\s,:(-]{{1,3}}"
        rf"(?P<found>{_CAPITAL})"
    ),
    re.compile(rf"\b(?:{_PERSON}|{_PERSONS})(?:'s?)?[\s,:(-]{{1,3}}{_CAPITAL}(?:,? and |, | & )(?P<found>{_CAPITAL})"),
    re.compile(
        rf"\b(?P<found>{_CAPITAL})(?:'s?|,| and (?:her|his|their)|\s\(|\s(?:is|was|has|had)(?:\s(?:an?|the))?)\s"
        rf"?(?:(?:an?|the|her|his|their|whose)\s)?(?:[a-z-]+\s){{0,2}}{_PERSON}\b"
    ),
    re.compile(rf"\b{_PERSON}(?:'s)?(?:\s[a-z'-]+){{1,5}}\s(?P<found>{_CAPITAL})"),
    re.compile(rf"\b(?P<found>{_CAPITAL})(?:\s[a-z'-]+){{0,3}}\s{_PERSON}\b"),
    re.compile(rf"\b{_PERSON} of (?P<found>{_CAPITAL})"),
)
_FAMILY = re.compile(rf"\b[Tt]he (?P<found>{_CAPITAL}) (?:family|family's|children|siblings|brothers|sisters|twins)\b")
_ENDS_SENTENCE = frozenset(f".!?:;•{BLOCK}")
# These patterns find a name at the start of a sentence too.
_SURE_AT_START = frozenset({2})


def found_persons(text: str, known_words: frozenset[str] = frozenset()) -> Iterator[Span]:
    """Start, end and kind (as `free_text.Kind` has it) of each; `text` as `plain` reads it."""
    yield from _numbers(text)
    for pattern in _BIRTH_DATE:
        yield from ((*match.span("found"), "date of birth") for match in pattern.finditer(text))
    yield from ((*match.span(), "postcode") for match in _POSTCODE.finditer(text))
    yield from ((*match.span(), "e-mail address") for match in _EMAIL.finditer(text))
    yield from _initials(text)
    yield from _names(text, _NOBODY | known_words)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits keep to the checksum of NHS numbers (modulus 11, weights 10 to 2)."""
    rest = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return len(digits) == 10 and rest != 10 and rest % 11 == int(digits[9])


def is_upn(text: str) -> bool:
    """Whether a letter and twelve digits (or eleven and a letter, for a temporary one) keep to the check letter of
    unique pupil numbers (modulus 23, weights 2 to 13)."""
    code = text.upper()
    if len(code) != 13 or not all(sign.isdigit() or sign in _UPN_LETTERS for sign in code):
        return False
    worth = [int(sign) if sign.isdigit() else _UPN_LETTERS.index(sign) for sign in code[1:]]
    return _UPN_LETTERS[sum(number * weight for weight, number in enumerate(worth, start=2)) % 23] == code[0]


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _REACH) : match.start()]


def _numbers(text: str) -> Iterator[Span]:
    phones = [match.span() for match in _PHONE.finditer(text)]
    yield from ((start, end, "telephone number") for start, end in phones)
    for match in _TEN_DIGITS.finditer(text):
        said = _SAYS_NHS.search(_before(text, match))
        digits = re.sub(r"\D", "", match[0])
        if said or (is_nhs_number(digits) and not digits.startswith("0")):
            yield *match.span(), "NHS number"
    for match in _UPN.finditer(text):
        if is_upn(match[1] + re.sub(r"[\s-]", "", match[2])) or _SAYS_UPN.search(_before(text, match)):
            yield *match.span(), "unique pupil number"


def _initials(text: str) -> Iterator[Span]:
    for pattern in (_TITLED, _BEFORE):
        for match in pattern.finditer(text):
            found = match["found"]
            if found not in _NO_INITIALS and not (found in "AI" and _goes_on(text, match, found)):
                yield *match.span("found"), "initials"
    for match in _DOTTED.finditer(text):
        around = text[max(0, match.start() - _REACH) : match.end() + _REACH]
        letters = match["found"].replace(" ", "").upper().strip(".")
        if letters not in _NO_DOTTED and _NEAR.search(around):
            yield *match.span("found"), "initials"


def _goes_on(text: str, match: re.Match[str], found: str) -> bool:
    """Whether “I” or “A” after a small word is a word of the sentence: “the child I met”."""
    is_small = match[0][0].islower()
    return found == "I" and is_small and bool(re.match(r"\s[a-z]", text[match.end() : match.end() + 2]))


def _names(text: str, nobody: frozenset[str]) -> Iterator[Span]:
    for number, pattern in enumerate(_BESIDE):
        for match in _overlapping(pattern, text):
            start, end = match.span("found")
            is_sure = number in _SURE_AT_START or not _begins(text, start)
            if is_sure and _is_name(match["found"], nobody) and not _is_in_title(text, start, end):
                yield start, end, "name"
    for match in _FAMILY.finditer(text):
        if _is_name(match["found"], nobody):
            yield *match.span("found"), "name"


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches, also those that begin inside another."""
    place = 0
    while match := pattern.search(text, place):
        yield match
        place = match.start() + 1


def _is_name(word: str, nobody: frozenset[str]) -> bool:
    bare = word.removesuffix("'s").removesuffix("'")
    return len(bare) > 1 and not {bare, bare.capitalize()} & nobody and not _NEAR.fullmatch(bare)


def _begins(text: str, start: int) -> bool:
    """Whether a word begins a sentence, so that its capital says nothing."""
    before = text[max(0, start - _REACH) : start]
    bare = before.rstrip(" \n\"'(-")
    return not bare or bare[-1] in _ENDS_SENTENCE or "\n\n" in before[len(bare) :]


def _is_in_title(text: str, start: int, end: int) -> bool:
    """Whether a word stands in a name of a body or a paper: before or after words such as Council, Plan or Board."""
    after = re.match(r"(?:\s+(?:and|of|for|the|&)){0,2}\s+([A-Z][a-z]+)", text[end : end + _REACH])
    before = re.search(r"([A-Z][a-z]+)(?:\s+(?:and|of|for|the|&)){0,2}\s+$", text[max(0, start - _REACH) : start])
    around = {match[1] for match in (after, before) if match}
    return bool(around & _TITLES)


_WORDS_TITLES = """
    Academy Act Agency Association Authority Board Borough Centre Charity Church City Clinic College Commission
    Committee Conference Council County Court Department Directorate Group Hall Health Hospital House Hub
    Infirmary Lane National Office Panel Partnership Plan Police Programme Report Road Royal School Service
    Services Society Strategy Street Team Trust Unit University
"""
_TITLES = frozenset(_WORDS_TITLES.split())
