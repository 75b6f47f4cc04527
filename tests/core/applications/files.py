"""Procedures that ask for files, and how tests send and fetch them."""

from tests.core.applications.talks import Talk
from tests.makers import a_request_id
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb

HELMET = """
key: helmet
version: 1
title: {ja: ヘルメット購入補助, en: Helmets}
languages: [ja, en]
steps:
  - key: shop
    says: {ja: お店の名前を教えてください。, en: Which shop}
    label: {ja: お店, en: Shop}
    text: {most: 40}
  - key: receipt
    says: {ja: 領収書の写真を送ってください。, en: The receipt}
    label: {ja: 領収書, en: Receipt}
    photo: {most: 2}
  - key: paper
    says: {ja: 書類を送ってください。, en: The papers}
    label: {ja: 書類, en: Papers}
    optional: true
    file: {types: [pdf], megabytes: 1}
"""
"""Asks for a receipt as photographs, and for a paper as a small PDF."""


def parts(
    talk: Talk, id: str, step: str, content: bytes, *, name: str = "a.jpg", request_id: str = ""
):
    header = pb.AttachmentHeader(
        speaker=talk.speaker, application_id=id, step=step, file_name=name,
        request_id=request_id or a_request_id(),
    )  # fmt: skip

    async def stream():
        yield pb.UploadAttachmentRequest(header=header)
        for start in range(0, len(content), 65536):
            yield pb.UploadAttachmentRequest(chunk=content[start : start + 65536])

    return stream()


async def upload(
    talk: Talk, id: str, step: str, content: bytes, **told: str
) -> pb.UploadAttachmentResponse:
    core = talk.core
    stream = parts(talk, id, step, content, **told)
    return await core.upload(core.applications.UploadAttachment, stream)


async def download(core: Core, id: str, talk: Talk | None = None) -> tuple[str, bytes]:
    """Return the media type and the bytes."""
    request = pb.DownloadAttachmentRequest(attachment_id=id)
    if talk:
        request.speaker.CopyFrom(talk.speaker)
    media_type, content = "", b""
    async for part in core.watch(core.applications.DownloadAttachment, request):
        media_type = media_type or part.file.media_type
        content += part.chunk
    return media_type, content
