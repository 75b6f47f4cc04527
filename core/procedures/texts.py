"""Texts of procedures: in several languages, with places, plurals and dates in ICU's MessageFormat.

    {ja: "{count, plural, other {#人}}で{day, date, long}まで", en: "…"}

A place that nobody fills stays empty. Kanji may carry their reading, as ｜届出《とどけで》; before
a run of kanji the bar may be left out. Readings are for pages that draw them; elsewhere they go.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Self, TypeAlias

from icu4py.messageformat import MessageFormat

from core.procedures.patterns import DAYS, NUMBERS, Place, TextInvalid, places_of

FALLBACK = "ja"
LOCALES = {"ja": "ja_JP@calendar=japanese", "en": "en_US"}
"""What a language's dates and numbers are written by, where it is not the language itself."""

RUBY = re.compile(
    r"｜([^｜《》\n]+)《[^《》\n]+》|([\u3400-\u9fff\uf900-\ufaff々〆ヶ]+)《[^《》\n]+》"
)

SURROGATE = re.compile("[\ud800-\udfff]")

Text: TypeAlias = Mapping[str, str]
"""A text by language tag; "ja" is always there."""

Argument: TypeAlias = str | int | date
Arguments: TypeAlias = Mapping[str, Argument]
"""What fills the places, by name."""


class Called(str):
    """A value with what people call it, by which a plain place is filled; others decide by it."""

    __slots__ = ("label",)
    label: str

    def __new__(cls, value: str, label: str) -> Self:
        made = super().__new__(cls, value)
        made.label = label
        return made


def in_language(text: Text, language: str) -> str:
    """Return the pattern in the language, or in the one it belongs to, or in Japanese."""
    return text.get(language) or text.get(language.partition("-")[0]) or text[FALLBACK]


def filled(text: Text, arguments: Arguments, language: str) -> str:
    """Return the text in the language with its places filled, with readings as written."""
    pattern = in_language(text, language)
    if "{" not in pattern and "'" not in pattern:
        return pattern
    base = language.partition("-")[0]
    written = base if text.get(language) or text.get(base) else FALLBACK
    return formatted(pattern, arguments, LOCALES.get(written, written))


def formatted(pattern: str, arguments: Arguments, locale: str) -> str:
    """Return a pattern with its places filled, whatever they are filled with."""
    known = places_of(pattern)
    given = {one.name: arguments.get(one.name, "") for one in known}
    # A day or a number that nobody knows leaves its place empty.
    unknown = frozenset(
        one.begin
        for one in known
        if (one.type in DAYS and _day(given[one.name]) is None)
        or (one.type in NUMBERS - {"plural", "selectordinal"} and not _is_number(given[one.name]))
    )
    filling: dict[str, Any] = {}
    for place in known:
        value = given[place.name]
        if not place.type:
            filling[place.name.upper()] = _plain(value, locale)
        elif place.type in DAYS:
            filling[place.name] = _day(value) or 0
        elif place.type in NUMBERS:
            filling[place.name] = value if _is_number(value) else 0
        else:
            filling[place.name] = str(value)
    message, beyond = _message(pattern, locale, unknown)
    return message.format({name: filling[name] for name in beyond})


def said(text: Text, arguments: Arguments, language: str) -> str:
    """Return the text in the language with its places filled, without readings."""
    return plain(filled(text, arguments, language))


def plain(text: str) -> str:
    """Return a text without the readings of its kanji."""
    return RUBY.sub(lambda found: found[1] or found[2], text) if "《" in text else text


def with_places_renamed(pattern: str, new: Mapping[str, str]) -> str:
    """Return a pattern whose places of these names have others."""
    made, at = "", 0
    for place in sorted(typed_places(pattern), key=lambda one: one.name_begin):
        made += pattern[at : place.name_begin] + new.get(place.name, place.name)
        at = place.name_begin + len(place.name)
    return made + pattern[at:]


def places(pattern: str) -> set[str]:
    """Return the names of a pattern's places; raise TextInvalid where it is none of ICU's."""
    return {one.name for one in typed_places(pattern)}


def typed_places(pattern: str) -> tuple[Place, ...]:
    """Return a pattern's places; raise TextInvalid where it is none of ICU's."""
    if not pattern.isascii() and SURROGATE.search(pattern):
        raise TextInvalid("has half a character")
    if "{" not in pattern and "}" not in pattern and "'" not in pattern:
        return ()
    found = places_of(pattern)
    if clash := {one.name for one in found if one.type in DAYS} & {
        one.name for one in found if one.type in NUMBERS | {"select"}
    }:
        raise TextInvalid(f"{{{min(clash)}}} is a day here, and something else there")
    sample: dict[str, Argument] = {one.name: _sample(one) for one in found}
    try:
        formatted(pattern, sample, LOCALES[FALLBACK])
    except (ValueError, RuntimeError):
        raise TextInvalid("is no message of ICU's: look at its braces and quotes") from None
    return found


def _sample(place: Place) -> Argument:
    return date(2026, 4, 1) if place.type in DAYS else 3


@lru_cache(maxsize=4096)
def _message(
    pattern: str, locale: str, unknown: frozenset[int]
) -> tuple[MessageFormat, frozenset[str]]:
    """Return a pattern made ready, and the names it has then.

    Plain places have their names in capitals, since a name may be filled with what it is called in
    one place and decide between branches in another; those `unknown`, by where they begin, are
    taken out.
    """
    made, at, names = "", 0, set()
    for place in places_of(pattern):
        if place.begin < at:
            # It is within one that was taken out.
            continue
        if place.begin in unknown:
            made, at = made + pattern[at : place.begin], place.end
            continue
        name = place.name if place.type else place.name.upper()
        names.add(name)
        made += pattern[at : place.name_begin] + name
        at = place.name_begin + len(place.name)
    return MessageFormat(made + pattern[at:], locale), frozenset(names)


def _plain(value: Argument, locale: str) -> str | int:
    if isinstance(value, Called):
        return value.label
    if isinstance(value, date):
        return formatted("{day, date, long}", {"day": value}, locale)
    return value


def _day(value: Argument) -> datetime | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, 12, tzinfo=UTC)
    return None


def _is_number(value: Argument) -> bool:
    return isinstance(value, int)
