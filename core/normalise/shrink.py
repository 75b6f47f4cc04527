"""Reads the shrink map (縮退マップ) of the IPA, which a city may bring; it is never shipped.

The map, `MJShrinkMap.1.2.0.json`, says for each glyph of the Moji-Joho collection which characters
of JIS X 0213 may stand for it, and by which kind of reason. It names glyphs; which character a
glyph is says the list of glyphs, given as lines of glyph and code (`MJ030197<tab>U+9AD9`).
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.normalise.variants import CURATED, Variants

# Kinds that say two glyphs are one character. Dictionaries' relations and likeness of shape or
# reading are no reason to take two names for one.
_UNIFIED = "JIS包摂規準・UCS統合規則"
_NOTICES = "法務省戸籍法関連通達・通知"
_OTHER_CHARACTER = "別字"


def read_glyphs(path: Path) -> dict[str, str]:
    """Return the character of each glyph, of a text of two columns."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    columns = [line.replace(",", "\t").split("\t") for line in lines if line.strip()]
    return {glyph: _character(code) for glyph, code, *_ in columns if code.startswith("U+")}


def read_shrink_map(
    path: Path, glyphs: Mapping[str, str], variants: Variants = CURATED
) -> Variants:
    """Return `variants` and what the map adds: glyphs that lead to one character and no other."""
    content = json.loads(path.read_text(encoding="utf-8-sig"))["content"]
    found = set(_pairs(content, glyphs))
    leads = Counter(character for character, _ in found)
    return variants.joined(sorted(pair for pair in found if leads[pair[0]] == 1))


def _pairs(content: list[dict[str, Any]], glyphs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for entry in content:
        character = glyphs.get(entry["MJ文字図形名"])
        if character is None:
            continue
        to = {one["UCS"] for one in entry.get(_UNIFIED, [])} or {
            one["UCS"] for one in entry.get(_NOTICES, []) if one.get("付記") != _OTHER_CHARACTER
        }
        if len(to) == 1:
            yield character, _character(to.pop())


def _character(code: str) -> str:
    return chr(int(code.strip().removeprefix("U+"), 16))
