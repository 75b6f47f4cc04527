"""Photographs and files that somebody sent in the chat, taken for the answer to a question.

Several photographs that were sent at once are told of one by one, in any order; the core gathers
them, and only the last that comes is answered.
"""

from functools import partial

from channels import wording
from channels.line import sent
from channels.line.content import Content, ContentGone, ContentTooLarge
from channels.line.leading import composing
from channels.line.messages import Message
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.uploads import parts_of, pieces_of
from todoke.v1 import applications_pb2 as pb

MOST_BYTES = 20 * 1024 * 1024
MEGABYTE = 1024 * 1024
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


ON_PAGE = {"account", "files", "signature"}
"""What a photograph can belong to that is given on the page only."""


async def file(visit: Visit) -> list[Message]:
    """Take what was sent, alone or as one of several; for a draft, where one asks for it."""
    if (taken := await composing.file(visit)) is not None:
        return taken
    place = _place(visit)
    expected = await _expected(visit, place)
    if not expected.step:
        return await _not_asked(visit) if expected.first else []
    most = expected.most_bytes or MOST_BYTES
    try:
        found = await visit.account.contents.fetch(visit.event.message_id, most)
        attachment_id = await _upload(visit, expected, found)
    except ContentTooLarge:
        problem, places = pb.PHOTOGRAPH_PROBLEM_TOO_LARGE, {"megabytes": max(1, most // MEGABYTE)}
    except ContentGone:
        problem, places = pb.PHOTOGRAPH_PROBLEM_GONE, {}
    except CoreError as error:
        if place is None or not wording.is_for_the_resident(error):
            raise
        problem, places = pb.PHOTOGRAPH_PROBLEM_REFUSED, {}
    else:
        return await _answer(visit, place, attachment_id)
    if place is not None:
        one = pb.OneOfSet(place=place, problem=problem)
        return await sent.answer(visit, partial(pb.AnswerInChatRequest, one_of_set=one))
    turn = await sent.asked(visit)
    return sent.help(visit) if turn is None else sent.again(SAID[problem], turn, visit, **places)


SAID = {
    pb.PHOTOGRAPH_PROBLEM_TOO_LARGE: "file_too_large",
    pb.PHOTOGRAPH_PROBLEM_GONE: "file_gone",
}


def _place(visit: Visit) -> pb.SetPlace | None:
    found = visit.event.image_set
    if found is None:
        return None
    return pb.SetPlace(set_id=found.id, number=found.number, total=found.total)


async def _expected(visit: Visit, place: pb.SetPlace | None) -> pb.ExpectAttachmentResponse:
    request = pb.ExpectAttachmentRequest(
        external_id=visit.event.contact, place=place, request_id=f"{visit.event.id}:expect"
    )
    return await visit.core.ask(visit.core.applications.ExpectAttachment, request)


async def _not_asked(visit: Visit) -> list[Message]:
    turn = await sent.asked(visit)
    if turn is None:
        return sent.help(visit)
    is_for_page = turn.prompt.sensitive and turn.prompt.input.WhichOneof("kind") in ON_PAGE
    return sent.again("file_on_page" if is_for_page else "not_asked_file", turn, visit)


async def _answer(visit: Visit, place: pb.SetPlace | None, attachment_id: str) -> list[Message]:
    if place is None:
        make = partial(pb.AnswerInChatRequest, attachment_id=attachment_id)
    else:
        one = pb.OneOfSet(place=place, attachment_id=attachment_id)
        make = partial(pb.AnswerInChatRequest, one_of_set=one)
    return await sent.answer(visit, make)


async def _upload(visit: Visit, expected: pb.ExpectAttachmentResponse, found: Content) -> str:
    ending = ENDINGS.get(found.media_type, "bin")
    header = pb.AttachmentHeader(
        speaker=visit.speaker,
        application_id=expected.application_id,
        step=expected.step,
        file_name=visit.event.file_name[-255:] or f"{visit.event.message_id}.{ending}",
        request_id=f"{visit.event.id}:file",
    )
    parts = parts_of(pb.UploadAttachmentRequest, header, pieces_of(found.body))
    uploaded = await visit.core.upload(visit.core.applications.UploadAttachment, parts)
    return uploaded.attachment_id
