"""To whom a draft is sent as a test: oneself and others, remembered while one sits.

Oneself is added by the code that LINE and the web make to link a contact, and so is whoever hands
over theirs. Who may meet residents finds them by name; those of earlier tests are offered again.
"""

from collections.abc import Mapping

from textual.app import App

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.residents_pb2 import (
    CONTACT_STATE_REACHABLE,
    GetResidentRequest,
    SearchResidentsRequest,
)
from tui import formats, roles
from tui.dates import Mistyped
from tui.desk import Desk, request_id
from tui.dialogs.ask import Answers, Ask, Ended, Field
from tui.dialogs.choose import Choose
from tui.dialogs.note import Note
from tui.screens.resident_facts import spaced
from tui.screens.search_dialog import Found, ask_find

SEND, FIND, CODE = "send", "find", "code"


class Testers:
    """Asks in dialogs over the screen, from a worker."""

    def __init__(self, app: App[None], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._words = desk.words

    async def send(self, campaign_id: str) -> pb.TestCampaignResponse | None:
        """Gather testers and send to them; None where nobody was. Raises CoreError."""
        core = self._desk.core
        listed = (await core.ask(core.campaigns.ListTesters, pb.ListTestersRequest())).testers
        before = {one.contact_id: self._named(one) for one in listed}
        while (chosen := await self._choose(before)) is not None:
            if chosen == FIND:
                await self._find()
            elif chosen == CODE:
                await self._take_code()
            elif chosen == SEND:
                request = pb.TestCampaignRequest(
                    campaign_id=campaign_id,
                    contact_ids=list(self._desk.testers),
                    request_id=request_id(),
                )
                return await core.ask(core.campaigns.TestCampaign, request)
            elif self._desk.testers.pop(chosen, None) is None:
                self._desk.testers[chosen] = before[chosen]
        return None

    async def _choose(self, before: Mapping[str, str]) -> str | None:
        words, testers, person = self._words, self._desk.testers, self._desk.person
        choices = []
        if testers:
            choices.append((words("testers.send", count=len(testers)), SEND))
        choices += [(words("testers.take_off", name=name), id) for id, name in testers.items()]
        again = {id: name for id, name in before.items() if id not in testers}
        choices += [(words("testers.again", name=name), id) for id, name in again.items()]
        if person is not None and person.holds(roles.PEOPLE):
            choices.append((words("testers.find"), FIND))
        choices.append((words("testers.code"), CODE))
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

    async def _take_code(self) -> None:
        """Take a code that somebody had made on their phone: it says who they are, and agrees."""
        core = self._desk.core

        async def given(answers: Answers, request_id: str) -> pb.Tester:
            if not answers["tester_code"]:
                raise Mistyped("tester_code")
            request = pb.FindTesterRequest(code=str(answers["tester_code"]), request_id=request_id)
            return (await core.ask(core.campaigns.FindTester, request)).tester

        about = self._words("ask.tester.about")
        dialog = Ask(
            self._words, "tester", given, about=about, fields=[Field("tester_code", limit=40)]
        )
        ended: Ended | None = await self._app.push_screen_wait(dialog)
        if ended is not None and isinstance(ended.answer, pb.Tester):
            self._desk.testers[ended.answer.contact_id] = self._named(ended.answer)

    def _named(self, tester: pb.Tester) -> str:
        return f"{formats.plain(spaced(tester.name))} {self._words.channel(tester.channel)}"
