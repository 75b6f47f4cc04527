"""What is out is corrected: a draft of its next version is written, looked at, and sent out."""

from channels.line import messages
from channels.line.leading import asking, calling_back, drafts, reviewing
from channels.line.leading.seats import say
from channels.line.messages import Message
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb


async def begin(visit: Visit, circular_id: str) -> list[Message]:
    """Keep a draft of the next version, and ask for its text beside the one that is out.

    That text goes as a message of its own: there a phone lets it be copied.
    """
    circular = await calling_back.changeable(visit, circular_id)
    draft = await drafts.begin_correction(visit, circular)
    said = messages.texts(circular.content.body) if circular.content.body else []
    return messages.within([*said, *asking.show(visit, draft)])


async def changed(visit: Visit, circular_id: str, what: str) -> list[Message]:
    """Take what was changed from a button."""

    def edit(request: pb.SaveCircularRequest) -> None:
        request.correction, request.asked = say(f"changed_{what}", visit.language), ""

    await drafts.change(visit, circular_id, edit)
    return await reviewing.show(visit, circular_id)
