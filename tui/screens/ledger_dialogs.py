"""What is asked before a contact is written down, or letters are printed."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from todoke.v1 import ledger_pb2 as pb
from todoke.v1.eligibility_pb2 import Program
from tui import formats
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.letters import Kinds, ask_printing
from tui.wording import Words

WAYS = (
    pb.CONTACT_WAY_PHONE,
    pb.CONTACT_WAY_VISIT,
    pb.CONTACT_WAY_LETTER,
    pb.CONTACT_WAY_CHANNEL,
)
LETTER_STATES = {
    pb.LedgerState.Name(pb.LEDGER_STATE_UNMATCHED): True,
    pb.LedgerState.Name(pb.LEDGER_STATE_UNREACHABLE): True,
    pb.LedgerState.Name(pb.LEDGER_STATE_SILENT): False,
}
"""Those whom a letter is for, and which are ticked."""


def ask_contact(desk: Desk, entry: pb.LedgerEntry) -> Ask:
    words, core = desk.words, desk.core

    async def record(answers: Answers, request_id: str) -> None:
        request = pb.RecordContactRequest(
            entitlement_id=entry.entitlement.entitlement_id,
            way=pb.ContactWay.Value(str(answers["way"])),
            reached=bool(answers["reached"]) or bool(answers["declined"]),
            declined=bool(answers["declined"]),
            note=str(answers["note"]),
            request_id=request_id,
        )
        request.contact_time.FromDatetime(_moment(words, answers))
        await core.ask(core.ledger.RecordContact, request)

    now = datetime.now(formats.TOKYO)
    ways = [pb.ContactWay.Name(way) for way in WAYS]
    fields = (
        Field("way", choices=[(words(f"contact_way.{way}"), way) for way in ways]),
        Field("reached", value=False),
        Field("declined", value=False),
        Field("note", limit=500),
        Field("contact_day", value=now.date().isoformat(), part="contact_time"),
        Field("contact_clock", value=now.strftime("%H:%M")),
    )
    name = formats.plain(entry.entitlement.name)
    about = words("ask.contact.about", name=name, reference=entry.entitlement.reference)
    return Ask(words, "contact", record, about=about, fields=fields)


def ask_letters(desk: Desk, program: Program) -> Ask:
    words, core = desk.words, desk.core

    def printing(
        states: Sequence[str], most: int, request_id: str
    ) -> AsyncIterator[pb.PrintLettersResponse]:
        request = pb.PrintLettersRequest(
            program_id=program.program_id,
            states=[pb.LedgerState.Value(state) for state in states],
            most=most,
            request_id=request_id,
        )
        return core.watch(core.ledger.PrintLetters, request)

    return ask_printing(
        words,
        "letters",
        about=words("ask.letters.about", title=program.title),
        kinds=Kinds("states", "ledger_state", LETTER_STATES),
        told="note.letters_text",
        printing=printing,
    )


def _moment(words: Words, answers: Answers) -> datetime:
    """Read the day and the clock of a contact, as those in Tokyo."""
    day = read_date(words, answers["contact_day"], "contact_day")
    try:
        moment = datetime.fromisoformat(f"{day}T{str(answers['contact_clock']).zfill(5)}")
    except ValueError:
        raise Mistyped("contact_clock" if day else "contact_day") from None
    return moment.replace(tzinfo=formats.TOKYO)
