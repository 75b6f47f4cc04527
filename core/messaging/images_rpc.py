"""The part of CampaignService about images of messages."""

import hashlib
from collections.abc import AsyncIterator

from sqlalchemy.orm import Session

from core.attachments.cleaning import JPEG, PNG, NotTaken
from core.attachments.making import Made, Maker
from core.attachments.rules import AttachmentRefused
from core.attachments.upload import content_of, header_of
from core.db import Database
from core.messaging import images
from core.messaging.images import Narrowed
from core.messaging.rows import Image, get_image
from core.wire.door import Call
from core.wire.once_only import OnceOnly
from core.wire.uploads import Upload, read_to_the_end
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.files_pb2 import FileHeader

CHUNK = 64 * 1024
METHOD = "CampaignService.UploadImage"
TAKEN = (JPEG, PNG)


class Images:
    """Takes images and shows them."""

    db: Database
    files: Maker
    narrowed: Narrowed
    most_bytes: int

    async def UploadImage(
        self, requests: AsyncIterator[pb.UploadImageRequest], call: Call
    ) -> pb.UploadImageResponse:
        """Take an image between two transactions, as residents' files are taken."""
        async with read_to_the_end(requests):
            header = await header_of(requests, pb.ImageHeader)
            upload = Upload(header, await content_of(requests, most=self.most_bytes))
        asked = OnceOnly(self.db, call, METHOD, upload, pb.UploadImageResponse)
        kept = await asked.kept()
        if kept is not None:
            return kept
        try:
            made = await self.files.make(upload.content, TAKEN)
        except NotTaken as wrong:
            raise AttachmentRefused(
                f"the image is not taken: {wrong.problem}",
                problem=wrong.problem,
                limit=wrong.limit,
            ) from None
        return await asked.make(lambda s: _keep(s, header, call, made))

    async def DownloadImage(
        self, request: pb.DownloadImageRequest, call: Call
    ) -> AsyncIterator[pb.DownloadImageResponse]:
        def read(session: Session) -> Image:
            image = get_image(session, call.caller.municipality, request.image_id)
            _ = image.content  # Loaded while there is a transaction.
            return image

        image = await self.db.read(read)
        content = await self.narrowed.of(image, request.width)
        yield pb.DownloadImageResponse(file=header_for(image, content))
        for start in range(0, len(content), CHUNK):
            yield pb.DownloadImageResponse(chunk=content[start : start + CHUNK])


def _keep(
    session: Session, header: pb.ImageHeader, call: Call, made: Made
) -> pb.UploadImageResponse:
    image = images.keep(session, call.caller, made, file_name=header.file_name, now=call.now)
    return pb.UploadImageResponse(image_id=image.id, file=header_for(image, made.content))


def header_for(image: Image, content: bytes) -> FileHeader:
    return FileHeader(
        file_name=image.file_name,
        media_type=image.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
