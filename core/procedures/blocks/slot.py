"""A time or a thing of which there are so many: which, and how many of it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Choice, Input, Seen, Wrong
from core.procedures.blocks.choice import Button, heard, labelled, option_flaws, option_texts
from core.procedures.expressions import Kind
from core.procedures.texts import Argument
from core.procedures.wording import word


class SlotOption(Button):
    """Something of which there are `capacity`, for all who apply."""

    value: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]
    capacity: Annotated[int, Field(ge=0, le=1_000_000)]


class SlotBlock(Block):
    name: ClassVar[str] = "slot"
    input: ClassVar[Input] = Input.SLOT
    kind: ClassVar[Kind] = Kind.MAP
    takes: ClassVar[tuple[type, ...]] = (dict, str)

    slots: Annotated[tuple[SlotOption, ...], Field(min_length=1, max_length=50)]
    most: Annotated[int, Field(ge=1, le=100)] = 1
    """How many of one may be taken at once."""

    def read(self, given: Any, seen: Seen) -> Any:
        value = given if isinstance(given, str) else part_of(given, "value", "")
        quantity = part_of(given, "quantity", 0) or 1 if isinstance(given, dict) else 1
        slot = next((one for one in self.slots if one.value == value), None)
        if slot is None:
            raise Wrong("not_offered", offered=", ".join(one.value for one in self.slots))
        if quantity < 1:
            raise Wrong("too_small", field="quantity", limit="1")
        if quantity > self.most:
            raise Wrong("too_large", field="quantity", limit=str(self.most))
        left = self._left(slot, seen)
        if quantity > left:
            raise Wrong("slot_full", left=str(left))
        return {"value": value, "quantity": quantity}

    def hear(self, words: str, seen: Seen) -> Any:
        value = heard(words, self.choices(seen))
        return None if value is None else {"value": value, "quantity": 1}

    def asks(self, seen: Seen) -> dict[str, Any]:
        del seen
        return {"most": self.most}

    def choices(self, seen: Seen) -> tuple[Choice, ...]:
        return tuple(
            Choice(
                one.value,
                seen.say(one.label),
                seen.say(one.help) if one.help else "",
                full=self._left(one, seen) < 1,
            )
            for one in self.slots
        )

    def shown(self, answer: Any, seen: Seen) -> str:
        label = labelled(self.slots, answer["value"], seen)
        if self.most == 1:
            return label
        return seen.say(word("slot"), slot=label, count=answer["quantity"])

    def fills(self, answer: Any, seen: Seen) -> Argument:
        return self.shown(answer, seen)

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        yield from option_texts(self.slots, "slots")

    def flaws(self) -> Iterator[tuple[str, str]]:
        yield from option_flaws(self.slots, "slots")

    def _left(self, slot: SlotOption, seen: Seen) -> int:
        return max(0, slot.capacity - seen.context.taken.get((seen.step, slot.value), 0))


def part_of(given: Any, name: str, otherwise: Any) -> Any:
    """Return a part of an answer that is of the same type as what is meant `otherwise`."""
    value = given.get(name)
    return value if type(value) is type(otherwise) else otherwise
