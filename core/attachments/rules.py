"""What files are not taken or shown."""

from core.errors import BadRequest, NotFound


class AttachmentRefused(BadRequest):
    """Metadata hold the `problem`, and the `limit` that it went beyond."""

    reason = "ATTACHMENT_REFUSED"


class AttachmentUnknown(NotFound):
    reason = "ATTACHMENT_UNKNOWN"
