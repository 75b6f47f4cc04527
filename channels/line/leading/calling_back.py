"""A circular is taken back, for a reason that is one of a few: those who open it read only that."""

from channels.line.leading import drafts, seats
from channels.line.leading.seats import NotYours, button, say
from channels.line.messages import Message, card
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

REASONS = ("date", "content", "cancelled", "twice")


async def ask_why(visit: Visit, circular_id: str) -> list[Message]:
    """Show a circular with the usual reasons for taking it back, a button each; none is typed."""
    language = visit.language
    circular = await changeable(visit, circular_id)
    reasons = [
        button(f"because_{reason}", language, Verb.CALL_BACK_FOR, circular_id, reason)
        for reason in REASONS
    ]
    stop = button("stop", language, Verb.ROUND, circular_id)
    return [card(circular.content.title, [say("call_back_why", language)], [*reasons, stop])]


async def ask(visit: Visit, circular_id: str, reason: str) -> list[Message]:
    """Ask before it is taken back."""
    language = visit.language
    circular = await changeable(visit, circular_id)
    why = say(f"because_{reason}", language)
    arguments = (circular_id, circular.etag, reason, visit.asked)
    yes = button("call_back", language, Verb.CALL_BACK_SURE, *arguments)
    stop = button("stop", language, Verb.ROUND, circular_id)
    lines = [say("call_back_which", language, reason=why)]
    return [card(circular.content.title, lines, [stop, yes])]


async def surely(
    visit: Visit, circular_id: str, etag: str, reason: str, asked: str
) -> list[Message]:
    if not visit.is_sure(asked):
        return await ask(visit, circular_id, reason)
    return await take(visit, circular_id, etag, f"because_{reason}", "called_back")


async def take(visit: Visit, circular_id: str, etag: str, reason: str, done: str) -> list[Message]:
    """Take it back, and say what is done."""
    language = visit.language
    request = pb.WithdrawCircularRequest(
        speaker=visit.speaker,
        circular_id=circular_id,
        reason=say(reason, language),
        etag=etag,
        request_id=visit.event.id,
    )
    taken = await visit.core.ask(visit.core.circulars.WithdrawCircular, request)
    circular = taken.circular
    way = button("rounds", language, Verb.ROUNDS, circular.association_id, "1")
    return seats.said(say(done, language, title=circular.content.title), language, way)


async def changeable(visit: Visit, circular_id: str) -> pb.Circular:
    """Return a circular for who may take it back. Raises NotYours for others."""
    circular = await drafts.get(visit, circular_id)
    if not circular.can_change and circular.state != pb.CIRCULAR_STATE_WITHDRAWN:
        there = await seats.seat(visit, circular.association_id)
        raise NotYours(there.id, there.chair)
    return circular
