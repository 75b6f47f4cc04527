"""Files on their way to the core: held in memory one at a time, never on a disk of this machine."""

from starlette.requests import Request

from channels.multipart import MEGABYTE, TooLarge, files_of
from channels.web import forms, sessions
from channels.web.forms import Form
from channels.web.pages import web
from todoke.uploads import parts_of, pieces_of
from todoke.v1 import applications_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

USUAL_BYTES = 10 * MEGABYTE
__all__ = ["MEGABYTE", "TooLarge", "take", "upload"]


async def take(
    request: Request, speaker: Speaker, *, application: str, step: str, most_bytes: int, most: int
) -> Form:
    """Read a form of this session, and hand each of its files to the core as it comes.

    What was uploaded stands among the form's attachments. Raises TooLarge, NotOurForm, CoreError.
    """
    form = Form()
    files = files_of(
        request, form, sessions.of(request).csrf, most_bytes=most_bytes, most_files=most
    )
    async with web(request).uploading:
        async for part in files:
            header = pb.AttachmentHeader(
                speaker=speaker,
                application_id=application,
                step=step,
                file_name=(part.file_name or "")[-255:],
                request_id=forms.repeated(form, bytes(part.body)),
            )
            id = await upload(request, header, bytes(part.body))
            form.setdefault("attachment", []).append(id)
    return form


async def upload(request: Request, header: pb.AttachmentHeader, body: bytes) -> str:
    """Hand a file to the core; returns its id there. Raises CoreError."""
    core = web(request).core
    parts = parts_of(pb.UploadAttachmentRequest, header, pieces_of(body))
    made = await core.upload(core.applications.UploadAttachment, parts)
    return made.attachment_id
