"""What the queue of applications is narrowed to, asked in one dialog and kept for the sitting."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from todoke.v1 import applications_pb2 as pb
from todoke.v1.eligibility_pb2 import ListProgramsRequest
from todoke.v1.procedures_pb2 import ListProceduresRequest
from tui import formats
from tui.dates import read_date
from tui.desk import Desk, Queue
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.application_states import DECIDABLE

PROGRAMS = 200
SCOPES: dict[str, "tuple[pb.ApplicationState.ValueType, ...]"] = {
    "waiting": DECIDABLE,
    "resident": (
        pb.APPLICATION_STATE_INVITED,
        pb.APPLICATION_STATE_STARTED,
        pb.APPLICATION_STATE_RETURNED,
    ),
    "held": (),
    "decided": (pb.APPLICATION_STATE_APPROVED, pb.APPLICATION_STATE_REJECTED),
    "all": (),
}
"""What the list holds: what waits for staff, for residents, what left the roster, everything."""

WHO = ("", "mine", "unassigned")


async def ask_filter(desk: Desk, queue: Queue) -> Ask:
    """Ask for all of it, filled with what holds now. Raises CoreError."""
    words, core = desk.words, desk.core
    programs = await core.ask(
        core.eligibility.ListPrograms, ListProgramsRequest(page_size=PROGRAMS)
    )
    procedures = await core.ask(core.procedures.ListProcedures, ListProceduresRequest())
    anything = (words("filter.any"), "")

    async def narrow(answers: Answers, _: str) -> Queue:
        return Queue(
            scope=str(answers["scope"]),
            program_id=str(answers["program_id"]),
            procedure=str(answers["procedure"]),
            who=str(answers["who"]),
            source=str(answers["source"]),
            before=read_date(words, answers["before"], "before"),
        )

    sources = pb.EntrySource.keys()[1:]
    fields = (
        Field("scope", queue.scope, [(words(f"scope_name.{name}"), name) for name in SCOPES]),
        Field(
            "program_id",
            queue.program_id,
            [anything, *((one.title, one.program_id) for one in programs.programs)],
        ),
        Field(
            "procedure",
            queue.procedure,
            [anything, *((one.title.by_language["ja"], one.key) for one in procedures.procedures)],
        ),
        Field("who", queue.who, [(words(f"who_has.{name or 'any'}"), name) for name in WHO]),
        Field(
            "source",
            queue.source,
            [anything, *((words(f"source.{name}"), name) for name in sources)],
        ),
        Field("before", queue.before, hint="hint.birth_date"),
    )
    return Ask(words, "narrow", narrow, fields=fields)


def request_of(desk: Desk, queue: Queue) -> pb.ListApplicationsRequest:
    """Say it to the core."""
    request = pb.ListApplicationsRequest(
        states=SCOPES[queue.scope],
        held=queue.scope == "held",
        program_id=queue.program_id,
        procedure=queue.procedure,
        unassigned=queue.who == "unassigned",
        sources=[pb.EntrySource.Value(queue.source)] if queue.source else [],
    )
    if queue.who == "mine" and desk.person is not None:
        request.assignee_id = desk.person.staff.staff_id
    if queue.before:
        day = datetime.fromisoformat(queue.before).replace(tzinfo=formats.TOKYO)
        request.submitted_before.CopyFrom(Timestamp(seconds=int(day.timestamp())))
    return request


def narrowed(queue: Queue) -> bool:
    """Whether more than the scope is chosen."""
    return queue != Queue(scope=queue.scope)
