"""A whole number, and an amount in yen."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Input, Seen, Words, Wrong
from core.procedures.expressions import Kind
from core.procedures.hearing import number
from core.procedures.wording import word

MOST = 999_999_999_999


class NumberBlock(Block):
    name: ClassVar[str] = "number"
    input: ClassVar[Input] = Input.NUMBER
    kind: ClassVar[Kind] = Kind.NUMBER
    takes: ClassVar[tuple[type, ...]] = (int,)

    least: Annotated[int, Field(ge=-MOST, le=MOST)] = 0
    most: Annotated[int, Field(ge=-MOST, le=MOST)] = MOST
    unit: Words | None = None

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        if given < self.least:
            raise Wrong("too_small", limit=str(self.least))
        if given > self.most:
            raise Wrong("too_large", limit=str(self.most))
        return given

    def hear(self, words: str, seen: Seen) -> Any:
        return number(words, self._unit(seen))

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

    unit: Words | None = Field(default_factory=lambda: word("yen"), exclude=True)
