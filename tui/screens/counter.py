"""The counter: one person reads the papers, another decides, and a code links the phone."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import registration_pb2 as pb
from todoke.v1.access_pb2 import BeginContactLinkResponse
from todoke.v1.residents_pb2 import (
    ASSURANCE_COUNTER,
    CONSENT_PURPOSE_REGISTRATION,
    ConsentText,
    GetConsentTextRequest,
    IdentityDocument,
)
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ended
from tui.dialogs.code import CodeDialog
from tui.dialogs.note import Note
from tui.dialogs.reading import ReadingDialog
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.counter_dialogs import as_read, ask_decide, ask_first_code, ask_register
from tui.screens.list_screen import PAGE, ListScreen
from tui.screens.resident import ResidentScreen
from tui.screens.resident_facts import name_of
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

TONES = {
    pb.REGISTRATION_STATE_PROPOSED: "warn",
    pb.REGISTRATION_STATE_CONFIRMED: "good",
    pb.REGISTRATION_STATE_REFUSED: "bad",
}


class CounterScreen(Acting, ListScreen[pb.Registration]):
    """The list has names only; all that was read is shown when it is asked for, and to decide."""

    SUBJECT = "counter"
    KINDS: ClassVar[tuple[str, ...]] = ("registration.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("register", "confirm", "refuse", "details", "link_code"), roles.COUNTER
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "register", "key.register"),
        Binding("a", "confirm", "key.confirm"),
        Binding("x", "refuse", "key.refuse_registration"),
        Binding("d", "details", "key.details"),
        Binding("l", "link_code", "key.link_code"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._only_waiting = False

    def table(self) -> LiveTable[pb.Registration]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.put_forward_at"), 11),
                Column(words("column.name"), 14, grow=1),
                Column(words("column.document"), 18),
                Column(words("column.proposer"), 10),
                Column(words("column.decider"), 10),
                Column(words("column.state"), 11),
            ],
            key=lambda registration: registration.registration_id,
            cells=self._cells,
            empty=words("empty.counter"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Registration]:
        core = self.desk.core
        request = pb.ListRegistrationsRequest(page_size=PAGE, page_token=token)
        if self._only_waiting:
            request.state = pb.REGISTRATION_STATE_PROPOSED
        answer = await core.ask(core.registration.ListRegistrations, request)
        return Page(answer.registrations, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.counter_waiting" if self._only_waiting else "heading.counter")

    def panel(self, row: pb.Registration) -> Content:
        return Content("\n").join(
            [
                self.facts(
                    ("fact.name", name_of(row.basic_four)), ("fact.document", self._document(row))
                ),
                self.facts(
                    ("fact.put_forward_by", row.proposer),
                    ("fact.decided_by", row.decider),
                    ("fact.decided_at", formats.moment(row.decide_time)),
                ),
            ]
        )

    def why_not(self, action: str) -> str | None:
        if action not in {"confirm", "refuse", "details", "link_code"}:
            return None
        row, person = self.row, self.desk.person
        if row is None:
            return self.words("why.no_row")
        decides = action in {"confirm", "refuse"}
        state = self.words(f"state.{pb.RegistrationState.Name(row.state)}")
        if decides and row.state != pb.REGISTRATION_STATE_PROPOSED:
            return self.words("why.registration_decided", state=state)
        if decides and person is not None and person.staff.name == row.proposer:
            return self.words("why.another_person")
        if action == "link_code" and not row.resident_id:
            return self.words("why.not_confirmed", state=state)
        return None

    @work(group="act", exclusive=True)
    async def action_register(self) -> None:
        """Read the consent first; what is typed after it names its version.

        Where the text was renewed meanwhile it is read again, and what was typed stays.
        """
        typed: Answers = {}
        while True:
            consent = await self._consent()
            if consent is None or not await self.app.push_screen_wait(
                ReadingDialog(self.words, consent)
            ):
                return
            ended = await self.ended(ask_register(self.desk, consent, typed))
            if ended is None or ended.refused is None or ended.refused.reason != "CONSENT_OUTDATED":
                break
            typed = ended.typed or {}
        if ended is not None and ended.refused is None:
            self.tell(self.words("done.registration.proposed"))
        self._open_whom_exists(ended)

    @work(group="act", exclusive=True)
    async def action_confirm(self) -> None:
        ended = await self._decide(confirmed=True)
        if ended is not None and isinstance(ended.answer, pb.DecideRegistrationResponse):
            self.tell(self.words("done.registration.confirmed"))
            await self._offer_code(ended.answer.registration)
        self._open_whom_exists(ended)

    @work(group="act", exclusive=True)
    async def action_refuse(self) -> None:
        ended = await self._decide(confirmed=False)
        if ended is not None and ended.refused is None:
            self.tell(self.words("done.registration.refused"))

    @work(group="act", exclusive=True)
    async def action_details(self) -> None:
        registration = await self._whole()
        if registration is not None:
            title = self.words("note.registration", name=name_of(registration.basic_four))
            state = self.words(f"state.{pb.RegistrationState.Name(registration.state)}")
            text = f"{state}\n\n{as_read(self.words, registration)}"
            await self.app.push_screen_wait(Note(self.words, title, text))

    @work(group="act", exclusive=True)
    async def action_link_code(self) -> None:
        if self.row is not None:
            await self._offer_code(self.row)

    def action_scope(self) -> None:
        self._only_waiting = not self._only_waiting
        self.touch()

    def _open_whom_exists(self, ended: Ended | None) -> None:
        """Open who is registered already, where that is what a dialog was refused for."""
        refused = ended.refused if ended is not None else None
        if refused is not None and refused.reason == "RESIDENT_EXISTS":
            self.app.push_screen(ResidentScreen(self.desk, refused.metadata["residentId"]))

    async def _consent(self) -> ConsentText | None:
        core = self.desk.core
        request = GetConsentTextRequest(
            purpose=CONSENT_PURPOSE_REGISTRATION, assurance=ASSURANCE_COUNTER
        )
        try:
            return (await core.ask(core.residents.GetConsentText, request)).consent_text
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None

    async def _whole(self) -> pb.Registration | None:
        """Read the registration whole, which the audit log records."""
        if self.row is None:
            return None
        core = self.desk.core
        request = pb.GetRegistrationRequest(registration_id=self.row.registration_id)
        try:
            return (await core.ask(core.registration.GetRegistration, request)).registration
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None

    async def _decide(self, *, confirmed: bool) -> Ended | None:
        registration = await self._whole()
        if registration is None:
            return None
        return await self.ended(ask_decide(self.desk, registration, confirmed=confirmed))

    async def _offer_code(self, registration: pb.Registration) -> None:
        ended = await self.ended(ask_first_code(self.desk, registration))
        if ended is None or not isinstance(ended.answer, BeginContactLinkResponse):
            return
        code = CodeDialog(
            self.words,
            "link",
            name=name_of(registration.basic_four),
            code=ended.answer.code,
            end=ended.answer.expire_time,
        )
        await self.app.push_screen_wait(code)

    def _document(self, registration: pb.Registration) -> str:
        return self.words(f"document.{IdentityDocument.Name(registration.document)}")

    def _cells(self, registration: pb.Registration) -> Sequence[Cell]:
        state = pb.RegistrationState.Name(registration.state)
        return (
            formats.moment(registration.create_time),
            name_of(registration.basic_four),
            self._document(registration),
            registration.proposer,
            registration.decider,
            Toned(self.words(f"state.{state}"), TONES.get(registration.state, "")),
        )
