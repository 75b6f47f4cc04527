"""What blocks share that show what the city holds, line by line."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.procedures.blocks.block import Block, Key, Seen, ShownFact, Words

SHOWN = {"program", "amount", "account", "name", "birth_date", "address", "household_size"}
"""What of the city's may be shown."""


class HeldFact(BaseModel):
    """A line of what the city holds, by its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Key
    label: Words


class ShowingBlock(Block):
    """Stands before another block, whose question follows the lines."""

    shows: Annotated[tuple[HeldFact, ...], Field(min_length=1, max_length=20)]

    def facts(self, seen: Seen) -> tuple[ShownFact, ...]:
        held = seen.context.shown
        return tuple(
            ShownFact(seen.say(fact.label), held[fact.name])
            for fact in self.shows
            if held.get(fact.name)
        )

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        for number, fact in enumerate(self.shows):
            yield f"shows.{number}.label", fact.label
        yield from super().texts()

    def flaws(self) -> Iterator[tuple[str, str]]:
        for number, fact in enumerate(self.shows):
            if fact.name not in SHOWN:
                yield f"shows.{number}.name", f"{fact.name} is none of {', '.join(sorted(SHOWN))}"
        yield from super().flaws()
