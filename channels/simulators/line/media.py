"""The endpoint that gives what people sent."""

from functools import partial

from channels.simulators.line import answers, things
from channels.simulators.line.answers import Answer, Refused
from channels.simulators.line.platform import Call


async def content(call: Call) -> Answer:
    """Give a message's content; with the fault `content_not_ready` say that it is prepared yet."""
    message_id = call.path.split("/")[4]
    found = await call.platform.store.read(partial(things.content_of, message_id=message_id))
    if found is None:
        raise Refused(404, answers.NOT_FOUND)
    if call.platform.faults.strike("content_not_ready"):
        return Answer(202)
    return Answer(media_type=found.media_type, raw=found.body)
