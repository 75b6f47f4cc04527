"""The facts that one of the staff reads from papers at the counter, written as cards write them.

A card holds names and addresses in full width, family and given name apart by U+3000. Only what
Unicode calls another width is changed: a compatibility ideograph is another letter of a name.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from core.errors import BadRequest
from core.my_number import refuse_my_number
from core.registration.identity.facts import BasicFour
from core.registration.identity.proof import Proof
from core.residents import births
from core.residents.rules import Assurance, Revocation

BIRTH_UNKNOWN = "000000000"

LONGEST_NAME = 100
LONGEST_ADDRESS = 200

_WIDE = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
_HALF_KANA = re.compile("[\uff61-\uff9f]+")
_MARKED_KANA = re.compile("[\u3041-\u30ff][\u3099\u309a]")

# Letters, marks, and private use, where the register's own characters are.
_IN_NAMES = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Co"}
_BESIDES_IN_NAMES = frozenset("\u3000・．，－（）＇’ー々〆")
_IN_ADDRESSES = _IN_NAMES | {"Nd", "Nl", "No", "Pd", "Ps", "Pe", "Po", "So", "Sm"}


class PaperUnreadable(BadRequest):
    """A fact is not one that a paper can say."""

    reason = "FIELD_INVALID"


@dataclass(frozen=True, slots=True)
class Paper:
    """What was read: `birth_date` is ISO 8601, or empty where a part is unknown."""

    name: str
    birth_date: str
    sex: str
    address: str


def read(paper: Paper, today: date) -> BasicFour:
    """Return the facts; raise MyNumberRefused or PaperUnreadable with the field that is wrong."""
    for field, text in (("name", paper.name), ("address", paper.address)):
        refuse_my_number(text, field=f"basic_four.{field}")
    name, address = wide(paper.name), wide(paper.address)
    wrong = [
        *_wrong("name", name, LONGEST_NAME, _IN_NAMES, _BESIDES_IN_NAMES),
        *_wrong("address", address, LONGEST_ADDRESS, _IN_ADDRESSES, frozenset("\u3000")),
    ]
    if paper.sex not in {"1", "2", "9"}:
        wrong.append(("basic_four.sex", "say the sex that the register has"))
    birth = _birth(paper.birth_date, today)
    if birth is None:
        wrong.append(("basic_four.birth_date", "not a day from 1868 to today, as 1950-04-12"))
    if wrong or birth is None:
        raise PaperUnreadable("facts cannot be taken as they are written", violations=wrong)
    return BasicFour(
        name=name,
        name_flags="",
        birth_date_text=birth,
        birth_date=births.read(birth),
        sex=paper.sex,
        address=address,
        address_flags="",
    )


def proof(four: BasicFour, document: str) -> Proof:
    """Return what two of the staff vouch for."""
    return Proof(
        basic_four=four,
        assurance=Assurance.COUNTER,
        revocation=Revocation.NOT_APPLICABLE,
        document=document,
    )


def wide(text: str) -> str:
    """Return a text in full width, with single U+3000 for what spaces it has."""
    text = _HALF_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana.group()), text)
    text = _MARKED_KANA.sub(lambda kana: unicodedata.normalize("NFC", kana.group()), text)
    return re.sub(r"\s+", "\u3000", text.strip()).translate(_WIDE)


def _wrong(
    field: str, text: str, longest: int, categories: set[str], besides: frozenset[str]
) -> list[tuple[str, str]]:
    if not 0 < len(text) <= longest:
        return [(f"basic_four.{field}", f"between 1 and {longest} characters")]
    if not any(unicodedata.category(one).startswith(("L", "Co")) for one in text):
        return [(f"basic_four.{field}", "there is no letter in it")]
    for place, one in enumerate(text, 1):
        if unicodedata.category(one) not in categories and one not in besides:
            return [(f"basic_four.{field}", f"character {place} cannot be in a {field}")]
    return []


def _birth(text: str, today: date) -> str | None:
    """Return the nine digits; None where the text is no day that anybody was born on."""
    if not text:
        return BIRTH_UNKNOWN
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return births.written(day) if date(1868, 1, 25) <= day <= today else None
