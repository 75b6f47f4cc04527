"""What somebody is entitled to by the program, told line by line: somebody reads on."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Seen, ShownFact
from core.procedures.blocks.confirm import SHOWN, HeldFact
from core.procedures.blocks.info import InfoBlock


class EntitlementBlock(InfoBlock):
    name: ClassVar[str] = "entitlement"

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
