"""What is asked before a contact is written down, or letters are printed."""

from datetime import datetime

from todoke.v1 import ledger_pb2 as pb
from todoke.v1.eligibility_pb2 import Program
from tui import formats
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import keep_letters, written_path
from tui.wording import Words

WAYS = (
    pb.CONTACT_WAY_PHONE,
    pb.CONTACT_WAY_VISIT,
    pb.CONTACT_WAY_LETTER,
    pb.CONTACT_WAY_CHANNEL,
)
LETTER_STATES = (
    pb.LEDGER_STATE_UNMATCHED,
    pb.LEDGER_STATE_UNREACHABLE,
    pb.LEDGER_STATE_SILENT,
)
"""Those whom a letter is for; the first two are ticked."""

MOST_LETTERS = 10_000


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
    """Print to a path; the answer tells how many, who was left out, and where the file lies."""
    words = desk.words

    async def print_them(answers: Answers, request_id: str) -> str:
        most = str(answers["most_letters"])
        request = pb.PrintLettersRequest(
            program_id=program.program_id,
            states=[state for state in LETTER_STATES if answers[pb.LedgerState.Name(state)]],
            most=int(most) if most.isdecimal() and len(most) < 9 else 0,
            request_id=request_id,
        )
        where = written_path(str(answers["path"]) or ".")
        parts = desk.core.watch(desk.core.ledger.PrintLetters, request)
        path, told = await keep_letters(parts, where, lambda so_far: say_set(dialog, words, so_far))
        return words(
            "note.letters_text",
            path=path,
            letters=formats.count(told.letters),
            left_out=formats.count(told.left_out),
            remaining=formats.count(told.remaining),
            sha256=told.file.sha256,
        )

    fields = (
        *(
            Field(
                pb.LedgerState.Name(state),
                value=state != pb.LEDGER_STATE_SILENT,
                label=f"ledger_state.{pb.LedgerState.Name(state)}",
                part="states",
            )
            for state in LETTER_STATES
        ),
        Field("most_letters", value=str(MOST_LETTERS), part="most"),
        Field("path", value=".", hint="hint.export_path"),
    )
    about = words("ask.letters.about", title=program.title)
    dialog = Ask(words, "letters", print_them, about=about, fields=fields)
    return dialog


def say_set(dialog: Ask, words: Words, so_far: pb.LettersSet) -> None:
    """Say in the dialog how many letters are set in type."""
    done, letters = formats.count(so_far.done), formats.count(so_far.letters)
    dialog.come_to(words("note.letters_set", done=done, letters=letters))


def _moment(words: Words, answers: Answers) -> datetime:
    """Read the day and the clock of a contact, as those in Tokyo."""
    day = read_date(words, answers["contact_day"], "contact_day")
    try:
        moment = datetime.fromisoformat(f"{day}T{str(answers['contact_clock']).zfill(5)}")
    except ValueError:
        raise Mistyped("contact_clock" if day else "contact_day") from None
    return moment.replace(tzinfo=formats.TOKYO)
