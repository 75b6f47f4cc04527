"""What an officer does of circulars: lists them, sees who has read, reminds, counts, takes back."""

from collections.abc import Iterable

from channels import wording
from channels.line import limits
from channels.line.leading import drafts, paper, reviewing, seats
from channels.line.leading.seats import Seat, button, say
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 8
MOST = 50
"""Older ones than these are found at the desk."""

MOST_NAMES = 120
UNSENT = {pb.CIRCULAR_STATE_DRAFT, pb.CIRCULAR_STATE_SCHEDULED}


async def listed(visit: Visit, association_id: str, page: str) -> list[Message]:
    """List the association's circulars, newest first, with how many have read."""
    language = visit.language
    request = pb.ListCircularsRequest(
        speaker=visit.speaker, association_id=association_id, page_size=MOST
    )
    answer = await visit.core.ask(visit.core.circulars.ListCirculars, request)
    found = [one for one in answer.circulars if one.state != pb.CIRCULAR_STATE_WITHDRAWN]
    back = button("back", language, Verb.LEAD_AT, association_id)
    if not found:
        return [card(say("rounds", language), [say("rounds_none", language)], [back])]
    shown, turns = turned(
        found, int(page), Verb.ROUNDS, language, size=A_PAGE, of=(association_id,)
    )
    buttons = [press(Do(Verb.ROUND, (one.circular_id,)), _line(one, language)) for one in shown]
    lines = [say("rounds_lead", language)]
    return [card(say("rounds", language), lines, [*buttons, *turns, back])]


async def one(visit: Visit, circular_id: str) -> list[Message]:
    """Show how a circular stands; a draft, as it would be read."""
    circular = await drafts.get(visit, circular_id)
    if circular.state == pb.CIRCULAR_STATE_DRAFT:
        return await reviewing.show(visit, circular_id)
    language = visit.language
    lines = [
        say(reviewing.state(circular), language, moment=_moment(circular, language)),
        *_due(circular, language),
        *_read(circular, language),
        *([circular.withdrawn] if circular.withdrawn else []),
    ]
    there = await seats.seat(visit, circular.association_id)
    return [card(circular.content.title, lines, _ways(visit, circular, there))]


def _ways(visit: Visit, circular: pb.Circular, there: Seat) -> list[Action]:
    """Return what can be done of a circular that is no draft."""
    language, id = visit.language, circular.circular_id
    is_out = circular.state in {pb.CIRCULAR_STATE_PUBLISHED, pb.CIRCULAR_STATE_CLOSED}
    ways = _of_out(visit, circular, there) if is_out else []
    if circular.state == pb.CIRCULAR_STATE_SCHEDULED and circular.can_change:
        ways.append(button("publish_now", language, Verb.PUBLISH, id))
    if circular.can_change:
        ways.append(button("call_back", language, Verb.CALL_BACK, id))
    if visit.account.board_url:
        ways.append(button("desk_circular", language, Verb.DESK_AT, id, "whole"))
    return [*ways, button("back", language, Verb.ROUNDS, circular.association_id, "1")]


def _of_out(visit: Visit, circular: pb.Circular, there: Seat) -> list[Action]:
    """Return what is done of one that went out: who read and answered, paper, corrections."""
    language, id, ways = visit.language, circular.circular_id, []
    if circular.read < circular.households:
        unread = circular.households - circular.read
        ways.append(button("unread", language, Verb.UNREAD, id, count=unread))
    if circular.kind != pb.CIRCULAR_KIND_NOTICE:
        ways.append(button("results", language, Verb.RESULTS, id))
    if there.writes:
        ways.append(button("paper_record", language, Verb.ON_PAPER, id, "1"))
    if circular.can_change:
        ways.append(button("correct", language, Verb.CORRECT, id))
    if circular.content.comments_allowed:
        ways.append(button("comments", language, Verb.COMMENTS, id, "1"))
    if not visit.account.board_url:
        return ways
    ways.append(button("paper", language, Verb.DESK_AT, id, "round"))
    if there.writes:
        ways.append(button("enter_sheet", language, Verb.DESK_AT, id, "sheet"))
    if circular.content.comments_allowed:
        ways.append(button("comments_page", language, Verb.DESK_AT, id, "comments"))
    return ways


async def unread(visit: Visit, circular_id: str) -> list[Message]:
    """Name the households that have not read, by group in the order of the round."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    there = await seats.seat(visit, circular.association_id)
    found = await paper.unread(visit, circular_id)
    back = button("back", language, Verb.ROUND, circular_id)
    title = limits.clip(circular.content.title, limits.BUTTON_LABEL * 2)
    if not found:
        return [card(title, [say("unread_none", language)], [back])]
    lines = [_counts(circular, language), *_names(found[:MOST_NAMES], there, language)]
    if len(found) > MOST_NAMES:
        lines.append(say("more", language, count=len(found) - MOST_NAMES))
    is_open = circular.state == pb.CIRCULAR_STATE_PUBLISHED
    ways = [button("remind", language, Verb.REMIND, circular_id)] if is_open else []
    if there.writes:
        ways.append(button("paper_record", language, Verb.ON_PAPER, circular_id, "1"))
    return [card(title, lines, [*ways, back])]


def _names(receipts: Iterable[pb.Receipt], there: Seat, language: str) -> list[str]:
    by_group: dict[str, list[str]] = {}
    for one in receipts:
        home = one.household
        name = seats.named(home.name)
        if home.paper:
            name = say("on_paper", language, household=name)
        by_group.setdefault(there.group(home.group_id, language), []).append(name)
    comma = say("comma", language)
    return [
        say("group_names", language, group=group, names=comma.join(names))
        for group, names in by_group.items()
    ]


async def remind(visit: Visit, circular_id: str) -> list[Message]:
    """Ask before the unread are reminded."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    line = say("remind_which", language, count=circular.households - circular.read)
    yes = button("remind", language, Verb.REMIND_SURE, circular_id, visit.asked)
    back = button("back", language, Verb.ROUND, circular_id)
    return [card(circular.content.title, [line], [yes, back])]


async def remind_surely(visit: Visit, circular_id: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await remind(visit, circular_id)
    request = pb.RemindUnreadRequest(
        speaker=visit.speaker, circular_id=circular_id, request_id=visit.event.id
    )
    told = await visit.core.ask(visit.core.circulars.RemindUnread, request)
    language = visit.language
    lines = [say("reminded", language, count=told.reminded)]
    if told.waiting:
        lines.append(say("reminding", language, count=told.waiting))
    if told.paper:
        lines.append(say("reminded_paper", language, count=told.paper))
    back = button("back", language, Verb.ROUND, circular_id)
    return seats.said("\n".join(lines), language, back)


def _line(one: pb.Circular, language: str) -> str:
    title = limits.clip(one.content.title, limits.BUTTON_LABEL // 2)
    if one.corrects_id:
        return say("correction_line", language, title=title)
    if one.state in UNSENT:
        return say(f"{reviewing.state(one)}_line", language, title=title)
    return say("read_line", language, title=title, read=one.read, households=one.households)


def _read(circular: pb.Circular, language: str) -> list[str]:
    return [] if circular.state in UNSENT else [_counts(circular, language)]


def _counts(circular: pb.Circular, language: str) -> str:
    return say("read_of", language, read=circular.read, households=circular.households)


def _moment(circular: pb.Circular, language: str) -> str:
    """Say when it went or goes out; nothing of one that never did."""
    if not circular.HasField("publish_time"):
        return ""
    return reviewing.moment(circular.publish_time, language)


def _due(circular: pb.Circular, language: str) -> list[str]:
    if not circular.due_date:
        return []
    day = wording.day(circular.due_date, language)
    return [wording.say("line_neighbourhood", "due", language, day=day)]
