"""Finds banks and their branches by what somebody types: a name, a reading in any kana, a code."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from core.banks import bank_master

HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
SHORT = {
    "信用金庫": "シンキン",
    "信用組合": "シンクミ",
    "農業協同組合": "ノウキヨウ",
    "漁業協同組合": "ギヨキヨウ",
    "労働金庫": "ロウキン",
    "信金": "シンキン",
    "信組": "シンクミ",
    "農協": "ノウキヨウ",
    "漁協": "ギヨキヨウ",
    "労金": "ロウキン",
    "シンヨウキンコ": "シンキン",
    "シンヨウクミアイ": "シンクミ",
    "ノウギヨウキヨウドウクミアイ": "ノウキヨウ",
    "ロウドウキンコ": "ロウキン",
}
"""What kinds of banks are called in short, by all that people and the data write."""

OF_A_BANK = re.compile("(銀行|ギンコウ|BANK)$")
OF_A_BRANCH = re.compile("(支店|シテン|出張所|シユツチヨウシヨ|店)$")


@dataclass(frozen=True, slots=True)
class Found:
    """A bank or a branch: its code, and its name as people say it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class _Entry:
    found: Found
    keys: tuple[str, ...]
    """Its name, its reading and the title, folded."""


def banks(words: str, most: int) -> list[Found]:
    """Return the banks that words may mean, best first."""
    return _best(words, OF_A_BANK, _banks(), most)


def branches(bank_code: str, words: str, most: int) -> list[Found]:
    """Return the branches of a bank that words may mean, best first. Raises `BankUnknown`."""
    return _best(words, OF_A_BRANCH, _branches(bank_master.bank(bank_code).code), most)


def folded(words: str) -> str:
    """Return words as they are compared: width, kana, small kana and case play no part."""
    plain = unicodedata.normalize("NFKC", words).upper().translate(HIRAGANA).translate(SMALL)
    plain = re.sub(r"[\s・.]", "", plain)
    for long, short in SHORT.items():
        plain = plain.replace(long, short)
    return plain


def _best(words: str, ending: re.Pattern[str], known: Iterable[_Entry], most: int) -> list[Found]:
    whole = folded(words)
    bare = ending.sub("", whole) or whole
    ranked = [
        (rank, len(entry.keys[0]), entry.found.code, entry.found)
        for entry in known
        if (rank := _rank(entry, whole, bare)) is not None
    ]
    return [found for *_, found in sorted(ranked, key=lambda one: one[:3])[:most]]


def _rank(entry: _Entry, whole: str, bare: str) -> int | None:
    """Return how well an entry fits, 0 best; None where it does not."""
    if entry.found.code == whole or bare in entry.keys or whole in entry.keys:
        return 0
    if entry.found.code.startswith(whole) or any(key.startswith(bare) for key in entry.keys):
        return 1
    return 2 if any(bare in key for key in entry.keys) else None


@cache
def _banks() -> tuple[_Entry, ...]:
    return tuple(_entry(one) for one in bank_master.every_bank())


@cache
def _branches(bank_code: str) -> tuple[_Entry, ...]:
    return tuple(_entry(one) for one in bank_master.every_branch(bank_code))


def _entry(named: bank_master.Named) -> _Entry:
    keys = dict.fromkeys(folded(one) for one in (named.name, named.reading, named.title))
    return _Entry(Found(named.code, named.title), tuple(keys))
