"""Conditions on who somebody is: age, where they live, since when they are here, themselves."""

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.eligibility_pb2 import DateRange
from todoke.v1.residents_pb2 import SearchResidentsRequest
from tui import roles
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
        fields = [
            Field("town", before.area.town, hint="hint.town_name", limit=60),
            Field("block", before.area.block, hint="hint.block", limit=20),
        ]

        def read(answers: Answers) -> pb.Condition:
            if not answers["town"]:
                raise Mistyped("town")
            area = pb.TownArea(town=str(answers["town"]), block=str(answers["block"]))
            return pb.Condition(area=area)

        return await self.read("area", fields, read)

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
        ids = await self.several("condition_kind.residents", labels, held)
        if not ids:
            return None
        return pb.Condition(residents=pb.ChosenResidents(resident_ids=ids))


def _number(typed: object, otherwise: int, field: str) -> int:
    text = str(typed)
    if not text:
        return otherwise
    if not text.isdecimal() or int(text) > OLDEST:
        raise Mistyped(field)
    return int(text)
