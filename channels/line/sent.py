"""What somebody wrote or sent in the chat, taken for the answer to what they were asked there."""

from collections.abc import AsyncIterator
from functools import partial

from channels import wording
from channels.line import codes, messages, talking, turns
from channels.line.content import Content, ContentGone, ContentTooLarge
from channels.line.messages import Message
from channels.line.rich_menus import State
from channels.line.typed import code_in, has_my_number
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.v1.applications_pb2 import (
    AnswerInChatRequest,
    AttachmentHeader,
    Turn,
    UploadAttachmentRequest,
)
from todoke.v1.procedures_pb2 import Place, Prompt

SECTION = "line_asking"
NOTHING_ASKED = {"NO_CONVERSATION", "CONTACT_NOT_REGISTERED"}
MOST_BYTES = 20 * 1024 * 1024
MEGABYTE = 1024 * 1024
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


async def words(visit: Visit) -> list[Message]:
    """Take typed words: a My Number for nothing, a code for a code, all else for an answer."""
    text = visit.event.text
    if has_my_number(text):
        return messages.refusal("MY_NUMBER_REFUSED", visit.language)
    if code := code_in(text):
        return codes.which(visit, code)
    if not text.strip():
        return await unreadable(visit)
    return await _said(visit, partial(AnswerInChatRequest, text=text))


async def code(visit: Visit, code: str) -> list[Message]:
    """Take what looked like a code for an answer."""
    return await _said(visit, partial(AnswerInChatRequest, text=code))


async def place(visit: Visit) -> list[Message]:
    found = visit.event.place
    if found is None:
        return await unreadable(visit)
    turn = await _asked(visit)
    if turn is None:
        return help(visit)
    if turn.prompt.input.WhichOneof("kind") != "place":
        return _again("not_asked_place", turn, visit)
    address = found.address[:200]
    given = Place(latitude=found.latitude, longitude=found.longitude, address=address)
    return await _said(visit, partial(AnswerInChatRequest, place=given))


async def file(visit: Visit) -> list[Message]:
    """Take a photograph or file for the answer, where files are asked for."""
    turn = await _asked(visit)
    if turn is None:
        return help(visit)
    if turn.prompt.sensitive or turn.prompt.input.WhichOneof("kind") != "files":
        return _again("not_asked_file", turn, visit)
    most = turn.prompt.input.files.most_bytes or MOST_BYTES
    try:
        found = await visit.account.contents.fetch(visit.event.message_id, most)
    except ContentTooLarge:
        megabytes = max(1, most // MEGABYTE)
        return _again("file_too_large", turn, visit, megabytes=megabytes)
    except ContentGone:
        return _again("file_gone", turn, visit)
    return await _attach(visit, turn.prompt, found)


async def unreadable(visit: Visit) -> list[Message]:
    """Answer a sticker, a voice, a video: they are no answers, so it is asked again."""
    turn = await _asked(visit)
    return help(visit) if turn is None else _again("not_readable", turn, visit)


async def waiting(visit: Visit) -> list[Message]:
    """Say again what is waiting for an answer."""
    turn = await _asked(visit)
    if turn is not None:
        return turns.say(visit, turn)
    # The menu that said so is not the right one.
    state = State.REGISTERED if visit.contact.registered else State.NEW
    visit.account.menus.want(visit.event.contact, state)
    said = messages.texts(wording.say("line_procedures", "waiting_none", visit.language))
    return messages.with_quick_replies(said, [messages.procedures_button(visit.language)])


def help(visit: Visit) -> list[Message]:
    """Answer what nothing was asked for."""
    return messages.help(
        is_registered=visit.contact.registered,
        language=visit.language,
        renewal_due=visit.contact.renewal_due,
        has_app=visit.account.has_app,
    )


async def _said(visit: Visit, make: partial[AnswerInChatRequest]) -> list[Message]:
    request = make(external_id=visit.event.contact, request_id=visit.event.id)
    try:
        answered = await visit.core.ask(visit.core.applications.AnswerInChat, request)
    except CoreError as error:
        if error.reason not in NOTHING_ASKED:
            raise
        return help(visit)
    return turns.say(visit, answered.turn)


async def _asked(visit: Visit) -> Turn | None:
    """Return what was asked here last; None where nothing is."""
    try:
        return await talking.standing(visit)
    except CoreError as error:
        if error.reason not in NOTHING_ASKED:
            raise
        return None


def _again(name: str, turn: Turn, visit: Visit, **places: object) -> list[Message]:
    """Say why it was not taken, and ask again."""
    said = messages.texts(wording.say(SECTION, name, visit.language, **places))
    return messages.within([*said, *turns.say(visit, turn)])


async def _attach(visit: Visit, prompt: Prompt, found: Content) -> list[Message]:
    """Answer with a file, beside those of the answer that stands where there is room."""
    attachment = await _upload(visit, prompt, found)
    held = list(prompt.current.files.attachment_ids)
    if held and len(held) < prompt.input.files.most:
        return await talking.give_files(visit, prompt, [*held, attachment])
    return await _said(visit, partial(AnswerInChatRequest, attachment_id=attachment))


async def _upload(visit: Visit, prompt: Prompt, found: Content) -> str:
    ending = ENDINGS.get(found.media_type, "bin")
    header = AttachmentHeader(
        speaker=visit.speaker,
        application_id=prompt.application_id,
        step=prompt.step,
        file_name=visit.event.file_name[-255:] or f"{visit.event.message_id}.{ending}",
        request_id=f"{visit.event.id}:file",
    )

    async def parts() -> AsyncIterator[UploadAttachmentRequest]:
        yield UploadAttachmentRequest(header=header)
        for chunk in found.chunks():
            yield UploadAttachmentRequest(chunk=chunk)

    uploaded = await visit.core.upload(visit.core.applications.UploadAttachment, parts())
    return uploaded.attachment_id
