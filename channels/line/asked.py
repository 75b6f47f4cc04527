"""What was asked here last other than for a draft: a button that is pressed by the next words.

It is kept in the core, so that it is found by whichever adapter takes them.
"""

from collections.abc import Iterable

from channels.line import postback
from channels.line.postback import Do
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

ANSWERED_BEFORE = "REQUEST_ID_REUSED"


async def found(visit: Visit) -> pb.GetAskedResponse:
    """Return what was asked here last, for a draft or other than for one."""
    request = pb.GetAskedRequest(speaker=visit.speaker)
    return await visit.core.ask(visit.core.circulars.GetAsked, request)


def button_of(found: pb.GetAskedResponse) -> Do | None:
    """Return the button that words press; None where nothing is asked, or by another version."""
    if not found.HasField("asked"):
        return None
    decoded = postback.decode(found.asked.what)
    return decoded if isinstance(decoded, Do) else None


async def keep(visit: Visit, do: Do, so_far: Iterable[pb.SurveyAnswer] = ()) -> bool:
    """Ask something from now on; False where this event was taken before, and asked on then."""
    return await _keep(visit, pb.AskedInChat(what=postback.encode(do), so_far=so_far))


async def nothing(visit: Visit) -> None:
    """Ask nothing any more."""
    await _keep(visit, pb.AskedInChat())


async def _keep(visit: Visit, asked: pb.AskedInChat) -> bool:
    request = pb.KeepAskedRequest(
        speaker=visit.speaker, asked=asked, request_id=f"{visit.event.id}:asked"
    )
    try:
        await visit.core.ask(visit.core.circulars.KeepAsked, request)
    except CoreError as error:
        if error.reason != ANSWERED_BEFORE:
            raise
        return False
    return True
