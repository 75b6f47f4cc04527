"""Files on their way to the core: held in memory one at a time, never on a disk of this machine."""

from collections.abc import AsyncIterator

from starlette.requests import Request

from channels.forms import require_ours
from channels.multipart import MEGABYTE, MOST_TEXT, TooLarge, parts
from channels.web import forms, sessions
from channels.web.forms import Form
from channels.web.pages import web
from todoke.v1 import applications_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

USUAL_BYTES = 10 * MEGABYTE
__all__ = ["MEGABYTE", "TooLarge", "take", "upload"]

CHUNK = 256 * 1024


async def take(
    request: Request, speaker: Speaker, *, application: str, step: str, most_bytes: int, most: int
) -> Form:
    """Read a form of this session, and hand each of its files to the core as it comes.

    On our pages the fields come before the files: a file of no form of ours is never taken. What
    was uploaded stands among the form's attachments. Raises TooLarge, NotOurForm, CoreError.
    """
    whole = most_bytes * most + MOST_TEXT
    request.state.most_bytes = whole
    if int(request.headers.get("content-length") or 0) > whole:
        raise TooLarge
    form, csrf = Form(), sessions.of(request).csrf
    async with web(request).uploading:
        async for part in parts(request, most_bytes):
            if part.file_name is None:
                said = part.body.decode("utf-8", "replace").strip()
                form.setdefault(part.name, []).append(said)
            elif part.file_name:
                require_ours(form, csrf)
                header = pb.AttachmentHeader(
                    speaker=speaker,
                    application_id=application,
                    step=step,
                    file_name=part.file_name[-255:],
                    request_id=forms.repeated(form, bytes(part.body)),
                )
                id = await upload(request, header, bytes(part.body))
                form.setdefault("attachment", []).append(id)
    require_ours(form, csrf)
    return form


async def upload(request: Request, header: pb.AttachmentHeader, body: bytes) -> str:
    """Hand a file to the core; returns its id there. Raises CoreError."""

    async def sending() -> AsyncIterator[pb.UploadAttachmentRequest]:
        yield pb.UploadAttachmentRequest(header=header)
        for at in range(0, len(body), CHUNK):
            yield pb.UploadAttachmentRequest(chunk=body[at : at + CHUNK])

    core = web(request).core
    made = await core.upload(core.applications.UploadAttachment, sending())
    return made.attachment_id
