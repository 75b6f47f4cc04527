"""The demonstration's words, from a catalogue a language in `words/`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUES = Path(__file__).parent / "words"
LANGUAGES = ("ja", "en")


class Words:
    """The words of one language; a missing one is a bug, which a test finds."""

    def __init__(self, language: str) -> None:
        self._catalogue = catalogue(language)

    def __call__(self, section: str, name: str, /, **places: object) -> str:
        return str(self._catalogue[section][name]).format(**places)


@cache
def catalogue(name: str) -> dict[str, Any]:
    return tomllib.loads((CATALOGUES / f"{name}.toml").read_text(encoding="utf-8"))
