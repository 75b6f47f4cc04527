"""A circular is written in the chat, question by question, with a way back from each."""

from channels.line import asked
from channels.line.content import Content, ContentGone, ContentTooLarge
from channels.line.leading import asking, drafts, reviewing, seats, steps
from channels.line.leading.seats import button, say
from channels.line.messages import Message, card
from channels.line.typed import asks_by_word
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.uploads import parts_of, pieces_of
from todoke.v1 import circulars_pb2 as pb

KINDS = {
    "notice": pb.CIRCULAR_KIND_NOTICE,
    "attendance": pb.CIRCULAR_KIND_ATTENDANCE,
    "survey": pb.CIRCULAR_KIND_SURVEY,
    "vote": pb.CIRCULAR_KIND_VOTE,
}
MOST_BYTES = 20 * 1024 * 1024
MEGABYTE = 1024 * 1024
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


class NotTaken(Exception):  # noqa: N818 - named for the event, not as an error.
    """What was sent cannot be one of a circular's files; it says why."""


async def kinds(visit: Visit, association_id: str) -> list[Message]:
    """Ask what it shall be."""
    language, there = visit.language, await seats.writing(visit, association_id)
    buttons = [
        button(f"kind_{kind}", language, Verb.WRITE_KIND, association_id, kind) for kind in KINDS
    ]
    stop = button("stop", language, Verb.LEAD_AT, association_id)
    return [card(there.association.name, [say("kinds", language)], [*buttons, stop])]


async def begin(visit: Visit, association_id: str, kind: str) -> list[Message]:
    """Keep a draft to all whom the speaker leads, and ask for its title."""
    there = await seats.writing(visit, association_id)
    targets = pb.Targets(everybody=there.leads)
    if not there.leads:
        targets.group_ids.extend(one.group_id for one in there.led_groups)
    content = pb.CircularContent(title=say(f"title_{kind}", visit.language))
    if kind == "vote":
        content.vote.electorate = pb.ELECTORATE_HOUSEHOLDS
    draft = await drafts.begin(visit, association_id, KINDS[kind], content, targets)
    return asking.show(visit, draft)


async def ask(visit: Visit, circular_id: str, what: str) -> list[Message]:
    """Ask for something of a draft, such as its title; what does not fit its kind is not asked."""
    if not steps.fits(await drafts.get(visit, circular_id), what):
        return await reviewing.show(visit, circular_id)

    def edit(request: pb.SaveCircularRequest) -> None:
        request.asked = what

    return asking.show(visit, await drafts.change(visit, circular_id, edit))


async def words(visit: Visit, draft: pb.Circular) -> list[Message]:
    """Take typed words for what was asked for a draft."""
    text = visit.event.text.strip()
    if asks_by_word(text, seats.SECTION, "typed_stop"):
        return await stop(visit, draft.circular_id)
    if draft.asked in {"files", "rules", "due"}:
        return asking.show(visit, draft, say(f"wants_{draft.asked}", visit.language))
    if steps.is_full(draft):
        return asking.show(
            visit, draft, say("choices_most", visit.language, limit=steps.MOST_OPTIONS)
        )
    if limit := steps.too_long(draft.asked, text):
        return asking.show(visit, draft, say(f"{draft.asked}_long", visit.language, limit=limit))
    kept = await drafts.change(visit, draft.circular_id, lambda request: steps.take(request, text))
    return asking.show(visit, kept) if kept.asked else await reviewing.show(visit, kept.circular_id)


async def file(visit: Visit) -> list[Message] | None:
    """Take a photograph or a PDF for the draft that something was asked for; None without one."""
    draft = await drafts.asked(visit)
    if draft is None:
        return None
    language = visit.language
    if len(draft.content.file_ids) >= drafts.MOST_FILES:
        return asking.show(visit, draft, say("files_most", language, limit=drafts.MOST_FILES))
    try:
        file_id = await _fetch(visit, draft.association_id)
    except NotTaken as wrong:
        return asking.show(visit, draft, str(wrong))

    def edit(request: pb.SaveCircularRequest) -> None:
        files = request.content.file_ids
        if file_id not in files and len(files) < drafts.MOST_FILES:
            files.append(file_id)

    kept = await drafts.change(visit, draft.circular_id, edit)
    place = visit.event.image_set
    if place is not None and place.number < place.total:
        # Of photographs that were sent at once, the last is answered.
        return []
    if not kept.asked:
        return await reviewing.show(visit, kept.circular_id)
    return asking.show(visit, kept, say("files_now", language, count=len(kept.content.file_ids)))


async def _fetch(visit: Visit, association_id: str) -> str:
    """Fetch what was sent and bring it to the core. Raises NotTaken."""
    language = visit.language
    try:
        found = await visit.account.contents.fetch(visit.event.message_id, MOST_BYTES)
        return await _upload(visit, association_id, found)
    except ContentTooLarge:
        raise NotTaken(say("file_large", language, megabytes=MOST_BYTES // MEGABYTE)) from None
    except ContentGone:
        raise NotTaken(say("file_gone", language)) from None
    except CoreError as error:
        if error.reason != "ATTACHMENT_REFUSED":
            raise
        raise NotTaken(say("file_refused", language)) from None


async def _upload(visit: Visit, association_id: str, found: Content) -> str:
    ending = ENDINGS.get(found.media_type, "bin")
    header = pb.CircularFileHeader(
        speaker=visit.speaker,
        association_id=association_id,
        file_name=visit.event.file_name[-255:] or f"{visit.event.message_id}.{ending}",
        request_id=f"{visit.event.id}:file",
    )
    parts = parts_of(pb.UploadCircularFileRequest, header, pieces_of(found.body))
    uploaded = await visit.core.upload(visit.core.circulars.UploadCircularFile, parts)
    return uploaded.file_id


async def no_files(visit: Visit, circular_id: str) -> list[Message]:
    """Take its files away from a draft."""

    def edit(request: pb.SaveCircularRequest) -> None:
        del request.content.file_ids[:]
        request.asked = ""

    await drafts.change(visit, circular_id, edit)
    return await reviewing.show(visit, circular_id)


async def put_down(visit: Visit) -> None:
    """Ask nothing here any more: something else is asked from now on."""
    found = await asked.found(visit)
    if found.HasField("asked"):
        await asked.nothing(visit)
    if found.HasField("circular"):
        await drafts.change(visit, found.circular.circular_id, reviewing.ask_nothing)


async def stop(visit: Visit, circular_id: str) -> list[Message]:
    """Leave the draft as it is; what is sent next is nothing for it."""
    draft = await drafts.change(visit, circular_id, reviewing.ask_nothing)
    language = visit.language
    return seats.said(
        say("kept", language, title=draft.content.title),
        language,
        button("go_on", language, Verb.DRAFT, circular_id),
        button("title", language, Verb.LEAD_AT, draft.association_id),
    )
