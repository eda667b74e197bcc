"""pydantic's errors about a bank file as plain sentences with the line each belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from question_banks.strict_yaml import Fault, Place

_RULES = frozenset[object](["test", "all", "any", "not"])
_A_KIND = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "union_tag_not_found": "text, or a mapping with the keys en and cy",
}


def plain_faults(
    errors: Sequence[Mapping[str, Any]], *, raw: object, lines: Mapping[Place, int]
) -> Iterator[Fault]:
    """One fault for each thing wrong with `raw`, in the order pydantic found them.

    Args:
        errors: `ValidationError.errors()`.
        raw: what was validated, as read from the file.
        lines: the line of every place in `raw`.
    """
    told: set[Place] = set()
    for error in errors:
        place = _place(error["loc"], raw)
        missing = _missing(error)
        value = _at(raw, place)
        if error["type"] == "too_short" and value:
            # pydantic counts only the items that were right; each wrong one has its own error.
            continue
        if missing is None and place in told:
            continue
        told.add(place if missing is None else (*place, missing))
        yield Fault(lines[place], _where(raw, place) + _sentence(error, place, missing))


def _place(loc: Sequence[str | int], raw: object) -> Place:
    """Where in the file an error is; for a missing key, the mapping it is missing from.

    pydantic puts the name of the branch of a union it took among the keys; those are left out.
    A branch is named right after a rule or a question, where its name could also be a key.
    """
    place: list[str | int] = []
    here = raw
    branches: frozenset[object] = frozenset()
    for part in loc:
        if part in branches:
            branches = frozenset()
        elif isinstance(here, dict) and part in here:
            here = here[part]
            place.append(part)
            branches = _RULES if part in ("show_if", "not") else frozenset()
        elif isinstance(here, list) and isinstance(part, int):
            here = here[part]
            branches = _RULES if place[-1] in ("all", "any") else _type_of(here)
            place.append(part)
    return tuple(place)


def _type_of(item: object) -> frozenset[object]:
    """The branch of a question, which has the name of its type."""
    kind = item.get("type") if isinstance(item, dict) else None
    return frozenset([kind]) if isinstance(kind, str) else frozenset()


def _missing(error: Mapping[str, Any]) -> str | None:
    """The key that is missing, if that is what the error is about."""
    if error["type"] == "missing":
        return str(error["loc"][-1])
    if error["type"] == "union_tag_not_found" and error["ctx"]["discriminator"] == "'type'":
        return "type"
    return None


def _at(raw: object, place: Place) -> object:
    for part in place:
        raw = raw[part]  # type: ignore[index]  # `_place` has walked this way already
    return raw


def _where(raw: object, place: Place) -> str:
    """The nearest code around a place, as the beginning of a sentence, or nothing.

    Of a code that is itself at fault nothing is said twice.
    """
    innermost = len(place) if place[-1:] != ("code",) else len(place) - 2
    for length in range(innermost, -1, -1):
        value = _at(raw, place[:length])
        if isinstance(value, dict) and isinstance(value.get("code"), str):
            return f"{value['code']}: "
    return ""


def _sentence(error: Mapping[str, Any], place: Place, missing: str | None) -> str:
    kind = error["type"]
    if missing is not None:
        return f"‘{missing}’ is missing"
    name = next((part for part in reversed(place) if isinstance(part, str)), None)
    if name is None:
        return f"a bank {_demand(error)}"
    if kind == "extra_forbidden":
        return f"there is no key called ‘{name}’ here; see question_banks/README.md"
    if "value" in place and place[-1] != "question":
        return (
            "‘value’ must be text, a number, true or false, or a list of texts in square brackets"
        )
    if kind == "union_tag_invalid":
        context = error["ctx"]
        return f"there is no type ‘{context['tag']}’; use {_listed(context['expected_tags'])}"
    each = "each of " if isinstance(place[-1], int) else ""
    return f"{each}‘{name}’ {_demand(error)}"


def _demand(error: Mapping[str, Any]) -> str:
    kind, context, given = error["type"], error.get("ctx", {}), error["input"]
    if kind in _A_KIND:
        return f"must be {_A_KIND[kind]}{_instead(given, kind)}"
    match kind:
        case "string_too_short" | "too_short":
            if context["min_length"] > 1:
                return f"must have at least {context['min_length']} characters"
            return "is empty"
        case "string_pattern_mismatch" if "." in context["pattern"]:
            return f'must be two numbers with a dot between, such as "1.0", not ‘{given}’'
        case "string_pattern_mismatch":
            return (
                "must be 2 to 60 small letters, digits and underscores that begin with a letter, "
                f"not ‘{given}’"
            )
        case "enum" | "literal_error":
            return f"must be {_listed(context['expected'])}, not ‘{given}’"
        case "greater_than_equal":
            return f"must be {context['ge']} or more, not {given}"
        case "less_than_equal":
            return f"must be {context['le']} or less, not {given}"
        case _:
            return f"is wrong: {error['msg']}"


def _listed(expected: str) -> str:
    """pydantic's list of allowed words, without its straight quotes and with a last `or`."""
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _instead(given: object, kind: str) -> str:
    """What was given, and how to write it where quotation marks would make it right."""
    if given is None:
        return "; it is empty"
    if isinstance(given, dict):
        return "; it is a mapping"
    if isinstance(given, list):
        return "; it is a list"
    if isinstance(given, bool):
        word = str(given).lower()
        return f'; {word} is not: write "{word}" in quotation marks if you mean the word'
    if isinstance(given, int | float) and kind in ("string_type", "union_tag_not_found"):
        return f"; {given} is a number: put it in quotation marks"
    return f", not ‘{given}’"
