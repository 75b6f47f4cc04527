"""A draft is kept in the core with every step, and with what its author was asked for it last.

So nothing is lost when the adapter begins anew, and nothing done twice where LINE delivers twice.
"""

from collections.abc import Callable

from channels.line import asked as here
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_FILES = 20
TRIES = MOST_FILES
"""Photographs that were sent at once are kept on top of each other: one wins each time."""

TITLE = 100

Edit = Callable[[pb.SaveCircularRequest], None]
"""Changes the request that keeps a draft, which comes as the draft stands."""


async def get(visit: Visit, circular_id: str) -> pb.Circular:
    request = pb.GetCircularRequest(speaker=visit.speaker, circular_id=circular_id)
    return (await visit.core.ask(visit.core.circulars.GetCircular, request)).circular


async def asked(visit: Visit) -> pb.Circular | None:
    """Return the draft for which something was asked here lately."""
    found = await here.found(visit)
    return found.circular if found.HasField("circular") else None


async def begin(
    visit: Visit,
    association_id: str,
    kind: pb.CircularKind.ValueType,
    content: pb.CircularContent,
    targets: pb.Targets,
) -> pb.Circular:
    """Keep a new draft, for which the title is asked."""
    request = pb.SaveCircularRequest(
        speaker=visit.speaker,
        association_id=association_id,
        kind=kind,
        content=content,
        targets=targets,
        request_id=visit.event.id,
        asked="title",
    )
    return (await visit.core.ask(visit.core.circulars.SaveCircular, request)).circular


async def begin_correction(visit: Visit, circular: pb.Circular) -> pb.Circular:
    """Keep a draft of the next version of what is out, for which the text is asked."""
    request = pb.SaveCircularRequest(
        speaker=visit.speaker,
        association_id=circular.association_id,
        kind=circular.kind,
        content=circular.content,
        targets=circular.targets,
        request_id=visit.event.id,
        asked="body",
        corrects_id=circular.circular_id,
    )
    return (await visit.core.ask(visit.core.circulars.SaveCircular, request)).circular


async def change(visit: Visit, circular_id: str, edit: Edit) -> pb.Circular:
    """Keep a draft changed, on top of what is kept meanwhile.

    What an event changed once it does not change again: then the draft comes as it stands.
    """
    for tried in range(TRIES):
        circular = await get(visit, circular_id)
        request = pb.SaveCircularRequest(
            speaker=visit.speaker,
            circular_id=circular_id,
            association_id=circular.association_id,
            kind=circular.kind,
            content=circular.content,
            targets=circular.targets,
            due_date=circular.due_date,
            etag=circular.etag,
            request_id=visit.event.id,
            asked=circular.asked,
            corrects_id=circular.corrects_id,
            correction=circular.correction,
        )
        edit(request)
        try:
            saved = await visit.core.ask(visit.core.circulars.SaveCircular, request)
        except CoreError as error:
            if error.reason == "REQUEST_ID_REUSED":
                break
            if error.reason != "CHANGED_MEANWHILE" or tried + 1 == TRIES:
                raise
        else:
            return saved.circular
    return await get(visit, circular_id)
