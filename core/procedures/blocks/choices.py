"""Several of several: taps, or numbers typed one after another."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Choice, Input, Seen, Wrong
from core.procedures.blocks.choice import (
    Button,
    heard,
    labelled,
    offered,
    option_flaws,
    option_texts,
)
from core.procedures.expressions import Kind
from core.procedures.hearing import means
from core.procedures.texts import Argument
from core.procedures.wording import word

BETWEEN = re.compile(r"[、,，・/／\s]+|(?<=[0-9０-９])と(?=[0-9０-９])")


class ChoicesBlock(Block):
    name: ClassVar[str] = "choices"
    input: ClassVar[Input] = Input.CHOICES
    kind: ClassVar[Kind] = Kind.TEXTS
    takes: ClassVar[tuple[type, ...]] = (list,)

    options: Annotated[tuple[Button, ...], Field(min_length=1, max_length=50)]
    least: Annotated[int, Field(ge=0, le=50)] = 1
    most: Annotated[int, Field(ge=0, le=50)] = 0
    """0 means all of them."""

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        values = [option.value for option in self.options]
        if any(one not in values for one in given):
            raise Wrong("not_offered", offered=", ".join(values))
        chosen = [value for value in values if value in given]
        if len(chosen) < self.least:
            raise Wrong("too_few", limit=str(self.least))
        if len(chosen) > self._most():
            raise Wrong("too_many", limit=str(self._most()))
        return chosen

    @classmethod
    def as_given(cls, answer: Any) -> dict[str, Any]:
        return {"choices": {"values": answer}}

    def hear(self, words: str, seen: Seen) -> Any:
        choices = self.choices(seen)
        whole = heard(words, choices)
        if whole is not None:
            return [whole]
        if self.least == 0 and (means(words, "skip") or means(words, "no")):
            return []
        found = [heard(one, choices) for one in BETWEEN.split(words.strip()) if one]
        return found if found and None not in found else None

    def asks(self, seen: Seen) -> dict[str, Any]:
        del seen
        return {"least": self.least, "most": self._most()}

    def choices(self, seen: Seen) -> tuple[Choice, ...]:
        return offered(self.options, seen)

    def shown(self, answer: Any, seen: Seen) -> str:
        return seen.say(word("and")).join(labelled(self.options, one, seen) for one in answer)

    def fills(self, answer: Any, seen: Seen) -> Argument:
        return self.shown(answer, seen)

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        yield from option_texts(self.options)

    def flaws(self) -> Iterator[tuple[str, str]]:
        yield from option_flaws(self.options)
        if self.most > len(self.options):
            yield "most", "is more than there are options"
        if self.least > self._most():
            yield "least", "is more than can be chosen"

    def _most(self) -> int:
        return self.most or len(self.options)
