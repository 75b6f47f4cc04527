"""A draft as its members will read it, with whom it is for, and the buttons that change it."""

from datetime import UTC, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

from channels import wording
from channels.line import limits, messages, picking
from channels.line.leading import drafts, seats
from channels.line.leading.seats import Seat, button, say
from channels.line.messages import Action, Message, card
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.procedures_pb2 import DateInput

IN_BUBBLE = 2_000
COMMON = "line_neighbourhood"


async def show(visit: Visit, circular_id: str) -> list[Message]:
    """Show the draft; what is sent next is nothing for it any more."""
    circular = await drafts.get(visit, circular_id)
    if circular.asked:
        circular = await drafts.change(visit, circular_id, ask_nothing)
        circular = await drafts.get(visit, circular_id)
    there = await seats.seat(visit, circular.association_id)
    language = visit.language
    return messages.within([*as_read(circular, language), _steering(visit, there, circular)])


def ask_nothing(request: pb.SaveCircularRequest) -> None:
    request.asked = ""


def as_read(circular: pb.Circular, language: str) -> list[Message]:
    """Show a circular as a member will read it, but for the buttons."""
    content = circular.content
    before: list[Message] = []
    lines = [content.body]
    if limits.units(content.body) > IN_BUBBLE:
        before, lines = messages.texts(content.body), []
    if circular.due_date:
        day = wording.day(circular.due_date, language)
        lines.append(wording.say(COMMON, "due", language, day=day))
    if content.file_ids:
        lines.append(wording.say(COMMON, "files", language, count=len(content.file_ids)))
        lines += [limits.clip(one.file.file_name, limits.BUTTON_LABEL) for one in circular.files]
    shown = [line for line in lines if line.strip()] or [say("body_none", language)]
    return [*before, card(content.title, shown, [])]


def _steering(visit: Visit, there: Seat, circular: pb.Circular) -> Message:
    language, id, content = visit.language, circular.circular_id, circular.content
    ready = bool(content.body or content.file_ids)
    lines = [
        say("review_lead" if ready else "review_unready", language),
        say("review_to", language, targets=targets(there, circular.targets, language)),
    ]
    now = visit.event.time.astimezone(wording.JAPAN)
    soon = (now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:00")
    later = picking.moment(
        DateInput(first=now.strftime("%Y-%m-%dT%H:%M"), start=soon),
        "",
        say("publish_at", language),
        Do(Verb.PUBLISH_AT, (id, circular.etag)),
    )
    out: list[Action] = [button("publish", language, Verb.PUBLISH, id), later] if ready else []
    buttons = [
        *out,
        button("edit", language, Verb.DRAFT_EDIT, id),
        button("draft_keep", language, Verb.DRAFT_STOP, id),
        button("draft_drop", language, Verb.DRAFT_DROP, id),
    ]
    return card(say("review", language), lines, buttons)


async def edit(visit: Visit, circular_id: str) -> list[Message]:
    """Offer what can be changed of a draft."""
    language, id = visit.language, circular_id
    circular = await drafts.get(visit, circular_id)
    content = circular.content
    today = visit.event.time.astimezone(wording.JAPAN).date().isoformat()
    due = picking.day(
        DateInput(first=today),
        circular.due_date,
        say("due_change" if circular.due_date else "due_choose", language),
        Do(Verb.DRAFT_DUE, (id,)),
    )
    body = "body_change" if content.body else "body_write"
    buttons: list[Action] = [
        button(body, language, Verb.DRAFT_ASK, id, "body"),
        button("title_change", language, Verb.DRAFT_ASK, id, "title"),
        button("files_add", language, Verb.DRAFT_ASK, id, "files"),
        button("targets_change", language, Verb.DRAFT_TO, id, "1"),
        due,
    ]
    if content.file_ids:
        buttons.append(button("files_none", language, Verb.DRAFT_NO_FILES, id))
    if circular.due_date:
        buttons.append(button("due_none", language, Verb.DRAFT_NO_DUE, id))
    if visit.account.board_url:
        buttons.append(button("edit_page", language, Verb.DESK_AT, id, "edit"))
    buttons.append(button("back", language, Verb.DRAFT, id))
    return [card(content.title, [say("edit_what", language)], buttons, stands_out=seats.NOTHING)]


def targets(there: Seat, of: pb.Targets, language: str) -> str:
    """Say whom a circular is for."""
    if of.everybody:
        return say("to_everybody", language)
    names = [there.group(one, language) for one in of.group_ids]
    if of.offices:
        names.append(say("to_officers", language))
    if of.household_ids:
        names.append(say("to_households", language, count=len(of.household_ids)))
    return say("comma", language).join(names)


async def reach(visit: Visit, circular_id: str) -> pb.PreviewCircularResponse | None:
    """Count whom it would reach; only its author may."""
    request = pb.PreviewCircularRequest(speaker=visit.speaker, circular_id=circular_id)
    try:
        return await visit.core.ask(visit.core.circulars.PreviewCircular, request)
    except CoreError as error:
        if error.reason != "NOT_IN_OFFICE":
            raise
        return None


def state(circular: pb.Circular) -> str:
    """Name the word of a circular's state."""
    name = pb.CircularState.Name(circular.state)
    return f"state_{name.removeprefix('CIRCULAR_STATE_').lower()}"


def moment(time: Timestamp, language: str) -> str:
    at = time.ToDatetime(UTC)
    day, clock = wording.date(at, language), wording.clock(at, language)
    return say("moment", language, day=day, clock=clock)
