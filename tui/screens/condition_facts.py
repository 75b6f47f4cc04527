"""Conditions on who somebody is: age, where they live, since when they are here, themselves."""

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.eligibility_pb2 import DateRange
from todoke.v1.residents_pb2 import SearchResidentsRequest
from tui import formats, roles
from tui.conditions import tree
from tui.conditions.known import read_areas
from tui.conditions.wording import OLDEST, YOUNGEST
from tui.dates import Mistyped, read_date
from tui.dialogs.ask import Answers, Ended, Field
from tui.screens.condition_asking import Asking
from tui.screens.search_dialog import Found, ask_find


class Facts(Asking):
    """Asks for each; what is typed is read as people type it."""

    async def age(self, before: pb.Condition) -> pb.Condition | None:
        held = before.age if before.HasField("age") else pb.AgeRange(to_age=OLDEST)
        fields = [
            Field("from_age", str(held.from_age or ""), hint="hint.any", limit=3),
            Field("to_age", "" if held.to_age == OLDEST else str(held.to_age), hint="hint.any",
                  limit=3),
        ]  # fmt: skip

        def read(answers: Answers) -> pb.Condition:
            first = _number(answers["from_age"], YOUNGEST, "from_age")
            last = _number(answers["to_age"], OLDEST, "to_age")
            if first > last:
                raise Mistyped("to_age")
            return pb.Condition(age=pb.AgeRange(from_age=first, to_age=last))

        return await self.read("age", fields, read)

    async def area(self, before: pb.Condition) -> pb.Condition | None:
        """Ask for towns where residents live; of a single one for blocks, where some are known."""
        words, held = self.words, before.area
        areas = await read_areas(self.desk)
        labels = [
            (
                words("condition.area_count", name=one.town, count=formats.count(one.residents)),
                one.town,
            )
            for one in areas
        ]
        towns = await self.several(
            "condition.towns", labels, [held.town] if held.town else [], must=True
        )
        if not towns:
            return None
        if len(towns) > 1:
            return _any_of([pb.TownArea(town=town) for town in towns])
        (town,) = towns
        blocks = await self._blocks(town, held)
        if blocks is None:
            return None
        return _any_of([pb.TownArea(town=town, block=block) for block in blocks or [""]])

    async def _blocks(self, town: str, held: pb.TownArea) -> list[str] | None:
        """Ask for blocks of a town: none where none are known; None where it is left."""
        areas = await read_areas(self.desk, town)
        if not areas:
            return []
        labels = [
            (
                self.words(
                    "condition.block_count", name=one.block, count=formats.count(one.residents)
                ),
                one.block,
            )
            for one in areas
        ]
        chosen = [held.block] if held.block and held.town == town else []
        return await self.several("condition.blocks", labels, chosen)

    async def registered(self, before: pb.Condition) -> pb.Condition | None:
        held, words = before.registered, self.words
        fields = [Field("first_day", held.begin_date), Field("last_day", held.end_date)]

        def read(answers: Answers) -> pb.Condition:
            first = read_date(words, answers["first_day"], "first_day")
            last = read_date(words, answers["last_day"], "last_day")
            for name, day in (("first_day", first), ("last_day", last)):
                if not day:
                    raise Mistyped(name)
            return pb.Condition(registered=DateRange(begin_date=first, end_date=last))

        return await self.read("registered", fields, read)

    async def residents(self, before: pb.Condition) -> pb.Condition | None:
        """Find residents, where the person may; else their ids are typed."""
        held, known = list(before.residents.resident_ids), self.known.residents
        person = self.desk.person
        if person is None or not person.holds(roles.PEOPLE):
            field = Field("resident_ids", "\n".join(held), is_long=True)

            def read(answers: Answers) -> pb.Condition:
                ids = str(answers["resident_ids"]).split()
                if not ids:
                    raise Mistyped("resident_ids")
                chosen = pb.ChosenResidents(resident_ids=dict.fromkeys(ids))
                return pb.Condition(residents=chosen)

            return await self.read("residents", [field], read)
        find = ask_find(self.desk, SearchResidentsRequest())
        ended: Ended | None = await self.app.push_screen_wait(find)
        if ended is None or not isinstance(ended.answer, Found):
            return None
        for one in ended.answer.answer.residents:
            known[one.resident_id] = f"{one.name} {one.birth_date} {one.address}"
        shown = [one.resident_id for one in ended.answer.answer.residents]
        labels = [(known.get(id, id), id) for id in dict.fromkeys((*held, *shown))]
        ids = await self.several("condition_kind.residents", labels, held, must=True)
        if not ids:
            return None
        return pb.Condition(residents=pb.ChosenResidents(resident_ids=ids))


def _any_of(areas: list[pb.TownArea]) -> pb.Condition:
    """Return the condition of living in one of the areas."""
    leaves = [pb.Condition(area=area) for area in areas]
    return leaves[0] if len(leaves) == 1 else tree.group("any_of", leaves)


def _number(typed: object, otherwise: int, field: str) -> int:
    text = str(typed)
    if not text:
        return otherwise
    if not text.isdecimal() or int(text) > OLDEST:
        raise Mistyped(field)
    return int(text)
