"""Texts of procedures: in several languages, with places, plurals and dates in ICU's MessageFormat.

    {ja: "{count, plural, other {#人}}で{day, date, long}まで", en: "…"}

A place that nobody fills stays empty. Kanji may carry their reading, as ｜届出《とどけで》; before
a run of kanji the bar may be left out. Readings are for pages that draw them; elsewhere they go.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from icu4py.messageformat import MessageFormat

FALLBACK = "ja"
LOCALES = {"ja": "ja_JP@calendar=japanese", "en": "en_US"}
"""What a language's dates and numbers are written by, where it is not the language itself."""

PLACE = re.compile(r"\{\s*([a-z][a-z0-9_]*)\s*[,}]")
RUBY = re.compile(
    r"｜([^｜《》\n]+)《[^《》\n]+》|([\u3400-\u9fff\uf900-\ufaff々〆ヶ]+)《[^《》\n]+》"
)

Text: TypeAlias = Mapping[str, str]
"""A text by language tag; "ja" is always there."""

Argument: TypeAlias = str | int | date
Arguments: TypeAlias = Mapping[str, Argument]
"""What fills the places, by name."""


class TextInvalid(ValueError):  # noqa: N818 - named for what is wrong.
    """A text is no message of ICU's."""


def in_language(text: Text, language: str) -> str:
    """Return the pattern in the language, or in the one it belongs to, or in Japanese."""
    return text.get(language) or text.get(language.partition("-")[0]) or text[FALLBACK]


def filled(text: Text, arguments: Arguments, language: str) -> str:
    """Return the text in the language with its places filled, with readings as written."""
    pattern = in_language(text, language)
    if "{" not in pattern and "'" not in pattern:
        return pattern
    base = language.partition("-")[0] if text.get(language.partition("-")[0]) else FALLBACK
    given: dict[str, Any] = {
        name: _given(arguments.get(name, "")) for name in PLACE.findall(pattern)
    }
    return _message(pattern, LOCALES.get(base, base)).format(given)


def said(text: Text, arguments: Arguments, language: str) -> str:
    """Return the text in the language with its places filled, without readings."""
    return plain(filled(text, arguments, language))


def plain(text: str) -> str:
    """Return a text without the readings of its kanji."""
    return RUBY.sub(lambda found: found[1] or found[2], text) if "《" in text else text


def places(pattern: str) -> set[str]:
    """Return the names of a pattern's places; raise TextInvalid where it is none of ICU's."""
    names = set(PLACE.findall(pattern))
    try:
        message = MessageFormat(pattern, "ja")
        # A name within a branch of a plural may be a word; what stays in braces is a place.
        unfilled = message.format({})
    except ValueError as wrong:
        raise TextInvalid(str(wrong).rpartition(": ")[2]) from None
    except (KeyError, TypeError):
        return names
    return {name for name in names if f"{{{name}" in unfilled or f"{{{name}," in pattern}


@lru_cache(maxsize=4096)
def _message(pattern: str, locale: str) -> MessageFormat:
    return MessageFormat(pattern, locale)


def _given(value: Argument) -> str | int | date:
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, 12, tzinfo=UTC)
    return value
