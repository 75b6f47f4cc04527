"""What a person sends beside words: photographs, files, places, stickers; and what they unsend."""

import base64
import binascii
import secrets
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
MOST_AT_ONCE = 50


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
    if kind == "images":
        return _send_set(body)
    if kind in WITH_CONTENT:
        message, kept = _with_content(kind, body)
    elif kind == "location":
        message, kept = _location(body), None
    elif kind == "sticker":
        message, kept = {"type": "sticker", **STICKER}, None
    else:
        others = ("images", "location", "sticker")
        raise BadThing(f"type must be one of {', '.join((*WITH_CONTENT, *others))}")

    def deed(doing: Doing) -> dict[str, Any]:
        refuse_blocked(doing)
        people.wrote(doing.db, doing.person_id, doing.at)
        return _sent(doing, message, kept)

    return deed


def _send_set(body: dict[str, Any]) -> Deed:
    """Send photographs at once: LINE tells of each by itself, in the `order` of their numbers.

    A number that `order` leaves out is never told of.
    """
    contents = body.get("contents")
    if not isinstance(contents, list) or not 2 <= len(contents) <= MOST_AT_ONCE:
        raise BadThing(f"contents must be a list of 2 to {MOST_AT_ONCE} photographs, in base64")
    total = len(contents)
    order = body.get("order") or list(range(1, total + 1))
    if not isinstance(order, list) or not all(one in range(1, total + 1) for one in order):
        raise BadThing("order must be a list of numbers from 1")
    media_type = body.get("media_type")
    found = [
        _with_content("image", {"content": content, "media_type": media_type})
        for content in contents
    ]
    set_id = secrets.token_hex(16).upper()

    def deed(doing: Doing) -> dict[str, Any]:
        refuse_blocked(doing)
        people.wrote(doing.db, doing.person_id, doing.at)
        answers = []
        for number in order:
            message, kept = found[number - 1]
            place = {"id": set_id, "index": number, "total": total}
            answers.append(_sent(doing, {**message, "imageSet": place}, kept))
        return {"sent": answers}

    return deed


def _sent(doing: Doing, message: dict[str, Any], kept: Kept | None) -> dict[str, Any]:
    id = chat.keep_own(doing.db, doing.person_id, doing.at, message)
    if kept is not None:
        _keep(doing.db, id, kept)
    return {"message_id": id, **doing.tell("message", {"message": {**message, "id": id}})}


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
