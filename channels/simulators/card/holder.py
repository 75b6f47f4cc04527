"""The person on a card, and how the profile writes the facts down.

The certificate can hold only JIS X 0208 and JIS X 0212; any other character is replaced by its
usual form and flagged.
"""

from dataclasses import dataclass
from datetime import date

# The first day of each era and its digit in the certificate, newest first. Era 0 is "unknown".
ERAS = (
    (date(2019, 5, 1), "5"),
    (date(1989, 1, 8), "4"),
    (date(1926, 12, 25), "3"),
    (date(1912, 7, 30), "2"),
    (date(1868, 1, 25), "1"),
)

# Forms that stand in for characters outside the certificate's set; what is not here becomes 〓.
SUBSTITUTES = str.maketrans("髙﨑德𠮷栁瀨增濵桒曻", "高崎徳吉柳瀬増浜桑昇")
GETA = "〓"

# JIS X 0208 has these two, under other code points in Python's table.
ALSO_IN_JIS = frozenset("－～")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A person as the resident register has them.

    `name` is family name, U+3000, given name; `sex` is `1` male, `2` female; `address` begins with
    the prefecture. `prefecture` and `municipality` are the romaji of the certificate's subject.
    `birth_date_text` replaces the usual nine digits, for births whose day is unknown.
    """

    name: str
    birth_date: date
    sex: str
    address: str
    prefecture: str = "Okayama-ken"
    municipality: str = "Soja-shi"
    birth_date_text: str = ""

    @property
    def birth(self) -> str:
        """The certificate's nine digits: an era digit and the Gregorian date."""
        return self.birth_date_text or era_digit(self.birth_date) + f"{self.birth_date:%Y%m%d}"


def era_digit(day: date) -> str:
    return next((digit for first, digit in ERAS if day >= first), "0")


def substitute(text: str) -> tuple[str, str]:
    """Return the text as the certificate holds it, and its flags: `1` for a replaced character."""
    held = [char if in_jis(char) else _stand_in(char) for char in text]
    flags = ["0" if kept == char else "1" for kept, char in zip(held, text, strict=True)]
    return "".join(held), "".join(flags)


def in_jis(char: str) -> bool:
    if char in ALSO_IN_JIS:
        return True
    try:
        char.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return True


def _stand_in(char: str) -> str:
    usual = char.translate(SUBSTITUTES)
    return usual if in_jis(usual) else GETA
