"""Texts in several languages, and which of them somebody reads."""

from collections.abc import Mapping

MAIN_LANGUAGE = "ja"
"""What is read where nothing else is known."""


def said(text: Mapping[str, str], language: str) -> str:
    """Return a text in the language, else in Japanese, else in what there is; empty for none."""
    for tag in (language, language.partition("-")[0], MAIN_LANGUAGE):
        if tag in text:
            return text[tag]
    return next(iter(text.values()), "")
