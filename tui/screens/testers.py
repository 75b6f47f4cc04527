"""To whom a draft is sent as a test: contacts of oneself and of others, remembered while one sits.

Who may meet residents finds them by name; others write the contact's number, as screen 7 shows it.
"""

from textual.app import App

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.residents_pb2 import (
    CONTACT_STATE_REACHABLE,
    GetResidentRequest,
    SearchResidentsRequest,
)
from tui import roles
from tui.dates import Mistyped
from tui.desk import Desk, request_id
from tui.dialogs.ask import Answers, Ask, Ended, Field
from tui.dialogs.choose import Choose
from tui.dialogs.note import Note
from tui.screens.search_dialog import Found, ask_find

SEND, FIND, TYPE = "send", "find", "type"


class Testers:
    """Asks in dialogs over the screen, from a worker."""

    def __init__(self, app: App[None], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._words = desk.words

    async def send(self, campaign_id: str) -> int:
        """Gather testers and send to them; return to how many. Raises CoreError."""
        while (chosen := await self._choose()) is not None:
            if chosen == FIND:
                await self._find()
            elif chosen == TYPE:
                await self._type()
            elif chosen == SEND:
                core = self._desk.core
                request = pb.TestCampaignRequest(
                    campaign_id=campaign_id,
                    contact_ids=list(self._desk.testers),
                    request_id=request_id(),
                )
                return (await core.ask(core.campaigns.TestCampaign, request)).queued
            else:
                self._desk.testers.pop(chosen, None)
        return 0

    async def _choose(self) -> str | None:
        words, testers, person = self._words, self._desk.testers, self._desk.person
        choices = []
        if testers:
            choices.append((words("testers.send", count=len(testers)), SEND))
        choices += [(words("testers.take_off", name=name), id) for id, name in testers.items()]
        if person is not None and person.holds(roles.PEOPLE):
            choices.append((words("testers.find"), FIND))
        choices.append((words("testers.type"), TYPE))
        chosen: str | None = await self._app.push_screen_wait(
            Choose(words("testers.title"), choices)
        )
        return chosen

    async def _find(self) -> None:
        """Find a resident, and take their contacts that can be reached."""
        core, words = self._desk.core, self._words
        find = ask_find(self._desk, SearchResidentsRequest())
        ended: Ended | None = await self._app.push_screen_wait(find)
        if ended is None or not isinstance(ended.answer, Found):
            return
        choices = [
            (f"{one.name} {one.birth_date} {one.address}", one.resident_id)
            for one in ended.answer.answer.residents
        ]
        if not choices:
            note = Note(words, words("testers.find"), words("testers.nobody"))
            await self._app.push_screen_wait(note)
            return
        id: str | None = await self._app.push_screen_wait(Choose(words("testers.find"), choices))
        if id is None:
            return
        request = GetResidentRequest(resident_id=id)
        resident = (await core.ask(core.residents.GetResident, request)).resident
        for contact in resident.contacts:
            if contact.state == CONTACT_STATE_REACHABLE:
                channel = words.channel(contact.channel)
                name = next(label for label, one in choices if one == id).partition(" ")[0]
                self._desk.testers[contact.contact_id] = f"{name} {channel}"

    async def _type(self) -> None:
        async def given(answers: Answers, _: str) -> tuple[str, str]:
            id = str(answers["tester_contact"])
            if not id:
                raise Mistyped("tester_contact")
            return id, str(answers["tester_name"]) or id[:8]

        fields = (Field("tester_name", limit=40), Field("tester_contact", limit=36))
        about = self._words("ask.tester.about")
        dialog = Ask(self._words, "tester", given, about=about, fields=fields)
        ended: Ended | None = await self._app.push_screen_wait(dialog)
        if ended is not None and isinstance(ended.answer, tuple):
            id, name = ended.answer
            self._desk.testers[id] = name
