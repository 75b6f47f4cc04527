"""People of the household: how many they are is what expressions see."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from core.procedures.blocks.block import Block, Input, Seen, Wrong, clean, part
from core.procedures.blocks.date import iso_day, said_day
from core.procedures.blocks.text import kana
from core.procedures.expressions import Kind

Asked = Literal["kana", "birth_date", "relation"]
BETWEEN = re.compile(r"[、,，\n]+")


class MembersBlock(Block):
    name: ClassVar[str] = "members"
    input: ClassVar[Input] = Input.MEMBERS
    kind: ClassVar[Kind] = Kind.NUMBER
    takes: ClassVar[tuple[type, ...]] = (dict, list)

    least: Annotated[int, Field(ge=0, le=30)] = 1
    most: Annotated[int, Field(ge=1, le=30)] = 10
    fields: Annotated[tuple[Asked, ...], Field(max_length=3)] = ()
    """What is asked of each beside the name."""

    def read(self, given: Any, seen: Seen) -> Any:
        people = given.get("members") if isinstance(given, dict) else given
        if not isinstance(people, list):
            raise Wrong("not_of_the_kind")
        if len(people) < self.least:
            raise Wrong("too_few", limit=str(self.least))
        if len(people) > self.most:
            raise Wrong("too_many", limit=str(self.most))
        return [self._person(one, f"members.{at}", seen) for at, one in enumerate(people)]

    @classmethod
    def as_given(cls, answer: Any) -> dict[str, Any]:
        return {"members": {"members": answer}}

    def hear(self, words: str, seen: Seen) -> Any:
        """Take names only: whoever is to tell more of each needs a page for it."""
        del seen
        names = [one.strip() for one in BETWEEN.split(words) if one.strip()]
        return [{"name": one} for one in names] if names and not self.fields else None

    def asks(self, seen: Seen) -> dict[str, Any]:
        del seen
        return {"least": self.least, "most": self.most, "fields": list(self.fields)}

    def shown(self, answer: Any, seen: Seen) -> str:
        return "\n".join(" ".join(_shown(one, seen)) for one in answer)

    def for_expressions(self, answer: Any) -> Any:
        return len(answer)

    def flaws(self) -> Iterator[tuple[str, str]]:
        if self.least > self.most:
            yield "least", "is more than most"

    def _person(self, one: Any, at: str, seen: Seen) -> dict[str, str]:
        person = {"name": clean(part(one, "name"), least=1, most=60, field=f"{at}.name")}
        for name in self.fields:
            text = clean(part(one, name), least=1, most=80, field=f"{at}.{name}")
            try:
                person[name] = _read(name, text, seen.context.today)
            except Wrong as wrong:
                raise Wrong(wrong.problem, field=f"{at}.{name}", **wrong.metadata) from None
        return person


def _read(name: Asked, text: str, today: date) -> str:
    if name == "kana":
        return kana(text)
    if name == "birth_date":
        if iso_day(text) > today:
            raise Wrong("too_late", limit=today.isoformat())
        return text
    return clean(text, most=20)


def _shown(person: dict[str, str], seen: Seen) -> Iterator[str]:
    yield person["name"]
    if person.get("kana"):
        yield person["kana"]
    if person.get("birth_date"):
        yield said_day(date.fromisoformat(person["birth_date"]), seen)
    if person.get("relation"):
        yield person["relation"]
