"""Agreement to a text."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Input, LongWords, Seen, Words, Wrong
from core.procedures.expressions import Kind
from core.procedures.hearing import folded, means
from core.procedures.texts import Argument
from core.procedures.wording import word


class ConsentBlock(Block):
    name: ClassVar[str] = "consent"
    input: ClassVar[Input] = Input.AGREE
    kind: ClassVar[Kind] = Kind.TRUTH
    takes: ClassVar[tuple[type, ...]] = (bool,)

    terms: LongWords
    button: Words = Field(default_factory=lambda: word("agree"))

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        if given is not True:
            raise Wrong("must_agree")
        return True

    @classmethod
    def as_given(cls, answer: Any) -> dict[str, Any]:
        return {"agreed": answer}

    def hear(self, words: str, seen: Seen) -> Any:
        if means(words, "yes") or folded(words) == folded(seen.say(self.button)):
            return True
        return False if means(words, "no") else None

    def asks(self, seen: Seen) -> dict[str, Any]:
        return {"terms": seen.say(self.terms), "label": seen.say(self.button)}

    def shown(self, answer: Any, seen: Seen) -> str:
        del answer
        return seen.say(word("agreed"))

    def fills(self, answer: Any, seen: Seen) -> Argument:
        return self.shown(answer, seen)

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        yield "terms", self.terms
        yield "button", self.button
