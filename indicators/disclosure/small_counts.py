"""Small numbers of people in what somebody wrote, in figures and in words.

A number below the threshold is taken for a count of people unless what stands beside it says that it is none: a date,
a page, a section, a percentage, weeks, reports. Rather once too often than once too seldom: a reviewer decides.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from indicators.disclosure.plain_text import BLOCK

_WORDS_WORDS = """
    none one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty
"""
WORDS = _WORDS_WORDS.split()
PEOPLE = (
    r"(?:child(?:ren)?|young (?:people|persons?)|kids?|babies|baby|infants?|toddlers?|teenagers?|youths?|boys?|girls?|"
    r"siblings?|brothers?|sisters?|twins|triplets|famil(?:y|ies)|households?|mothers?|fathers?|mums?|dads?|parents?|"
    r"carers?|adopters?|adults?|women|woman|men|man|people|persons?|individuals?|patients?|pupils?|students?|"
    r"residents?|care leavers?|leavers?|unaccompanied|refugees?|staff|workers?|employees?|practitioners?|managers?|"
    r"teachers?|nurses?|officers?|applicants?|victims?|offenders?|perpetrators?|participants?|respondents?|"
    r"cases?|clients?|cohort|referrals?|adoptions?|placements?|deaths?|incidents?|allegations?|complaints?|"
    r"pregnanc(?:y|ies)|exclusions?|orders?|plans?|disruptions?|breakdowns?|fte|wte|posts?)"
)
# What is counted in a paper and is nobody.
_THINGS = (
    r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|fortnights?|months?|quarters?|terms?|years?|decades?|sessions?|"
    r"times?|occasions?|miles?|metres?|km|kilometres?|points?|pence|pounds?|million|billion|thousand|hundred|k|m|bn|"
    r"stars?|bed(?:room)?s?|rooms?|buildings?|pages?|paragraphs?|sections?|tables?|figures?|charts?|graphs?|lines?|rows?|"
    r"columns?|sheets?|annexes?|appendices|documents?|papers?|reports?|letters?|copies|emails?|policies|strategies|"
    r"strategy|protocols?|procedures?|frameworks?|forms?|templates?|versions?|drafts?|systems?|databases?|files?|"
    r"boards?|committees?|panels?|meetings?|workshops?|events?|visits?|inspections?|audits?|reviews?|surveys?|"
    r"recommendations?|actions?|priorit(?:y|ies)|objectives?|outcomes?|aims?|targets?|goals?|milestones?|themes?|"
    r"strands?|areas?|domains?|principles?|standards?|criteria|questions?|answers?|issues?|risks?|options?|reasons?|"
    r"ways?|factors?|elements?|components?|aspects?|parts?|pieces?|sets?|types?|kinds?|categories|category|classes|"
    r"levels?|tiers?|bands?|grades?|stages?|steps?|phases?|rounds?|waves?|cycles?|periods?|indicators?|measures?|"
    r"kpis?|metrics?|rates?|percentages?|percent|thresholds?|tolerances?|councils?|authorities|authority|agencies|"
    r"agency|partners?|partnerships?|organisations?|providers?|contracts?|teams?|services?|departments?|directorates?|"
    r"schools?|academies|nurseries|hospitals?|surgeries|homes?|houses|sites?|centres?|hubs?|localities|locality|wards?|"
    r"districts?|boroughs?|regions?|towns?|villages?|roles?|functions?|seats?|votes?|items?|minutes|resolutions?|"
    r"decisions?|bids?|grants?|budgets?|accounts?|funds?|streams?|projects?|programmes?|schemes?|courses?|modules?|"
    r"tests?|pilots?|campaigns?|words?|sentences?|numbers?|decimal places?|places|sides?|ends?|things?|sources?|"
    r"datasets?|returns?|totals?|sums?|shares?|variances?|definitions?|statements?|groups?|months'|weeks'|years'|days'|working)"
)
_LABELS = (
    r"(?:pages?|pp?\.|paragraphs?|paras?\.?|sections?|ss?\.|s|§+|quarters?|q|qtr|tables?|figures?|figs?\.?|charts?|"
    r"appendix|appendices|annex(?:es)?|items?|minutes?|recommendations?|recs?\.?|priority|priorities|objectives?|"
    r"outcomes?|actions?|stages?|steps?|phases?|parts?|chapters?|schedules?|regulations?|regs?\.?|articles?|clauses?|"
    r"rules?|years?|yr|key stages?|ks|bands?|levels?|tiers?|grades?|options?|versions?|v|volumes?|vol\.|numbers? no\.|"
    r"no\.|nos\.|ref\.?|reference|rooms?|wards?|domains?|principles?|standards?|questions?|weeks?|days?|months?|terms?|"
    r"rounds?|waves?|reports?|notes?|footnotes?|lines?|rows?|columns?|slides?|themes?|strands?|indicators?|kpis?|"
    r"aged|ages?|points?|category|categories|types?|form|sheet|lists?|working together|act|form|risk|issue|locality|"
    r"area|team|unit|block|house|flat|floor|gate|step|lot|tranche|wave|covid)"
)
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_WORD = rf"(?:{'|'.join(WORDS)})"
_NUMBER = rf"(?:\d{{1,2}}|{_WORD})"
_FRACTION = r"(?:half|halves|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)"

# What may stand between a number and what it counts; any other word begins something else: "two at home".
_SUCH = (
    r"(?:(?:new|further|more|other|main|key|short|long|full|whole|last|next|first|second|working|calendar|consecutive|"
    r"different|separate|local|national|regional|additional|written|previous|such|broad|strategic|critical|core|clear|"
    r"statutory|annual|monthly|quarterly|weekly|financial|early|public|formal|open|large|small|major|minor|remaining|"
    r"possible|successive|common|social|specific|joint|related|current|individual|original|final|draft|half|bank|"
    r"contract|council|partnership|improvement|performance|residential|independent|good|outstanding|printed|published)"
    r"\s+){0,2}"
)

# What a number is no count in; the spans that they match are passed over.
_NO_COUNTS = re.compile(
    "|".join((
        r"\b\d{1,4}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}\b",
        rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s*(?:-|to|and|or|,)\s*)){{0,6}}"
        rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)?\s+{_MONTHS}\b",
        rf"\b{_MONTHS}\s+\d{{1,2}}\b(?!\s+{PEOPLE}\b)",
        r"\b\d{1,2}(?:[:.]\d\d)?\s*(?:am|pm|a\.m\.|p\.m\.|o'clock)(?![a-z])",
        r"\b\d{1,2}:\d\d\b",
        rf"(?<![a-z]){_LABELS}[\s:#-]{{0,2}}{_NUMBER}(?:\.\d+)*(?:\([a-z0-9]+\))*"
        rf"(?:\s*(?:,|-|to|and|or|&)\s*(?:{_LABELS}\s*)?\d{{1,3}}(?:\.\d+)*(?!\d|\s+{PEOPLE}\b)){{0,12}}\b",
        rf"\b{_NUMBER}(?:\.\d+)?\s*(?:%|per ?cent\b|percentage|pp\b)",
        rf"\b{_NUMBER}[\s-]+{_FRACTION}\b",
        rf"\b{_NUMBER}\s+(?:in\s+(?:every\s+)?{_NUMBER}\b|out of\s+(?:every\s+)?{_NUMBER}\b(?!\s+{PEOPLE}))",
        r"[£$€]\s*\d+(?:[.,]\d+)*\s*(?:m|k|bn|million|billion|thousand)?\b",
        rf"(?:^|[\n{BLOCK}])\s*\(?\d{{1,2}}[.)](?=\s)",
        r"\[\d{1,2}\]",
        r"\b\d{4}\s*[/-]\s*\d{1,2}\b",
        r"\b\d+\s*[x×]\s*\d+\b",
        rf"\b{_NUMBER}(?:\s*(?:-|to|or|and)\s*{_NUMBER})?[\s-]+{_SUCH}{_THINGS}\b(?!\s+{PEOPLE}\b)",
        rf"\b{_NUMBER}[\s-]+(?:to|on|by)[\s-]+one\b",
        r"\bno[\s-]one\b|\bany ?one\b|\bevery ?one\b|\bone another\b|\bone[\s-](?:off|stop|way|sided|time|page|day)\b",
        r"\bon(?: the)? (?:one|other) hand\b",
        r"\bone of the (?:most|best|worst|largest|highest|lowest|main|key|first|few)\b",
        rf"\bone of (?:the|our|its|these|those|their) {_SUCH}{_THINGS}\b",
        r"\b(?:day|square|phase|back to|at) one\b|\bone (?:could|can|may|might|must|should|would) (?!of)\b",
        r"\b(?:this|that|which|the (?:first|second|third|last|next|previous|other|right|wrong|new|old)) one\b",
        rf"\b24/7\b|\b\d{{1,2}}/\d{{1,2}}\b(?!\s+{PEOPLE}\b)",
    )),
    re.IGNORECASE,
)  # fmt: skip
_FIGURE = re.compile(r"(?<![\w£$€.,/#])(?<![a-zA-Z]-)(?!00)(\d{1,3})(?:\.(\d+))?(?![\w%]|,\d|[.:]\d)")
_IN_WORDS = re.compile(rf"(?<![\w])({_WORD})(?![\w])", re.IGNORECASE)
_POSTS = re.compile(rf"\s*(?:{PEOPLE})\b", re.IGNORECASE)
_NEAR_PEOPLE = rf"(?:[a-z'-]+\s+){{0,3}}{PEOPLE}\b"
# Words that are numbers only before people.
_LIKE_NUMBERS = (
    (1, re.compile(rf"\b(?:(?:a|the|only|just)\s+)?(?:single|sole|lone)\s+(?!parents?\b|assessment|point|view|status)"
                   rf"{_NEAR_PEOPLE}", re.IGNORECASE)),
    (1, re.compile(rf"\b(?:the|an|their|his|her) only (?:(?!one|two|three|four|five)[a-z'-]+\s+){{0,2}}{PEOPLE}\b",
                   re.IGNORECASE)),
    (2, re.compile(rf"\bboth (?:of )?(?:the |these |those )?{_NEAR_PEOPLE}", re.IGNORECASE)),
    (2, re.compile(rf"\ba (?:couple|pair) of {_NEAR_PEOPLE}", re.IGNORECASE)),
    (2, re.compile(r"\btwins\b", re.IGNORECASE)),
    (3, re.compile(r"\btriplets\b|\btrio of\b", re.IGNORECASE)),
    (3, re.compile(rf"\b(?:a |very |only a |just a )(?:handful|few)\s+(?:of\s+)?{_NEAR_PEOPLE}", re.IGNORECASE)),
    (1, re.compile(rf"\b(?:once|twice|thrice)\b(?=\s+{PEOPLE})", re.IGNORECASE)),
    (5, re.compile(rf"\bhalf a dozen\s+{_NEAR_PEOPLE}", re.IGNORECASE)),
)  # fmt: skip
_SHARE = re.compile(
    rf"(?P<share>\b\d{{1,3}}(?:\.\d+)?\s*(?:%|per ?cent\b)|\b{_NUMBER}[\s-]+{_FRACTION}\b|\bhalf\b|"
    rf"\b{_NUMBER}\s+(?:in|out of)\s+(?:every\s+)?{_NUMBER}\b)\s*(?:\([^()]{{0,30}}\)\s*)?(?:of|out of)\s+"
    rf"(?:(?:the|these|those|all|our|a group of|a total of)\s+){{0,2}}(?P<group>{_NUMBER})\b"
    rf"(?!\s*(?:%|per ?cent)|[.,]\d|\s+{_THINGS}\b)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"\b(?:none|all|each|every one|any|neither|no one)\s+(?:of\s+)?(?:(?:the|these|those|our)\s+)?"
    rf"(?P<group>{_NUMBER})\b(?!\s*(?:%|per ?cent)|[.,]\d)(?!\s+{_SUCH}{_THINGS}\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Count:
    """A number found: where, how large, and whether it is a share or the whole of a small group."""

    start: int
    end: int
    number: int
    is_share: bool = False
    is_whole: bool = False


def number_of(text: str) -> int:
    """A number of two digits or a word up to twenty."""
    return int(text) if text.isdigit() else WORDS.index(text.lower())


def small_counts(text: str, *, threshold: int, small_group: int) -> Iterator[Count]:
    """The numbers from 1 to threshold − 1 that may count people, shares “of N” and wholes of N where N is at most
    `small_group`; `text` as `plain` reads it."""
    passed = [match.span() for match in _NO_COUNTS.finditer(text)]
    for match in _SHARE.finditer(text):
        if 0 < number_of(match["group"]) <= small_group:
            yield Count(*match.span(), number_of(match["group"]), is_share=True)
    for match in _WHOLE.finditer(text):
        if 0 < number_of(match["group"]) <= small_group:
            yield Count(*match.span(), number_of(match["group"]), is_whole=True)
    for match in _FIGURE.finditer(text):
        is_part = match[2] is not None
        number = int(match[1]) + is_part
        if is_part and not _POSTS.match(text, match.end()):
            continue
        if 0 < number < threshold and not _is_inside(match.start(), passed):
            yield Count(*match.span(), number)
    for match in _IN_WORDS.finditer(text):
        if 0 < number_of(match[1]) < threshold and not _is_inside(match.start(), passed):
            yield Count(*match.span(), number_of(match[1]))
    for number, pattern in _LIKE_NUMBERS:
        if number < threshold:
            yield from (Count(*match.span(), number) for match in pattern.finditer(text))


def _is_inside(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the spans, which are in order and apart."""
    number = bisect_right(spans, place, key=itemgetter(0))
    return number > 0 and place < spans[number - 1][1]
