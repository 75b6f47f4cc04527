"""Forms with files of circulars: each goes on to the core as it comes."""

from collections.abc import AsyncIterator

from starlette.requests import Request

from channels import forms
from channels.board import desk, sessions, speaking
from channels.board.pages import board
from channels.forms import Form, require_ours
from channels.multipart import MEGABYTE, MOST_TEXT, Part, TooLarge, parts
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_BYTES = 10 * MEGABYTE
MOST_FILES = 5
"""So many at once; a circular has more by being saved and changed."""

OF_THE_FILE = ("ATTACHMENT_REFUSED", "TOO_MANY_ATTEMPTS")
"""What can be wrong with one file: what it is, or that it is one too many today."""

CHUNK = 256 * 1024


Refused = list[tuple[str, CoreError]]
"""Files that the core does not take, by the names they came with."""


async def take(request: Request, form: Form) -> Refused:
    """Read into a form of this session, and hand each of its files to the core as it comes.

    What was uploaded stands among the form's files. A file that is refused keeps nothing that
    comes behind it from being read. Raises TooLarge, NotOurForm, CoreError.
    """
    refused: Refused = []
    most = MOST_BYTES * MOST_FILES + 16 * MOST_TEXT
    request.state.most_bytes = most
    if int(request.headers.get("content-length") or 0) > most:
        raise TooLarge
    csrf = sessions.of(request).csrf
    async with board(request).uploading:
        async for part in parts(request, MOST_BYTES):
            if part.file_name is None:
                said = part.body.decode("utf-8", "replace").strip()
                form.setdefault(part.name, []).append(said)
            elif part.file_name:
                require_ours(form, csrf)
                try:
                    made = await _upload(request, form, part)
                except CoreError as error:
                    if error.reason not in OF_THE_FILE:
                        raise
                    refused.append((part.file_name[:100], error))
                    continue
                form.setdefault("file", []).append(made.file_id)
                form[f"file_name.{made.file_id}"] = [made.file.file_name]
    require_ours(form, csrf)
    return refused


async def _upload(request: Request, form: Form, part: Part) -> pb.UploadCircularFileResponse:
    body = bytes(part.body)
    header = pb.CircularFileHeader(
        speaker=speaking.own(request),
        association_id=desk.association(request),
        file_name=(part.file_name or "")[-255:],
        request_id=forms.repeated(form, body),
    )

    async def sending() -> AsyncIterator[pb.UploadCircularFileRequest]:
        yield pb.UploadCircularFileRequest(header=header)
        for at in range(0, len(body), CHUNK):
            yield pb.UploadCircularFileRequest(chunk=body[at : at + CHUNK])

    core = board(request).core
    made: pb.UploadCircularFileResponse = await core.upload(
        core.circulars.UploadCircularFile, sending()
    )
    return made
