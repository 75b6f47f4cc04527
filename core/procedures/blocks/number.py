"""A whole number, and an amount in yen."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Input, Seen, Words, Wrong
from core.procedures.expressions import Kind

MOST = 999_999_999_999


class NumberBlock(Block):
    name: ClassVar[str] = "number"
    input: ClassVar[Input] = Input.NUMBER
    kind: ClassVar[Kind] = Kind.NUMBER

    least: Annotated[int, Field(ge=-MOST, le=MOST)] = 0
    most: Annotated[int, Field(ge=-MOST, le=MOST)] = MOST
    unit: Words | None = None

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        number = int(given)
        if number < self.least:
            raise Wrong("too_small", limit=str(self.least))
        if number > self.most:
            raise Wrong("too_large", limit=str(self.most))
        return number

    def hear(self, words: str, seen: Seen) -> Any:
        del seen
        folded = unicodedata.normalize("NFKC", words).replace(",", "").strip()
        found = re.fullmatch(r"[¥]?\s*(-?[0-9]{1,12})\s*[^\d\s]{0,4}", folded)
        return int(found[1]) if found else None

    def asks(self, seen: Seen) -> dict[str, Any]:
        return {"least": self.least, "most": self.most, "unit": self._unit(seen)}

    def shown(self, answer: Any, seen: Seen) -> str:
        return f"{answer:,}{self._unit(seen)}"

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        if self.unit:
            yield "unit", self.unit

    def flaws(self) -> Iterator[tuple[str, str]]:
        if self.least > self.most:
            yield "least", "is more than most"

    def _unit(self, seen: Seen) -> str:
        return seen.say(self.unit) if self.unit else ""


class MoneyBlock(NumberBlock):
    name: ClassVar[str] = "money"

    unit: Words | None = Field(default={"ja": "円", "en": " yen"}, exclude=True)
