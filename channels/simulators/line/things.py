"""What a person sends beside words: photographs, files, places, stickers; and what they unsend."""

import base64
import binascii
import sqlite3
from dataclasses import dataclass
from typing import Any

from channels.simulators.line import chat, people
from channels.simulators.line.doings import Deed, Doing, NoSuchAction, refuse_blocked

WITH_CONTENT = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/x-m4a",
    "file": "application/octet-stream",
}
"""What is sent as bytes, and the media type where none is told."""
STICKER = {"packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC"}
DURATION = 3_000


class BadThing(Exception):  # noqa: N818 - named for what it is, not as an error.
    """What is to be sent lacks something."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The bytes of something that was sent."""

    media_type: str
    body: bytes


def send(body: dict[str, Any]) -> Deed:
    """Send something; `body` has its `type` and what that needs. Raises BadThing."""
    kind = body.get("type")
    if kind in WITH_CONTENT:
        message, kept = _with_content(kind, body)
    elif kind == "location":
        message, kept = _location(body), None
    elif kind == "sticker":
        message, kept = {"type": "sticker", **STICKER}, None
    else:
        raise BadThing(f"type must be one of {', '.join((*WITH_CONTENT, 'location', 'sticker'))}")

    def deed(doing: Doing) -> dict[str, Any]:
        refuse_blocked(doing)
        people.wrote(doing.db, doing.person_id, doing.at)
        id = chat.keep_own(doing.db, doing.person_id, doing.at, message)
        if kept is not None:
            _keep(doing.db, id, kept)
        return {"message_id": id, **doing.tell("message", {"message": {**message, "id": id}})}

    return deed


def unsend(message_id: str) -> Deed:
    """Take back something of one's own: the account is told, and LINE gives its content no more."""

    def deed(doing: Doing) -> dict[str, Any]:
        if not chat.hide_own(doing.db, doing.person_id, message_id):
            raise NoSuchAction(f"this chat shows no message {message_id} of this person")
        doing.db.execute("DELETE FROM contents WHERE message_id = ?", (message_id,))
        told = {"unsend": {"messageId": message_id}}
        return doing.tell("unsend", told, can_reply=False)

    return deed


def content_of(db: sqlite3.Connection, message_id: str) -> Kept | None:
    row = db.execute(
        "SELECT media_type, body FROM contents WHERE message_id = ?", (message_id,)
    ).fetchone()
    return Kept(str(row[0]), bytes(row[1])) if row else None


def _keep(db: sqlite3.Connection, message_id: str, kept: Kept) -> None:
    db.execute(
        "INSERT INTO contents (message_id, media_type, body) VALUES (?, ?, ?)",
        (message_id, kept.media_type, kept.body),
    )


def _with_content(kind: str, body: dict[str, Any]) -> tuple[dict[str, Any], Kept]:
    try:
        content = base64.b64decode(str(body.get("content", "")), validate=True)
    except binascii.Error as wrong:
        raise BadThing("content must be base64") from wrong
    if not content:
        raise BadThing("content must not be empty")
    kept = Kept(str(body.get("media_type") or WITH_CONTENT[kind]), content)
    if kind == "file":
        name = str(body.get("file_name") or "file")
        return {"type": "file", "fileName": name, "fileSize": len(content)}, kept
    message: dict[str, Any] = {"type": kind, "contentProvider": {"type": "line"}}
    if kind != "image":
        message["duration"] = DURATION
    return message, kept


def _location(body: dict[str, Any]) -> dict[str, Any]:
    try:
        place = {name: float(body[name]) for name in ("latitude", "longitude")}
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadThing("a location needs latitude and longitude") from wrong
    named = {name: str(body[name]) for name in ("title", "address") if body.get(name)}
    return {"type": "location", **named, **place}
