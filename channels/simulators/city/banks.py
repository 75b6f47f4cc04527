"""Accounts at real banks and branches around the city, with numbers that are nobody's."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from random import Random

from zengin_code import Bank

# Bank, its branches near the city, and how usual an account there is.
BANKS = (
    ("0168", ("191", "205", "192"), 45),
    ("9900", ("538", "548"), 20),
    ("7837", ("128", "130", "134", "135"), 12),
    ("1741", ("006", "002"), 10),
    ("0566", ("023",), 6),
    ("0173", ("477",), 4),
    ("0001", ("521",), 2),
    ("0009", ("651",), 1),
)

# Half-width katakana by their full-width form, as JIS X 0201 has them.
HALF_WIDTH = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
VOICED, SEMI_VOICED = "\u3099", "\u309a"
HALF_WIDTH |= {VOICED: "ﾞ", SEMI_VOICED: "ﾟ", "　": " "}
FULL_SIZE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")


@dataclass(frozen=True, slots=True)
class Account:
    """An ordinary account (預金種目 1) and its holder in half-width katakana."""

    bank: str
    branch: str
    number: str
    holder: str
    kind: str = "1"


def draw_account(random: Random, kana: str) -> Account:
    """Draw an account of this holder; one in ten writes the small kana that banks do not."""
    banks = near_banks()
    bank, branches, _ = random.choices(banks, [weight for *_, weight in banks])[0]
    written = kana if random.random() < 0.1 else kana.translate(FULL_SIZE)
    number = f"{random.randint(10_000, 9_999_999):07}"
    return Account(bank, random.choice(branches), number, half_width(written))


def half_width(kana: str) -> str:
    """Write full-width katakana in half width: ガ becomes two characters."""
    parts = unicodedata.normalize("NFD", kana)
    return "".join(HALF_WIDTH.get(char, char) for char in parts)


@cache
def near_banks() -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """Return `BANKS` less the branches that the bank master no longer has."""
    found = []
    for bank, branches, weight in BANKS:
        known = Bank.all[bank].branches if bank in Bank.all else {}
        open_now = tuple(branch for branch in branches if branch in known)
        if open_now:
            found.append((bank, open_now, weight))
    return tuple(found)
