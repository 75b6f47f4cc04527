"""Names, as they are compared: how one was written, its key, and the names told with it."""

import re
import unicodedata
from dataclasses import dataclass

from core.normalise.characters import fold_kana, seen
from core.normalise.variants import CURATED, Variants

# ・ and ＝ part the words of a name that was Latin once, as a space does.
_GAP = re.compile(r"[\s・=]+")
_BRACKETS = re.compile(r"[(\[{〔【「『〈《<]([^)\]}〕】」』〉》>]*)[)\]}〕】」』〉》>]?")
_BRACKET = re.compile(r"[(\[{〔【「『〈《<)\]}〕】」』〉》>]")
_ALSO_CALLED = re.compile(r"(?:通称名?|通名|併記名|本名|別名)[:\s]*")
_FORMER = re.compile(r"旧(?:姓|氏)")
_LATIN = re.compile(r"[A-Z][A-Z\s.,'’‘`´・=\-‐‑‒–—―−_/]*")
_NO_LETTER = re.compile(r"[^A-Z]+")
_APOSTROPHES = re.compile("['’‘`´.]")
_READING = re.compile(r"[ぁ-ゖァ-ヺー・\s=\-]*")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")

_WHOLE = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its forms.

    `written` undoes widths and spaces only. `key` is equal where two spellings are one name; Latin
    names have their words in order of the alphabet there. `others` are keys of names that the same
    person has (通称). `words` is how many words it is written in.
    """

    written: str
    key: str
    others: tuple[str, ...]
    words: int

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, *self.others)


def read_name(name: str, variants: Variants = CURATED) -> Name:
    text = seen(name)
    main, others = _called(text)
    key = _key(main, variants)
    aliases = dict.fromkeys(_key(other, variants) for other in others)
    kept = tuple(alias for alias in aliases if alias not in ("", key))
    return Name(_without_spaces(text), key, kept, len(_GAP.sub(" ", main).split()))


def name_key(name: str) -> str:
    """Return the form in which two ways of writing one name are equal, letter by letter.

    1. NFKC: full-width letters, half-width kana and compatibility characters are the same text in
       another code; Unicode itself calls them equivalent.
    2. Variation selectors and unseen characters go: they change the shape of a letter, not which.
    3. Spaces go: a card parts family and given name by one, a register often does not.

    Large and small kana, variant characters, and the case of Latin letters stay as they are.
    """
    return _without_spaces(seen(name))


def similar_key(name: str) -> str:
    """Return the key of a name, which also passes over variants, kana and the case of letters."""
    return read_name(name).key


def _without_spaces(text: str) -> str:
    # NFKC writes a voice mark that stands alone as a space and a mark: joined, they are one kana.
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text))


def _called(text: str) -> tuple[str, list[str]]:
    """Return the name itself, and what is told beside it to be a name of the same person."""
    inner = [
        found[1]
        for found in _BRACKETS.finditer(text)
        # Before the end it is a former family name: 山田［佐藤］太郎.
        if not text[found.end() :].strip() and not _FORMER.search(found[1])
    ]
    main, *called = _ALSO_CALLED.split(_BRACKETS.sub(" ", text).strip())
    if not main.strip():
        return _BRACKET.sub(" ", text).strip(), []
    others = [part for each in inner for part in _ALSO_CALLED.split(each)]
    return main.strip(), [each for each in (*called, *others) if _is_name(each.strip(), main)]


def _is_name(other: str, main: str) -> bool:
    """Whether it is a whole name: no reading of the other one, and no family name alone."""
    if _HAN.search(main) and _READING.fullmatch(other):
        return False
    return len(_GAP.sub("", other)) >= _WHOLE or bool(_GAP.search(other.strip()))


def _key(name: str, variants: Variants) -> str:
    latin = _latin(name)
    if latin is not None:
        return latin
    bare = unicodedata.normalize("NFKC", _GAP.sub("", name))
    return fold_kana(unicodedata.normalize("NFKC", variants.fold(bare).upper()))


def _latin(name: str) -> str | None:
    """Return the words of a name in Latin letters, in order of the alphabet; None if it is none."""
    decomposed = unicodedata.normalize("NFKD", name)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).upper().strip()
    if not _LATIN.fullmatch(letters):
        return None
    words = _NO_LETTER.sub(" ", _APOSTROPHES.sub("", letters)).split()
    return " ".join(sorted(words))
