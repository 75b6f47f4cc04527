"""Words: any, or kana, an e-mail address, a telephone number, a postal code."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Input, Seen, Words, Wrong, clean
from core.procedures.expressions import ExpressionFailed, matches
from core.procedures.hearing import HIRAGANA


class TextKind(StrEnum):
    PLAIN = "plain"
    KANA = "kana"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"


EMAIL = re.compile(r"[^\s@]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
KANA = re.compile(r"[ァ-ヶー・\u3000 ]+")
PHONE = re.compile(r"0[0-9]{9,10}")
MOST = 2000


class TextBlock(Block):
    name: ClassVar[str] = "text"
    input: ClassVar[Input] = Input.TEXT

    kind_of_text: Annotated[TextKind, Field(alias="kind")] = TextKind.PLAIN
    least: Annotated[int, Field(ge=0, le=2000)] = 1
    most: Annotated[int, Field(ge=1, le=2000)] = 200
    lines: bool = False
    pattern: Annotated[str, Field(max_length=200)] = ""
    example: Words | None = None

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        text = FORMS[self.kind_of_text](clean(given, most=MOST, lines=self.lines))
        if len(text) < self.least:
            raise Wrong("too_short", limit=str(self.least))
        if len(text) > self.most:
            raise Wrong("too_long", limit=str(self.most))
        if self.pattern and not matches(text, self.pattern):
            raise Wrong("not_of_the_form")
        return text

    def asks(self, seen: Seen) -> dict[str, Any]:
        return {
            "kind": f"TEXT_KIND_{self.kind_of_text.name}",
            "least": self.least,
            "most": self.most,
            "lines": self.lines,
            "example": seen.say(self.example) if self.example else "",
        }

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        if self.example:
            yield "example", self.example

    def flaws(self) -> Iterator[tuple[str, str]]:
        if self.least > self.most:
            yield "least", "is more than most"
        try:
            matches("", self.pattern)
        except ExpressionFailed:
            yield "pattern", "is no pattern of RE2"


def kana(text: str) -> str:
    """Return a reading in full katakana. Raises Wrong where it holds anything else."""
    folded = unicodedata.normalize("NFKC", text).translate(HIRAGANA)
    if not KANA.fullmatch(folded):
        raise Wrong("not_kana")
    return " ".join(folded.split())


def _email(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    if len(folded) > 254 or not EMAIL.fullmatch(folded):
        raise Wrong("not_an_email")
    return folded


def _phone(text: str) -> str:
    digits = re.sub(r"[\s()ー‐–—−-]", "", unicodedata.normalize("NFKC", text))
    if not PHONE.fullmatch(digits):
        raise Wrong("not_a_phone")
    return digits


def postal_code(text: str) -> str:
    """Return seven digits. Raises Wrong."""
    digits = re.sub(r"[\s〒ー‐–—−-]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise Wrong("not_a_postal_code")
    return digits


FORMS: Mapping[TextKind, Callable[[str], str]] = {
    TextKind.PLAIN: str,
    TextKind.KANA: kana,
    TextKind.EMAIL: _email,
    TextKind.PHONE: _phone,
    TextKind.POSTAL_CODE: postal_code,
}
