"""Whom a draft is for and until when; then it goes out, now or at its time, or is thrown away."""

from datetime import datetime

from channels import wording
from channels.line import messages
from channels.line.leading import calling_back, composing, drafts, reviewing, seats, steps
from channels.line.leading.seats import button, named, say
from channels.line.menu_messages import turned
from channels.line.messages import Message, card
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 8
OFFICES = (
    pb.OFFICE_KIND_CHAIR,
    pb.OFFICE_KIND_VICE,
    pb.OFFICE_KIND_GROUP_HEAD,
    pb.OFFICE_KIND_TREASURER,
)


async def due(visit: Visit, circular_id: str) -> list[Message]:
    """Take the day that was picked."""
    return await _until(visit, circular_id, visit.event.picked[: len("2026-04-01")])


async def no_due(visit: Visit, circular_id: str) -> list[Message]:
    return await _until(visit, circular_id, "")


async def _until(visit: Visit, circular_id: str, day: str) -> list[Message]:
    def edit(request: pb.SaveCircularRequest) -> None:
        request.due_date, request.asked = day, ""

    await drafts.change(visit, circular_id, edit)
    return await reviewing.show(visit, circular_id)


async def whom(visit: Visit, circular_id: str, page: str) -> list[Message]:
    """Ask whom it is for: all, officers, or groups that are chosen one by one."""
    language = visit.language
    draft = await drafts.get(visit, circular_id)
    there = await seats.seat(visit, draft.association_id)
    lines = [
        say("review_to", language, targets=reviewing.targets(there, draft.targets, language)),
        say("whom", language),
    ]
    buttons = []
    if there.leads and page == "1":
        buttons = [
            button("to_everybody", language, Verb.DRAFT_FOR, circular_id, "all"),
            button("to_officers", language, Verb.DRAFT_FOR, circular_id, "officers"),
        ]
    shown, turns = turned(
        there.led_groups, int(page), Verb.DRAFT_TO, language, size=A_PAGE, of=(circular_id,)
    )
    for group in shown:
        is_in = group.group_id in draft.targets.group_ids
        buttons.append(
            button(
                "group_off" if is_in else "group_on", language, Verb.DRAFT_GROUP, circular_id,
                group.group_id, "off" if is_in else "on", page, group=named(group.name),
            )
        )  # fmt: skip
    done = button("enough", language, Verb.DRAFT, circular_id)
    return [card(draft.content.title, lines, [*buttons, *turns, done])]


async def to(visit: Visit, circular_id: str, targets: str) -> list[Message]:
    """Let it be for all, or for whoever holds an office when it goes out."""

    def edit(request: pb.SaveCircularRequest) -> None:
        everybody = targets == "all"
        request.targets.CopyFrom(
            pb.Targets(everybody=everybody, offices=() if everybody else OFFICES)
        )
        request.asked = ""

    await drafts.change(visit, circular_id, edit)
    return await reviewing.show(visit, circular_id)


async def group(
    visit: Visit, circular_id: str, group_id: str, wanted: str, page: str
) -> list[Message]:
    """Let it be for a group, too, or not; for the last one it stays."""

    def edit(request: pb.SaveCircularRequest) -> None:
        groups = [one for one in request.targets.group_ids if one != group_id]
        if wanted == "on":
            groups.append(group_id)
        if groups:
            request.targets.CopyFrom(pb.Targets(group_ids=groups))

    await drafts.change(visit, circular_id, edit)
    return await whom(visit, circular_id, page)


async def publish(visit: Visit, circular_id: str) -> list[Message]:
    """Ask before it goes out, and say whom it will reach."""
    language = visit.language
    draft = await drafts.get(visit, circular_id)
    if missing := steps.lacking(draft):
        return await composing.ask(visit, circular_id, missing)
    if not draft.corrects_id and _is_over(draft, visit.event.time):
        return await _over(visit, circular_id)
    lines = [say("publish_correction_which" if draft.corrects_id else "publish_which", language)]
    counted = None if draft.corrects_id else await reviewing.reach(visit, circular_id)
    if counted is not None:
        reached = counted.households - counted.paper
        places = {"households": counted.households, "reached": reached, "paper": counted.paper}
        lines.insert(0, say("reach" if counted.paper else "reach_all", language, **places))
    arguments = (circular_id, draft.etag, visit.asked)
    yes = button(reviewing.published(draft), language, Verb.PUBLISH_SURE, *arguments)
    back = button("back", language, Verb.ROUND, circular_id)
    return [card(draft.content.title, lines, [yes, back])]


async def publish_surely(visit: Visit, circular_id: str, etag: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await publish(visit, circular_id)
    request = pb.PublishCircularRequest(
        speaker=visit.speaker, circular_id=circular_id, etag=etag, request_id=visit.event.id
    )
    return await _publish(visit, request)


async def publish_at(visit: Visit, circular_id: str, etag: str) -> list[Message]:
    """Let it go out at the day and time that were picked."""
    language = visit.language
    if "T" not in visit.event.picked:
        return messages.old_button(language)
    moment = datetime.fromisoformat(visit.event.picked).replace(tzinfo=wording.JAPAN)
    if moment <= visit.event.time:
        past = messages.texts(say("time_past", language))
        return messages.within([*past, *await reviewing.show(visit, circular_id)])
    if _is_over(await drafts.get(visit, circular_id), moment):
        return await _over(visit, circular_id)
    request = pb.PublishCircularRequest(
        speaker=visit.speaker, circular_id=circular_id, etag=etag, request_id=visit.event.id
    )
    request.publish_time.FromDatetime(moment)
    return await _publish(visit, request)


def _is_over(draft: pb.Circular, moment: datetime) -> bool:
    """Whether its last day is before the one on which it would go out."""
    day = moment.astimezone(wording.JAPAN).date().isoformat()
    return bool(draft.due_date) and draft.due_date < day


async def _over(visit: Visit, circular_id: str) -> list[Message]:
    said = messages.texts(say("due_over", visit.language))
    return messages.within([*said, *await reviewing.show(visit, circular_id)])


async def _publish(visit: Visit, request: pb.PublishCircularRequest) -> list[Message]:
    language = visit.language
    sent = (await visit.core.ask(visit.core.circulars.PublishCircular, request)).circular
    if request.HasField("publish_time"):
        moment = reviewing.moment(sent.publish_time, language)
        text = say("scheduled", language, title=sent.content.title, moment=moment)
    else:
        done = "published" if sent.circular_id == request.circular_id else "corrected"
        text = say(done, language, title=sent.content.title)
    return seats.said(
        text,
        language,
        button("see_round", language, Verb.ROUND, sent.circular_id),
        button("title", language, Verb.LEAD_AT, sent.association_id),
    )


async def drop(visit: Visit, circular_id: str) -> list[Message]:
    """Ask before a draft is thrown away."""
    language = visit.language
    draft = await drafts.get(visit, circular_id)
    arguments = (circular_id, draft.etag, visit.asked)
    yes = button("draft_drop", language, Verb.DRAFT_DROP_SURE, *arguments)
    back = button("back", language, Verb.DRAFT, circular_id)
    return [card(draft.content.title, [say("drop_which", language)], [back, yes])]


async def drop_surely(visit: Visit, circular_id: str, etag: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await drop(visit, circular_id)
    return await calling_back.take(visit, circular_id, etag, "because_dropped", "dropped")
