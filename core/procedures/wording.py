"""What blocks say and hear by themselves, by language; an author's own words come first."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def word(key: str) -> dict[str, str]:
    """Return a text of the catalogue by its key, in each language."""
    return {language: words[key] for language, words in _catalogue().items()}


@cache
def listened_for(key: str) -> tuple[str, ...]:
    """Return the words that mean something when they are typed, of every language, longest first.

    Somebody who reads English may well type はい.
    """
    found = {one for words in _catalogue().values() for one in words["heard"][key]}
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


@cache
def _catalogue() -> Mapping[str, dict[str, Any]]:
    folder = files("core.procedures") / "words"
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
        for file in sorted(folder.iterdir(), key=lambda one: one.name, reverse=True)
        if file.name.endswith(".toml")
    }
