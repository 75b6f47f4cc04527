"""Forms with files of circulars: each goes on to the core as it comes."""

from starlette.requests import Request

from channels import forms
from channels.board import desk, sessions, speaking
from channels.board.pages import board
from channels.forms import Form
from channels.multipart import MEGABYTE, Part, files_of
from todoke.client import CoreError
from todoke.uploads import parts_of, pieces_of
from todoke.v1 import circulars_pb2 as pb

MOST_BYTES = 10 * MEGABYTE
MOST_FILES = 5
"""So many at once; a circular has more by being saved and changed."""

OF_THE_FILE = ("ATTACHMENT_REFUSED", "TOO_MANY_ATTEMPTS")
"""What can be wrong with one file: what it is, or that it is one too many today."""

MOST_TEXTS = 16
"""A circular's fields are so many times as long as one may be."""

Refused = list[tuple[str, CoreError]]
"""Files that the core does not take, by the names they came with."""


async def take(request: Request, form: Form) -> Refused:
    """Read into a form of this session, and hand each of its files to the core as it comes.

    What was uploaded stands among the form's files. A file that is refused keeps nothing that
    comes behind it from being read. Raises TooLarge, NotOurForm, CoreError.
    """
    refused: Refused = []
    files = files_of(
        request, form, sessions.of(request).csrf,
        most_bytes=MOST_BYTES, most_files=MOST_FILES, most_texts=MOST_TEXTS,
    )  # fmt: skip
    async with board(request).uploading:
        async for part in files:
            try:
                made = await _upload(request, form, part)
            except CoreError as error:
                if error.reason not in OF_THE_FILE:
                    raise
                refused.append(((part.file_name or "")[:100], error))
                continue
            form.setdefault("file", []).append(made.file_id)
            form[f"file_name.{made.file_id}"] = [made.file.file_name]
    return refused


async def _upload(request: Request, form: Form, part: Part) -> pb.UploadCircularFileResponse:
    body = bytes(part.body)
    header = pb.CircularFileHeader(
        speaker=speaking.own(request),
        association_id=desk.association(request),
        file_name=(part.file_name or "")[-255:],
        request_id=forms.repeated(form, body),
    )
    core = board(request).core
    parts = parts_of(pb.UploadCircularFileRequest, header, pieces_of(body))
    made: pb.UploadCircularFileResponse = await core.upload(
        core.circulars.UploadCircularFile, parts
    )
    return made
