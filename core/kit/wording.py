"""What the kit says to staff: Japanese first, then English."""

import tomllib
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent / "words"
LANGUAGES = ("ja", "en")


def say(language: str, key: str, **values: object) -> str:
    """Return a text by its key, such as `report.title`."""
    group, _, name = key.partition(".")
    return _catalogue(language)[group][name].format(**values)


def both(key: str, **values: object) -> str:
    """Return a short text in both languages, on one line."""
    return " / ".join(say(language, key, **values) for language in LANGUAGES)


def knows(key: str) -> bool:
    """Tell whether there are words for a key."""
    group, _, name = key.partition(".")
    return name in _catalogue(LANGUAGES[0])[group]


def named(language: str, group: str, code: str) -> str:
    """Return what a code means, with the code beside it."""
    key = f"{group}.{code}"
    return f"{say(language, key)} [{code}]" if knows(key) else code


@cache
def _catalogue(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_WORDS / f"{language}.toml").read_text(encoding="utf-8"))
