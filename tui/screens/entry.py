"""What came on paper, by phone or at the counter, entered by staff and filed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from todoke.client import CoreError
from todoke.v1.applications_pb2 import (
    Application,
    EnterApplicationRequest,
    EntrySource,
)
from todoke.v1.eligibility_pb2 import PROGRAM_STATE_OPEN, ListProgramsRequest
from todoke.v1.procedures_pb2 import (
    PROCEDURE_AUDIENCE_STAFF,
    GivenAnswer,
    ListProceduresRequest,
    Text,
)
from tui import formats
from tui.dates import Mistyped, read_date
from tui.desk import Desk, request_id
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.choose import Choose
from tui.questions.attaching import EntryFiles
from tui.questions.walk import Next, Walk, Walked
from tui.screens.acting import Acting
from tui.screens.walking import WalkScreen

PROGRAMS = 200
SOURCES = EntrySource.keys()[1:]


class Enterer:
    """Asks the core what comes next; what is filed has one request id, however often it is sent."""

    def __init__(self, desk: Desk, first: EnterApplicationRequest) -> None:
        self._core = desk.core
        self._first = first
        self._filing = request_id()

    async def next(self, answers: Sequence[GivenAnswer], *, file: bool) -> Next:
        request = EnterApplicationRequest(
            answers=answers,
            look=not file,
            request_id=self._filing if file else request_id(),
        )
        request.MergeFrom(self._first)
        told = await self._core.ask(self._core.applications.EnterApplication, request)
        kind = told.WhichOneof("next")
        if kind == "prompt":
            return told.prompt
        return told.review if kind == "review" else told.application


def ask_entry(desk: Desk, about: str) -> Ask:
    """Ask how it came in and when; ends with a request that names nothing more."""
    words = desk.words
    today = datetime.now(formats.TOKYO).date().isoformat()

    async def enter(answers: Answers, _: str) -> EnterApplicationRequest:
        day = read_date(words, answers["receive_date"], "receive_date")
        if not day or day > today:
            raise Mistyped("receive_date")
        source = EntrySource.Value(str(answers["source"]))
        return EnterApplicationRequest(source=source, receive_date=day)

    fields = (
        Field("source", choices=[(words(f"source.{name}"), name) for name in SOURCES]),
        Field("receive_date", today),
    )
    return Ask(words, "enter", enter, about=about, fields=fields)


async def choose_procedure(screen: Acting, *, resident: bool) -> dict[str, str] | None:
    """Ask what is applied for; None where it was left. A program needs a resident.

    Ends with the fields of the contract that name it. Raises CoreError.
    """
    core, words = screen.desk.core, screen.words
    listed = await core.ask(core.procedures.ListProcedures, ListProceduresRequest())
    choices = [
        (ja(one.title), f"procedure:{one.key}")
        for one in listed.procedures
        if not one.needs_program and not (resident and one.audience == PROCEDURE_AUDIENCE_STAFF)
    ]
    if resident:
        request = ListProgramsRequest(page_size=PROGRAMS)
        programs = (await core.ask(core.eligibility.ListPrograms, request)).programs
        used = {program.procedure for program in programs}
        choices = [one for one in choices if one[1].partition(":")[2] not in used]
        choices = [
            *(
                (words("entry.program", title=program.title), f"program_id:{program.program_id}")
                for program in programs
                if program.state == PROGRAM_STATE_OPEN
            ),
            *choices,
        ]
    if not choices:
        screen.tell(words("why.no_procedure"), severity="warning")
        return None
    hint, nothing = words("entry.narrow"), words("choose.nothing")
    dialog = Choose(words("entry.what"), choices, hint=hint, nothing=nothing)
    chosen = await screen.app.push_screen_wait(dialog)
    if chosen is None:
        return None
    name, _, value = chosen.partition(":")
    return {name: value}


async def enter(
    screen: Acting, *, about: str, resident_id: str = "", entitlement_id: str = ""
) -> tuple[Application | None, str]:
    """Go the whole way from a worker; return what was filed, and the id of what is there already.

    `about` is whose matter it is. Without an entitlement it is asked what is applied for.
    """
    words = screen.words
    try:
        what: dict[str, Any] | None = {"entitlement_id": entitlement_id}
        if not entitlement_id:
            what = await choose_procedure(screen, resident=bool(resident_id))
    except CoreError as error:
        screen.tell(str(words.refusal(error)), severity="error")
        return None, ""
    if what is None:
        return None, ""
    ended = await screen.app.push_screen_wait(ask_entry(screen.desk, about))
    if ended is None or not isinstance(ended.answer, EnterApplicationRequest):
        return None, ""
    first = ended.answer
    first.MergeFrom(EnterApplicationRequest(resident_id=resident_id, **what))
    came = words(
        "entry.came",
        about=about,
        source=words(f"source.{EntrySource.Name(first.source)}"),
        date=first.receive_date,
    )
    walk, files = Walk(Enterer(screen.desk, first)), EntryFiles(screen.desk, first)
    walking = WalkScreen(screen.desk, walk, about=came, files=files)
    walked = await screen.app.push_screen_wait(walking)
    return _told(screen, walked)


def _told(screen: Acting, walked: Walked | None) -> tuple[Application | None, str]:
    if walked is None:
        return None, ""
    if walked.refused is not None:
        screen.tell(str(screen.words.refusal(walked.refused)), severity="error")
        return None, walked.refused.metadata.get("applicationId", "")
    screen.tell(screen.words("done.application.entered"))
    screen.touch()
    return walked.application, ""


def ja(text: Text) -> str:
    """Return a text of a procedure in Japanese, which is always there."""
    return text.by_language.get("ja", "")
