"""What a resident's record is opened for: read to them, handed out, a consent ended."""

from collections.abc import Sequence

from textual import work

from todoke.client import CoreError
from todoke.v1 import residents_pb2 as pb
from todoke.v1.records_pb2 import GetRecordRequest, ResidentRecord
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.note import Note
from tui.screens import resident_dialogs as dialogs
from tui.screens.acting import Acting
from tui.screens.application import ApplicationScreen
from tui.screens.entry import enter
from tui.screens.record import record_text
from tui.screens.resident_facts import name_of
from tui.screens.why import ask_why


class RecordKeys(Acting):
    """The keys of a resident's screen that need the whole record; each reading is a look."""

    resident: pb.Resident | None

    @work(group="act", exclusive=True)
    async def action_enter(self) -> None:
        """Enter what the resident filed on paper, by phone or at the counter."""
        resident = self.resident
        if resident is None:
            return
        about = name_of(resident.basic_four)
        _, there = await enter(self, about=about, resident_id=resident.resident_id)
        if there:
            self.app.push_screen(ApplicationScreen(self.desk, there))

    @work(group="act", exclusive=True)
    async def action_record(self) -> None:
        """Show all that is held; the audit log records the look, so only when asked."""
        resident = self.resident
        record = await self._record()
        if resident is None or record is None:
            return
        title = self.words("note.record", name=name_of(resident.basic_four))
        text = record_text(self.words, record)
        await self.app.push_screen_wait(Note(self.words, title, text))

    @work(group="act", exclusive=True)
    async def action_export(self) -> None:
        if self.resident is None:
            return
        told = await self.ask_for(dialogs.ask_export(self.desk, self.resident))
        if told is not None:
            await self.app.push_screen_wait(
                Note(self.words, self.words("note.exported_record"), told)
            )

    @work(group="act", exclusive=True)
    async def action_withdraw(self) -> None:
        resident = self.resident
        record = await self._record()
        if resident is None or record is None:
            return
        held = [consent for consent in record.consents if not consent.HasField("withdraw_time")]
        if held:
            await self.ask_for(ask_withdraw(self.desk, resident, held), "consent.withdrawn")
        else:
            self.tell(self.words("why.no_consent"), severity="warning")

    @work(group="act", exclusive=True)
    async def action_why(self) -> None:
        """Say why the resident is entitled to a program, or is not."""
        if self.resident is None:
            return
        try:
            dialog = await ask_why(self.desk, self.resident)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        if isinstance(dialog, str):
            self.tell(dialog, severity="warning")
            return
        told = await self.ask_for(dialog)
        if told is not None:
            title = self.words("note.why", name=name_of(self.resident.basic_four))
            await self.app.push_screen_wait(Note(self.words, title, told))

    async def _record(self) -> ResidentRecord | None:
        if self.resident is None:
            return None
        core, request = self.desk.core, GetRecordRequest(resident=dialogs.named(self.resident))
        try:
            return (await core.ask(core.records.GetRecord, request)).record
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None


def ask_withdraw(desk: Desk, resident: pb.Resident, held: Sequence[pb.Consent]) -> Ask:
    """Ask which consent ends; of several none is chosen before somebody chooses it."""
    words, core = desk.words, desk.core

    async def withdraw(answers: Answers, request_id: str) -> None:
        request = pb.WithdrawConsentRequest(
            resident=dialogs.named(resident),
            consent_id=str(answers["consent_id"]),
            request_id=request_id,
        )
        await core.ask(core.residents.WithdrawConsent, request)

    choices = [
        (
            words(
                "record.consent",
                purpose=words(f"purpose.{pb.ConsentPurpose.Name(consent.purpose)}"),
                version=consent.version,
                given=formats.day(consent.give_time),
            ),
            consent.consent_id,
        )
        for consent in held
    ]
    if len(choices) > 1:
        choices.insert(0, (words("choose"), ""))
    four = resident.basic_four
    about = words(
        "ask.withdraw.about",
        name=name_of(four),
        birth_date=four.birth_date or words("date.unknown"),
    )
    field = Field("consent_id", choices=choices)
    return Ask(words, "withdraw", withdraw, about=about, fields=(field,), grave=True)
