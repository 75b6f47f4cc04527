"""A draft as its members will read it, with whom it is for, and the buttons that change it."""

from datetime import UTC, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

from channels import wording
from channels.line import limits, messages, picking
from channels.line.leading import asking, drafts, seats, steps
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
    lines = [*([circular.correction] if circular.correction else []), content.body]
    if limits.units(content.body) > IN_BUBBLE:
        before, lines = messages.texts(content.body), lines[:-1]
    lines += _asked(content, language)
    if circular.due_date:
        day = wording.day(circular.due_date, language)
        lines.append(wording.say(COMMON, "due", language, day=day))
    if content.file_ids:
        lines.append(wording.say(COMMON, "files", language, count=len(content.file_ids)))
        lines += [limits.clip(one.file.file_name, limits.BUTTON_LABEL) for one in circular.files]
    shown = [line for line in lines if line.strip()] or [say("body_none", language)]
    return [*before, card(content.title, shown, [])]


def _asked(content: pb.CircularContent, language: str) -> list[str]:
    """Show what is asked, as far as it fits a bubble; all of it stands at the desk."""
    lines = []
    for number, one in enumerate(content.questions, 1):
        lines.append(say("numbered", language, number=number, label=one.text))
        lines += [say("offered", language, label=option.label) for option in one.options]
        if not one.options:
            lines.append(say("offered_none", language))
        if one.several:
            lines.append(say("offered_several", language))
    lines += [say("offered", language, label=option.label) for option in content.vote.options]
    if content.HasField("vote"):
        lines += asking.rules(content.vote, language)
    text = "\n".join(lines)
    return [limits.clip(text, IN_BUBBLE)] if text else []


def _steering(visit: Visit, there: Seat, circular: pb.Circular) -> Message:
    language, id = visit.language, circular.circular_id
    if circular.overtaken:
        return _overtaken(circular, language)
    missing = steps.lacking(circular)
    whom = targets(there, circular.targets, language)
    lines = [
        say(f"unready_{missing}" if missing else "review_lead", language),
        say("review_corrects" if circular.corrects_id else "review_to", language, targets=whom),
    ]
    if missing:
        out: list[Action] = [button(f"fill_{missing}", language, Verb.DRAFT_ASK, id, missing)]
    else:
        out = [button(published(circular), language, Verb.PUBLISH, id), *_later(visit, circular)]
    buttons = [
        *out,
        button(
            "edit_correction" if circular.corrects_id else "edit", language, Verb.DRAFT_EDIT, id
        ),
        button("draft_keep", language, Verb.DRAFT_STOP, id),
        button("draft_drop", language, Verb.DRAFT_DROP, id),
    ]
    return card(say("review", language), lines, buttons)


def _overtaken(circular: pb.Circular, language: str) -> Message:
    """Offer to begin a correction anew that another version overtook, or to throw it away."""
    anew = button("correct_anew", language, Verb.CORRECT, circular.corrects_id)
    drop = button("draft_drop", language, Verb.DRAFT_DROP, circular.circular_id)
    lines = [say("review_overtaken", language)]
    return card(say("review", language), lines, [anew, drop], stands_out=seats.NOTHING)


def published(circular: pb.Circular) -> str:
    """Name the word of the button that sends a draft out."""
    return "publish_correction" if circular.corrects_id else "publish"


def _later(visit: Visit, circular: pb.Circular) -> list[Action]:
    """Return the button that sends a draft at a time; what is corrected goes out at once."""
    if circular.corrects_id:
        return []
    now = visit.event.time.astimezone(wording.JAPAN)
    soon = (now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:00")
    return [
        picking.moment(
            DateInput(first=now.strftime("%Y-%m-%dT%H:%M"), start=soon),
            "",
            say("publish_at", visit.language),
            Do(Verb.PUBLISH_AT, (circular.circular_id, circular.etag)),
        )
    ]


async def edit(visit: Visit, circular_id: str) -> list[Message]:
    """Offer what can be changed of a draft."""
    language, id = visit.language, circular_id
    circular = await drafts.get(visit, circular_id)
    content = circular.content
    body = "body_change" if content.body else "body_write"
    buttons: list[Action] = [
        button(body, language, Verb.DRAFT_ASK, id, "body"),
        button("title_change", language, Verb.DRAFT_ASK, id, "title"),
        button("files_add", language, Verb.DRAFT_ASK, id, "files"),
    ]
    if content.file_ids:
        buttons.append(button("files_none", language, Verb.DRAFT_NO_FILES, id))
    buttons.append(_comments(circular, language))
    if circular.corrects_id:
        buttons.append(button("correction_change", language, Verb.DRAFT_ASK, id, "correction"))
    else:
        buttons += _of_new(visit, circular)
    buttons.append(button("back", language, Verb.DRAFT, id))
    return [card(content.title, [say("edit_what", language)], buttons, stands_out=seats.NOTHING)]


def _comments(circular: pb.Circular, language: str) -> Action:
    """Return the button that lets members comment, or lets them no more."""
    wanted = "off" if circular.content.comments_allowed else "on"
    return button(f"comments_{wanted}", language, Verb.DRAFT_COMMENTS, circular.circular_id, wanted)


def _of_new(visit: Visit, circular: pb.Circular) -> list[Action]:
    """Return the buttons for what is changed only before a circular goes out first."""
    language, id, content = visit.language, circular.circular_id, circular.content
    buttons = []
    if steps.fits(circular, "choices"):
        buttons.append(button("choices_change", language, Verb.DRAFT_ASK, id, "choices"))
    if steps.fits(circular, "rules"):
        buttons.append(button("rules_change", language, Verb.DRAFT_ASK, id, "rules"))
    if steps.fits(circular, "question") and len(content.questions) < steps.MOST_QUESTIONS:
        buttons.append(button("question_add", language, Verb.DRAFT_ASK, id, "question"))
    buttons += [
        button("targets_change", language, Verb.DRAFT_TO, id, "1"),
        asking.due(visit, circular),
    ]
    if circular.due_date and circular.kind != pb.CIRCULAR_KIND_VOTE:
        buttons.append(button("due_none", language, Verb.DRAFT_NO_DUE, id))
    if visit.account.board_url:
        buttons.append(button("edit_page", language, Verb.DESK_AT, id, "edit"))
    return buttons


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
