"""A procedure that ships, gone through on a phone with LINE or at the web's pages."""

import base64
import re
from collections.abc import Awaitable, Callable
from typing import Protocol

from channels.simulators.card import Holder
from core.procedures.loading import shipped
from core.procedures.offers import needs_program
from tests.core.applications.procedures import publish
from tests.library import Said, Script
from tests.makers import a_program, a_request_id, a_roster, a_roster_row, import_roster
from tests.story.forms import PHOTO
from tests.story.phone import Phone
from tests.story.whole import CityHall
from todoke.v1 import matching_pb2

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FACED = [key for key in sorted(shipped()) if key != "polling_place_report"]
"""What residents have pages for."""


class Reader(Protocol):
    """Whoever reads pages and fills them in, with a browser or by their forms alone."""

    @property
    def where(self) -> str:
        """The path of the page; nothing before the first."""

    async def open(self, address: str) -> None: ...

    async def press(self) -> None:
        """Press the button that the page is there for."""

    async def fill_in(self, said: Said) -> None:
        """Answer the question of the page."""


def step_of(reader: Reader) -> str:
    return reader.where.rpartition("/")[2]


async def opened(hall: CityHall, key: str, *holders: Holder) -> str:
    """Put a procedure in force; return what begins it: its program's id, or its key."""
    if not needs_program(shipped()[key].procedure):
        await publish(hall.town, shipped()[key].source)
        return key
    clerk = await hall.town.staff()
    program = await a_program(clerk, code=key.replace("_", "-"), procedure=key, amount=100_000)
    rows = [a_roster_row(one, number) for number, one in enumerate(holders, 1)]
    await import_roster(clerk, program.program_id, a_roster(*rows))
    request = matching_pb2.MatchRosterRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    await clerk.ask(clerk.matching.MatchRoster, request)
    return program.program_id


async def on_the_phone(
    phone: Phone, script: Script, what: str, a_reader: Callable[[], Awaitable[Reader]]
) -> str:
    """Begin from the menu, answer in words and photographs, and go on where LINE hands over."""
    await phone.write("手続き")
    wanted = f"1:{'start' if what in shipped() else 'start_program'}:{what}"
    asked = await phone.tap("1:procedures:1")
    while wanted not in asked.data:
        asked = await phone.choose(asked, "procedures:")
    asked = await phone.tap(wanted)
    found = ID.search(" ".join(asked.data))
    assert found, asked.words
    reader = await a_reader()
    for said in script.answers:
        to_page = [one for one in asked.data if one.startswith("1:on_page:")]
        is_on_page = step_of(reader) == said.step
        if said.words and not is_on_page:
            asked = await phone.write(said.words)
            continue
        if said.files and not to_page and not is_on_page:
            photo = base64.b64encode(PHOTO).decode()
            asked = await phone.do("send", type="image", content=photo)
            continue
        if step_of(reader) in {"", "back"}:
            [address] = (await phone.tap(to_page[0])).links
            await reader.open(address)
            await reader.press()
        assert step_of(reader) == said.step
        await reader.fill_in(said)
        if step_of(reader) == "back":
            # What does not belong into the chat is told; the rest is asked there.
            asked = await phone.hear()
    if "1:submit:" in " ".join(asked.data):
        await phone.choose(asked, "submit:")
    elif step_of(reader) == "review":
        await reader.press()
    return found[0]


async def at_the_pages(reader: Reader, script: Script, address: str) -> str:
    """Begin at a procedure's page, answer question by question, look all through, and file it."""
    await reader.open(address)
    await reader.press()
    id = reader.where.split("/")[2]
    for said in script.answers:
        assert step_of(reader) == said.step
        await reader.fill_in(said)
    if step_of(reader) == "review":
        await reader.press()
    assert step_of(reader) == "done"
    return id
