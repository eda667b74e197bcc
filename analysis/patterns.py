"""Patterns of British identifiers in free text.

Every finder gives the places (start, end) it found, in order. Each is written so that its time
grows with the length of the text and no faster: repeats are bounded or possessive (`++`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

Places = Iterator[tuple[int, int]]

_HYPHEN: Final = "[-\u2010-\u2015]"

_EMAIL: Final = re.compile(
    r"(?<![\w.%+'’-])[\w.%+'’-]++@[\w-]++(?:\.[\w-]++)++"
    r"|(?<![\w.+-])[\w.+-]++ ?[\[(] ?at ?[\])] ?[\w-]++"
    r"(?:\.[\w-]++| ?[\[(] ?dot ?[\])] ?[\w-]++| dot [\w-]++)++"
    r"|(?<![\w.+-])[\w.+-]++ at [\w-]++(?: dot [\w-]++)++",
    re.IGNORECASE,
)
_URL: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>]++"
    r"|(?<![\w.@-])(?:[a-z0-9-]++\.)+"
    r"(?:uk|com|org|net|info|test|example|wales|cymru|scot)(?![\w.-]*\w)(?:/[^\s<>]*+)?",
    re.IGNORECASE,
)
_NHS: Final = re.compile(rf"(?<![\d£])\d{{3}}(?: |{_HYPHEN})?\d{{3}}(?: |{_HYPHEN})?\d{{4}}(?!\d)")
_NI: Final = re.compile(
    r"(?<!\w)[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)", re.IGNORECASE | re.ASCII
)
_PHONE: Final = re.compile(
    rf"(?<![\w£.,/-])(?:\+|00|\(?0)(?:[ ().]|{_HYPHEN})?(?:\d(?:[ ().]|{_HYPHEN}){{0,2}}){{8,14}}"
)
_SHORT_PHONE: Final = re.compile(
    r"\b(?:tel|telephone|phone|mobile|mob|ext|extension)\b[^\w\n]{0,3}"
    r"(?:no|num|number|is|on)?[^\w\n]{0,3}(\d(?: ?\d){3,11})(?!\d)",
    re.IGNORECASE,
)
_POSTCODE: Final = re.compile(
    r"(?<!\w)[a-z]{1,2}\d[a-z\d]?[ \t]{0,2}(\d[abd-hjlnp-uw-z]{2})(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_ORDINALS: Final = ("st", "nd", "rd", "th")
_VEHICLE: Final = re.compile(
    r"(?<!\w)(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{3} ?[A-Z]{3}|[A-Z]{3} ?\d{3}[A-Z])(?!\w)",
    re.ASCII,
)
_NAMED_VEHICLE: Final = re.compile(
    r"\b(?:reg|registration|number ?plate|plate|car|van|vehicle)\b"
    r"[^\w\n]{0,3}(?:no|number|is|was)?[^\w\n]{0,3}"
    r"([a-z]{2}\d{2} ?[a-z]{3}|[a-z]\d{1,3} ?[a-z]{3}|[a-z]{3} ?\d{1,3}[a-z]|[a-z]{1,3}\d{1,4})"
    r"(?!\w)",
    re.IGNORECASE | re.ASCII,
)

_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_FULL_DATE: Final = (
    rf"(?:(?:0?[1-9]|[12]\d|3[01]) ?(?:/|{_HYPHEN}) ?(?:0?[1-9]|1[0-2]) ?(?:/|{_HYPHEN}) ?"
    r"(?:(?:19|20)\d{2}|\d{2})"
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d{2}"
    rf"|(?:19|20)\d{{2}}(?:/|{_HYPHEN})(?:0?[1-9]|1[0-2])(?:/|{_HYPHEN})(?:0?[1-9]|[12]\d|3[01])"
    rf"|{_DAY}(?: of)?[ ,]{{0,2}}{_MONTH}\.?[ ,]{{1,2}}(?:(?:19|20)\d{{2}}|[’']\d{{2}})"
    rf"|{_MONTH}\.? {_DAY},? (?:19|20)\d{{2}})"
)
_SHORT_DATE: Final = (
    rf"(?:\d{{1,2}}[./ ]\d{{1,2}}[./ ]\d{{2,4}}|{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY}"
    rf"|{_MONTH},? (?:19|20)\d{{2}}|(?:19|20)\d{{2}})"
)
_DATE: Final = re.compile(rf"(?<![\w£./-]){_FULL_DATE}(?![\w/])", re.IGNORECASE)
_BIRTH: Final = re.compile(
    r"\b(?:d\.? ?o\.? ?b\b|date of birth|birth ?date|birth ?day|born)"
    rf"[^\w\n]{{0,3}}(?:(?:is|was|on|in|the|of){_HYPHEN}?[^\w\n]{{1,3}}){{0,3}}"
    rf"({_FULL_DATE}|{_SHORT_DATE})(?!\w)",
    re.IGNORECASE,
)

_NAMED_REFERENCE: Final = re.compile(
    r"\b(?:case|ref|reference|crime|incident|log|referral|file|claim|police|collar|badge|shoulder"
    r"|pc|pcso|wpc|dc|ps|crn|urn|upn|uln|id|mosaic|lcs|liquid ?logic|system ?one|rio)\b"
    r"(?:[^\w\n]{0,3}\b(?:no|num|number|ref|reference|id|is|was)\b){0,2}[^\w\n]{0,3}"
    r"((?=[a-z/.-]{0,8}\d)[a-z0-9](?:[a-z0-9]|[/.-](?=[a-z0-9])){2,29})(?![a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
_REFERENCE: Final = re.compile(
    r"(?<![\w£$€.,/-])(?:[A-Z]{1,5}[/-]?\d{4,12}(?:[/-]?[A-Z0-9]{1,6}){0,3}|\d{6,20}"
    r"|\d{2,6}/\d{4,8}(?:/\d{2,4})?)(?![\w,]|\.\d)",
    re.ASCII,
)
_NO_REFERENCE: Final = re.compile(
    r"\d+\.\d+|[A-Za-z/.-]{0,8}(?:19|20)\d{2}(?:[/-]\d{2}|[/-](?:19|20)\d{2})?"
)
"""A year, a span of years or a decimal, which a reference can look like."""

_NUMBER_WORD: Final = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen)"
)
_CHILD_AGE: Final = rf"(?:1[0-8]|\d|{_NUMBER_WORD})"
_AGE: Final = re.compile(
    rf"(?<![\w£.,–-])(?:{_CHILD_AGE}(?:[ ]|{_HYPHEN})?(?:years?|yrs?|months?|weeks?|days?)"
    rf"(?:[ ]|{_HYPHEN})olds?|{_CHILD_AGE} ?y/?o)(?!\w)"
    rf"|\b(?:aged|age|turned|turning|(?:he|she|who)(?: is|’s|'s| was)(?: only| just| now)?)"
    rf":? (?:of )?{_CHILD_AGE}(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_GROUP_BEFORE: Final = re.compile(
    r"(?:children|pupils|students|people|those|adults|boys|girls|all|learners|siblings|any)"
    r"(?: (?:and young people|who are|are))? ?$",
    re.IGNORECASE,
)
_GROUP_AFTER: Final = re.compile(
    rf" ?(?:{_HYPHEN}|to|and|or|plus|\+) ?(?:\d|over|above|under|up|older|younger|{_NUMBER_WORD}\b)"
    r"| ?\+| or (?:over|under)",
    re.IGNORECASE,
)

_HARM: Final = re.compile(
    r"\b(?:hits?|hitting|slap(?:s|ped|ping)?|smack(?:s|ed|ing)?|punch(?:es|ed|ing)?"
    r"|kick(?:s|ed|ing)|beats?|beaten|beating|bruis(?:e|es|ed|ing)|black eyes?|bite marks?"
    r"|burn marks?|burns?|burned|burnt|scald(?:s|ed)?|strangl(?:es?|ed|ing)|chok(?:es|ed|ing)"
    r"|rap(?:e|es|ed)|molest(?:s|ed|ing)?|groomed|touch(?:es|ed|ing)"
    r"|hurt(?:s|ing)?|injur(?:ed|ies|y)|starv(?:ed|ing)|threaten(?:s|ed)"
    r"|lock(?:s|ed) (?:(?:him|her|them|me) )?(?:in|up|out)"
    r"|kill(?:s|ing)? (?:him|her|them|my)sel(?:f|ves)"
    r"|cut(?:s|ting)? (?:him|her|them)sel(?:f|ves)|self[ -]harm(?:s|ed|ing)|suicid(?:al|e)"
    r"|overdosed?)\b",
    re.IGNORECASE,
)
_NOT_HARM: Final = re.compile(
    r"hit(?:s|ting)? (?:our|the|its|their|all|every|any|no)? ?"
    r"(?:targets?|ground|nail|deadlines?|mark|headlines?|buffers|timescales?)"
    r"|hit(?:s)? (?:by|hard)|burn(?:t|ed|s)?[ -]?out|touched (?:on|upon|base)|touching (?:on|base)"
    r"|beats? the",
    re.IGNORECASE,
)
_SOMEBODY: Final = re.compile(
    r"\b(?:he|she|him|her|his|they|them|me|my|i|child|boy|girl|baby|toddler|son|daughter|sister"
    r"|brother|sibling|pupil|student|kid|mum|mother|dad|father|step(?:dad|mum|father|mother)"
    r"|uncle|aunt|grandad|nan|teenager|lad)\b",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    r"\b(?:(?:told|said to) (?:me|us|staff|my colleague|her teacher|his teacher) (?:that )?"
    r"(?:he|she|they|(?:his|her|their) (?:mum|dad|mother|father|step-?\w{3,6}|uncle|brother))\b"
    r"|disclosed (?:that|to (?:me|us|staff))\b"
    r"|(?:scared|afraid|frightened|terrified) (?:to go|of going|at) home\b"
    r"|(?:scared|afraid|frightened|terrified) of (?:his|her|their|my) (?:\w{2,12}['’]s )?"
    r"(?:mum|mother|dad|father|step-?\w{3,6}|uncle|brother|grandad|partner|boyfriend|carer)\b"
    r"|left (?:home )?alone (?:at night|overnight|all (?:day|night|weekend)|for (?:hours|days))\b"
    r"|(?:not|never) (?:been |being )?fed\b|nothing to eat at home\b"
    r"|(?:not|isn['’]t|is not|never) safe at home\b|unsafe at home\b)",
    re.IGNORECASE,
)
_AROUND: Final = 60
"""Characters on either side in which a word of harm must have somebody it happened to."""


def find_emails(text: str) -> Places:
    """E-mail addresses, also written with (at)."""
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end()


def find_urls(text: str) -> Places:
    """Web addresses, with or without http."""
    for match in _URL.finditer(text):
        end = match.start() + len(match.group().rstrip(".,;:!?)]}'\"”’"))
        yield match.start(), end


def find_nhs_numbers(text: str) -> Places:
    """Ten digits whose last is the check digit of an NHS number.

    The check digit is 11 less the remainder, divided by 11, of the first nine digits times 10 down
    to 2; 11 stands for 0, and no number has 10 (NHS Data Dictionary, "NHS NUMBER").

    >>> list(find_nhs_numbers("999 000 0026 is sound, 999 000 0027 is not"))
    [(0, 12)]
    """
    for match in _NHS.finditer(text):
        digits = [int(character) for character in match.group() if character.isdigit()]
        total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
        if -total % 11 == digits[9]:
            yield match.start(), match.end()


def find_ni_numbers(text: str) -> Places:
    """National Insurance numbers: two letters, six digits, a letter from A to D."""
    for match in _NI.finditer(text):
        yield match.start(), match.end()


def find_phones(text: str) -> Places:
    """Phone numbers as dialled in the United Kingdom or abroad, and short ones that are named."""
    for match in _PHONE.finditer(text):
        end = match.start() + len(match.group().rstrip(" ().-\u2010\u2011\u2012\u2013\u2014\u2015"))
        if text[end : end + 1].isdigit():
            continue
        if _is_phone(text[match.start() : end]):
            yield match.start(), end
    for match in _SHORT_PHONE.finditer(text):
        yield match.span(1)


def _is_phone(number: str) -> bool:
    # Imported here: the numbering plans of the world take a while to load.
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(parsed)


def find_postcodes(text: str) -> Places:
    """Whole postcodes, also of areas that do not exist."""
    for match in _POSTCODE.finditer(text):
        # “Y6 2nd group” is a school year, not a place.
        if not match.group(1).endswith(_ORDINALS):
            yield match.start(), match.end()


def find_vehicles(text: str) -> Places:
    """Vehicle registrations in capitals, and in any letters after a word such as “reg”."""
    for match in _VEHICLE.finditer(text):
        yield match.start(), match.end()
    for match in _NAMED_VEHICLE.finditer(text):
        yield match.span(1)


def find_dates_of_birth(text: str) -> Places:
    """Dates, also without the year or with nothing but the year, next to a word of birth."""
    for match in _BIRTH.finditer(text):
        yield match.span(1)


def find_dates(text: str) -> Places:
    """Dates with day, month and year."""
    for match in _DATE.finditer(text):
        yield match.start(), match.end()


def find_references(text: str) -> Places:
    """Case and reference numbers: named as such, or long runs of digits; a year is not one."""
    for match in _NAMED_REFERENCE.finditer(text):
        reference = match.group(1)
        digits = sum(character.isdigit() for character in reference)
        if digits >= 3 and not _NO_REFERENCE.fullmatch(reference):
            yield match.span(1)
    for match in _REFERENCE.finditer(text):
        if not _NO_REFERENCE.fullmatch(match.group()):
            yield match.start(), match.end()


def find_ages(text: str) -> Places:
    """The age, up to 18, of one child; ages of groups (“aged 5 to 11”) are passed over."""
    for match in _AGE.finditer(text):
        plural = match.group().lower().endswith("olds")
        before = text[max(0, match.start() - 40) : match.start()]
        if plural or _GROUP_BEFORE.search(before) or _GROUP_AFTER.match(text, match.end()):
            continue
        yield match.start(), match.end()


def find_disclosures(text: str) -> Places:
    """Words of harm near somebody it may have happened to, and words of a child's telling."""
    for match in _HARM.finditer(text):
        around = text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
        if _SOMEBODY.search(around) and not _NOT_HARM.match(text, match.start()):
            yield match.start(), match.end()
    for match in _TOLD.finditer(text):
        yield match.start(), match.end()
