"""Every procedure that ships comes to the same in a chat, on the web, and entered by staff."""

from dataclasses import dataclass
from typing import Any

import pytest

from core.callers import Role
from core.procedures.loading import shipped
from core.procedures.offers import needs_program
from tests.cards import Cards, a_holder
from tests.core.applications.desk import a_reviewer
from tests.core.applications.files import upload
from tests.core.applications.procedures import publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.applications.test_entering import enter, entitlements
from tests.core.attachments.files import a_photo
from tests.library import Said, Script, filed, scripts
from tests.makers import a_contact, a_program, a_resident, a_roster, a_roster_row, import_roster
from tests.makers import match_and_invite as match
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb

PHOTO = a_photo()
LIBRARY = sorted(shipped())
QUICK = "helmet_subsidy"
"""Gone through in each run; the others where there is time."""


@dataclass
class Hall:
    """A city hall that has one procedure, and three people whom it concerns."""

    town: Town
    key: str
    script: Script
    clerk: Core
    line: Talk
    web: Talk
    program_id: str = ""

    async def begin(self, talk: Talk) -> pb.Turn:
        if self.program_id:
            return await talk.begin(program_id=self.program_id)
        return await talk.begin(self.key)


async def a_hall(town: Town, cards: Cards, key: str) -> Hall:
    script = scripts(town.clock().date())[key]
    clerk = (await a_reviewer(town, "clerk", *(set(Role) - {Role.CHANNEL}))).core
    channels = [await town.channel(name) for name in ("line", "web")]
    holders = [a_holder() for _ in range(3)]
    talks = []
    for channel, holder in zip(channels, holders, strict=False):
        resident = await a_resident(town, channel, cards.issue(holder))
        talks.append(Talk(channel, resident.external_id))
    hall = Hall(town, key, script, clerk, *talks)
    if needs_program(shipped()[key].procedure):
        program = await a_program(clerk, procedure=key, amount=100_000)
        rows = [a_roster_row(one, number) for number, one in enumerate(holders, 1)]
        await import_roster(clerk, program.program_id, a_roster(*rows))
        await match(clerk, program.program_id)
        hall.program_id = program.program_id
    else:
        await publish(town, shipped()[key].source)
    return hall


async def given(talk: Talk, id: str, said: Said) -> dict[str, Any]:
    """Return an answer as the contract takes it, with its files sent before."""
    ids = [(await upload(talk, id, said.step, PHOTO)).attachment_id for _ in range(said.files)]
    if "account" in said.given and ids:
        return {"account": {**said.given["account"], "passbook_attachment_id": ids[0]}}
    return {"files": {"attachment_ids": ids}} if ids else dict(said.given)


async def in_the_chat(hall: Hall) -> str:
    """Answer in words; what does not belong into a chat is answered on a page."""
    talk, web = hall.line, hall.web.core
    page = Talk(web, (await a_contact(hall.town, web)).external_id)
    turn, came = await hall.begin(talk), False
    id = turn_id(turn)
    for said in hall.script.answers:
        assert turn.prompt.step == said.step
        if said.words and not turn.prompt.sensitive:
            turn = await talk.say(said.words)
            continue
        if not came:
            await page.take(await talk.link(id))
            came = True
        await page.answer(id, said.step, **await given(page, id, said))
        turn = await talk.prompt(id)
    if turn.HasField("review"):
        await talk.say("提出する")
    return id


async def on_the_web(hall: Hall) -> str:
    turn = await hall.begin(hall.web)
    id = turn_id(turn)
    for said in hall.script.answers:
        assert turn.prompt.step == said.step
        turn = await hall.web.answer(id, said.step, **await given(hall.web, id, said))
    if turn.HasField("review"):
        await hall.web.submit(id)
    return id


async def at_the_desk(hall: Hall) -> str:
    """Enter what came on paper; files lie with it."""
    answers = [(one.step, dict(one.given) or {"skipped": True}) for one in hall.script.answers]
    if not hall.program_id:
        done = await enter(hall.clerk, *answers, procedure=hall.key)
    else:
        theirs = (await entitlements(hall.town, hall.program_id))[2]
        done = await enter(hall.clerk, *answers, entitlement_id=theirs)
    return done.application.application_id


async def assert_the_same_everywhere(town: Town, cards: Cards, key: str) -> None:
    hall = await a_hall(town, cards, key)
    ways = [at_the_desk] if hall.script.for_staff else [in_the_chat, on_the_web, at_the_desk]
    found = [await filed(town, key, await way(hall)) for way in ways]

    first = found[0]
    assert first["state"] == ("submitted" if hall.script.is_decided else "received")
    assert first["amount"] == hall.script.amount
    assert {name: first["values"][name] for name in hall.script.values} == hall.script.values
    assert bool(first["payee"]) == hall.script.is_paid
    assert found == [first] * len(ways)


@on_sqlite
async def test_a_helmet_is_subsidised_the_same_however_it_is_asked_for(
    a_town: Town, cards: Cards
) -> None:
    await assert_the_same_everywhere(a_town, cards, QUICK)


@pytest.mark.slow
@on_sqlite
@pytest.mark.parametrize("key", [one for one in LIBRARY if one != QUICK])
async def test_what_ships_comes_to_the_same_however_it_is_filed(
    a_town: Town, cards: Cards, key: str
) -> None:
    await assert_the_same_everywhere(a_town, cards, key)
