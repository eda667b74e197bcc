"""Names of people in free text: after a title, from a list, and posts that one person holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

Places = Iterator[tuple[int, int]]

_TITLES: Final = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Rev|Revd|Reverend"
    "|Father|Fr|Imam|Rabbi|Cllr|Councillor|PC|WPC|PCSO|DC|TDC|DS|DI|DCI|DSU|DSI|Sgt|Sergeant|Insp"
    "|Inspector|Supt|Superintendent|Constable|Commander|Nurse|Judge|HHJ"
)
_AFTER_TITLE: Final = re.compile(
    rf"(?<!\w)(?:(?:{_TITLES})\b\.?(?: ?[/&] ?| and | )){{1,3}}+(?=[^\W\d_])"
    r"|(?<!\w)(?i:mr|mrs|cllr)\b\.? (?=[^\W\d_])"
)
_CALLED: Final = re.compile(
    r"\b(?:called|named|names? (?:is|was|were)|son|daughter|brother|sister|mum|dad|mother"
    r"|father|nan|uncle|aunt|cousin|boyfriend|girlfriend|husband|wife),? (?=[^\W\d_])"
)
_NAME_WORD: Final = re.compile(r"[^\W\d_]\.(?!\w)|[^\W\d_]++(?:['’-][^\W\d_]++)*+")
_PARTICLE: Final = re.compile(
    r"(?:van|von|der|den|de|da|di|del|la|le|al|el|bin|ibn|bint|ap|ab|ferch)[ -](?=[^\W\d_])"
    r"|[dD]['’](?=[^\W\d_])"
)
_MOST_WORDS: Final = 4
"""Words that one name may have."""
_NO_NAME: Final = re.compile(
    "a|an|and|are|as|at|both|but|by|can|did|do|for|from|had|has|have|he|her|here|his|how|i|if|in|is"
    "|it|its|my|no|not|of|on|or|our|she|so|some|that|the|their|them|there|these|they|this|to|was|we"
    "|were|what|when|where|which|while|who|why|will|with|you|your"
    "|teams|office|word|excel|outlook|sharepoint|world"
    "|practitioners?|managers?|team|leads?|unit|services?|board|officers?|staff|training"
    "|association|referrals?|reviews?|panel|force|degree|specialist|consultant|child|children|early|help"
    "|section|strateg(?:y|ic)|working|together|multi|agency|safeguarding|partnership|core|group"
    "|social|care|agency|agencies|organisations?|health|police|school|education|council|operation|project|named|designated|head"
    "|deputy|chief|senior|family|support|plan|cin|cp|mash|lado|iro|ehcp|camhs",
    re.IGNORECASE,
)
"""Words that follow a title or “called” with a capital and are no name."""

_POST: Final = re.compile(
    r"\b(?:(?:assistant |deputy )?chief (?:executive|constable|fire officer|nurse|officer)"
    r"|borough commander|lead member(?: for [a-z’' ]{0,30}(?:children|services|education))?"
    r"|(?:assistant |deputy )?director of (?:children[’']?s (?:services|social care)|education"
    r"|public health|adult social care|nursing|quality|social services)"
    r"|(?:deputy |assistant )?head ?teacher|principal social worker"
    r"|(?:designated|named) (?:doctor|nurse|midwife|gp)|chief of police"
    r"|independent (?:chair|scrutineer)|police and crime commissioner"
    r"|leader of the council|mayor)(?!\w|[’']? ?s\b)",
    re.IGNORECASE,
)

_WORD: Final = re.compile("[^\\W_]+(?:[\u0300-\u036f][^\\W_]*)*")
_SHORTEST_PART: Final = 3
_ALSO_WORDS: Final = re.compile(
    "bell|best|bill|black|blue|brown|case|chance|charity|chase|child|cook|cross|dawn|day|dear|early"
    "|faith|field|fields|forest|gay|grace|grant|green|grey|guy|hall|hardy|harmony|hill|hope|house"
    "|hunt|joy|june|keen|king|lane|law|long|love|major|mark|marsh|may|mercy|miles|mill|moon|more|most"
    "|north|page|park|patience|pearl|pepper|power|price|prince|prior|prudence|queen|ray|read|rich"
    "|river|rob|rock|rose|rush|sandy|savage|sharp|short|sky|smart|snow|speed|spring|star|stone"
    "|storm|strong|sue|summer|swift|trinity|victor|violet|wade|wall|ward|waters|wells|west|white"
    "|will|winter|wise|wolf|wood|woods|worth|wright|young"
)
"""Parts of names that are words too: at the start of a sentence their capital says nothing."""
_SENTENCE_START: Final = re.compile(r"(?:[.!?:;\n•*-])\W*$")


def find_with_title(text: str) -> Places:
    """Names after a title such as Mrs, Cllr or DS, and after words such as “called”.

    >>> text = "Mrs J. Oakapple and DS O'Larch met the PC World staff"
    >>> [text[start:end] for start, end in find_with_title(text)]
    ['Mrs J. Oakapple', "DS O'Larch"]
    """
    for match in _AFTER_TITLE.finditer(text):
        end = _end_of_name(text, match.end(), small=match.group()[0].islower())
        if end > match.end():
            yield match.start(), end
    for match in _CALLED.finditer(text):
        end = _end_of_name(text, match.end(), small=False)
        if end > match.end():
            yield match.end(), end


def _end_of_name(text: str, start: int, *, small: bool) -> int:
    """Where the name that begins at `start` ends; `start` itself when there is none.

    Every word of it begins with a capital (the first may have none, as in Arabic), but for words
    such as “van”. With `small` the name may be one word in small letters, after “mr”.
    """
    end = place = start
    for i in range(_MOST_WORDS):
        while particle := _PARTICLE.match(text, place):
            place = particle.end()
        word = _NAME_WORD.match(text, place)
        if word is None or _NO_NAME.fullmatch(word.group()):
            break
        first = word.group()[0]
        if not (first.isupper() or (i == 0 and (small or not first.islower()))):
            break
        end = word.end()
        if text[end : end + 1] != " ":
            break
        place = end + 1
    return end


def find_posts(text: str) -> Places:
    """Posts that one person in an agency or an area holds, in the singular."""
    for match in _POST.finditer(text):
        yield match.start(), match.end()


def find_listed(text: str, names: Iterable[str]) -> Places:
    """The whole names of a list in any letters, and their parts where these begin with a capital.

    Accents do not matter, nor does what stands between the words. Parts of two letters are found
    only within the whole name, and parts that are everyday words too (Rose, Price) not where a
    sentence begins.

    >>> text = "rowan  oakapple left; then Oakapple came back to the oakapple tree"
    >>> [text[start:end] for start, end in find_listed(text, ["Rowan Oakapple"])]
    ['rowan  oakapple', 'Oakapple']
    """
    whole: dict[str, set[tuple[str, ...]]] = {}
    parts: set[str] = set()
    for name in names:
        folded_name = (_folded(match.group()) for match in _WORD.finditer(name))
        words = tuple(word for word in folded_name if word not in _FOLDED_TITLES)
        if len(words) > 1:
            whole.setdefault(words[0], set()).add(words)
        parts |= {word for word in words if len(word) >= _SHORTEST_PART}
    if not parts and not whole:
        return
    found = list(_WORD.finditer(text))
    folded = [_folded(match.group()) for match in found]
    for i, match in enumerate(found):
        longest = max(
            (
                len(words)
                for words in whole.get(folded[i], ())
                if tuple(folded[i : i + len(words)]) == words
                and _is_near(text, found[i : i + len(words)])
            ),
            default=0,
        )
        if longest:
            yield match.start(), found[i + longest - 1].end()
        elif folded[i] in parts and _is_a_name_here(text, match, folded[i]):
            yield match.start(), match.end()


def _is_a_name_here(text: str, match: re.Match[str], folded: str) -> bool:
    """True where a part of a name has its capital as a name, and not as the first word."""
    if match.group()[0].islower():
        return False
    before = text[max(0, match.start() - 4) : match.start()]
    return not (
        _ALSO_WORDS.fullmatch(folded) and (match.start() == 0 or _SENTENCE_START.search(before))
    )


_FOLDED_TITLES: Final = frozenset(title.casefold() for title in _TITLES.split("|"))
_FURTHEST: Final = 4
"""Characters that may stand between the words of one name."""


def name_parts(names: Iterable[str]) -> frozenset[str]:
    """The parts of a list of names, folded; titles and parts that are everyday words are left out.

    >>> sorted(name_parts(["Dr Élodie Marsh", "Rowan Oakapple"]))
    ['elodie', 'oakapple', 'rowan']
    """
    parts = (_folded(match.group()) for name in names for match in _WORD.finditer(name))
    return frozenset(
        part
        for part in parts
        if len(part) >= _SHORTEST_PART
        and part not in _FOLDED_TITLES
        and not _ALSO_WORDS.fullmatch(part)
    )


def _is_near(text: str, words: list[re.Match[str]]) -> bool:
    return all(
        later.start() - earlier.end() <= _FURTHEST
        and not set(text[earlier.end() : later.start()]) & set(".;:!?")
        for earlier, later in pairwise(words)
    )


def _folded(word: str) -> str:
    """The word without accents and in small letters."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(
        character for character in decomposed if not unicodedata.combining(character)
    ).casefold()
