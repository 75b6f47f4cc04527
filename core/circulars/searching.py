"""The archive's search: which circulars hold words, in what they say or in their files."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from core.circulars.rows import Circular, CircularFile, NamedFile
from core.circulars.rules import State


def holding(
    session: Session, municipality: str, said: Sequence[tuple[Circular, dict[str, Any]]], words: str
) -> set[str]:
    """Return the ids of those, of circulars with their content, that hold all of the words.

    Of one that was taken back only the title is looked at: no more of it is to be read.
    """
    wanted = _folded(words).split()
    texts = _file_texts(session, municipality, [circular.id for circular, _ in said])
    found = set()
    for circular, content in said:
        parts = [content["title"]]
        if circular.state is not State.WITHDRAWN:
            parts += [content.get("body", ""), *texts.get(circular.id, [])]
        # A PDF breaks its lines wherever a font changes.
        text = "".join(_folded("".join(parts)).split())
        if all(word in text for word in wanted):
            found.add(circular.id)
    return found


def _folded(text: str) -> str:
    """Return a text as it is searched: of one width, and in small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def _file_texts(
    session: Session, municipality: str, circular_ids: Sequence[str]
) -> dict[str, list[str]]:
    """Return the texts of the files that circulars name."""
    query = (
        select(NamedFile.circular_id, CircularFile)
        .join(
            CircularFile,
            (CircularFile.municipality == NamedFile.municipality)
            & (CircularFile.id == NamedFile.file_id),
        )
        .where(NamedFile.municipality == municipality, NamedFile.circular_id.in_(circular_ids))
        .options(undefer(CircularFile.text))
    )
    found: dict[str, list[str]] = {}
    for circular_id, file in session.execute(query):
        found.setdefault(circular_id, []).append(file.text)
    return found
