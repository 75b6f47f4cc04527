"""Something told: somebody reads on."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Input, Seen, Words
from core.procedures.expressions import Kind
from core.procedures.hearing import folded, means
from core.procedures.wording import word


class InfoBlock(Block):
    name: ClassVar[str] = "info"
    input: ClassVar[Input] = Input.READ
    kind: ClassVar[Kind] = Kind.TRUTH
    is_answer: ClassVar[bool] = False
    takes: ClassVar[tuple[type, ...]] = (bool,)

    button: Words = Field(default_factory=lambda: word("next"))

    def read(self, given: Any, seen: Seen) -> Any:
        del given, seen
        return True

    def hear(self, words: str, seen: Seen) -> Any:
        is_read = means(words, "yes") or means(words, "next")
        return True if is_read or folded(words) == folded(seen.say(self.button)) else None

    def asks(self, seen: Seen) -> dict[str, Any]:
        return {"label": seen.say(self.button)}

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        yield "button", self.button
