"""What a person does on the phone: follow, block, write, tap. Each is done once per action id."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from channels.simulators.line import actions, chat, events, people
from channels.simulators.line.events import Pending


class CannotNow(Exception):  # noqa: N818 - named for the event, not as an error.
    """LINE would not let a person do this in the present state of things."""


class NoSuchAction(Exception):  # noqa: N818 - named for the event, not as an error.
    """The chat shows no such message, or the message no such button."""


@dataclass(slots=True)
class Doing:
    """A person doing something at a time (ms); `told` collects what the account is to be told."""

    db: sqlite3.Connection
    person_id: str
    at: int
    token_life: int
    told: list[Pending] = field(default_factory=list)

    def tell(self, kind: str, content: dict[str, Any], *, can_reply: bool = True) -> dict[str, Any]:
        event = events.record(
            self.db,
            person_id=self.person_id,
            kind=kind,
            content=content,
            at=self.at,
            token_life=self.token_life if can_reply else None,
        )
        self.told.append(event)
        return {"event_id": event.id}


Deed = Callable[[Doing], dict[str, Any]]


def once(
    db: sqlite3.Connection, doing: Doing, action_id: str, deed: Deed
) -> tuple[dict[str, Any], list[Pending]]:
    """Do a deed, or find the answer it got before; raises NoSuchPerson and what the deed raises."""
    row = db.execute(
        "SELECT answer FROM actions WHERE person_id = ? AND action_id = ?",
        (doing.person_id, action_id),
    ).fetchone()
    if row:
        return json.loads(row[0]), []
    answer = deed(doing)
    keep(db, doing.person_id, action_id, answer)
    return answer, doing.told


def keep(db: sqlite3.Connection, person_id: str, action_id: str, answer: dict[str, Any]) -> None:
    db.execute(
        "INSERT OR IGNORE INTO actions (person_id, action_id, answer) VALUES (?, ?, ?)",
        (person_id, action_id, json.dumps(answer, ensure_ascii=False)),
    )


def find(db: sqlite3.Connection, person_id: str, action_id: str) -> dict[str, Any] | None:
    row = db.execute(
        "SELECT answer FROM actions WHERE person_id = ? AND action_id = ?", (person_id, action_id)
    ).fetchone()
    return json.loads(row[0]) if row else None


def follow(doing: Doing) -> dict[str, Any]:
    """Become a friend, or end a block; nothing happens to one who is a friend."""
    state = people.get(doing.db, doing.person_id).state
    if state == "friend":
        return {}
    people.move(doing.db, doing.person_id, "friend")
    return doing.tell("follow", {"follow": {"isUnblocked": state == "blocked"}})


def unfollow(doing: Doing) -> dict[str, Any]:
    """Block the account; nothing happens to a stranger."""
    if people.get(doing.db, doing.person_id).state != "friend":
        return {}
    people.move(doing.db, doing.person_id, "blocked")
    return doing.tell("unfollow", {}, can_reply=False)


def say(text: str) -> Deed:
    """Write something in the chat."""

    def deed(doing: Doing) -> dict[str, Any]:
        refuse_blocked(doing)
        people.wrote(doing.db, doing.person_id, doing.at)
        id = chat.keep_own(doing.db, doing.person_id, doing.at, {"type": "text", "text": text})
        message = {"type": "text", "id": id, "quoteToken": f"q{id}", "text": text}
        return {"message_id": id, **doing.tell("message", {"message": message})}

    return deed


def tap(message_id: str, *, index: int | None, data: str | None, picked: str = "") -> Deed:
    """Tap a button, named by its place among the message's actions or by its postback data.

    `picked` is what was chosen of a picker.
    """

    def deed(doing: Doing) -> dict[str, Any]:
        refuse_blocked(doing)
        return act_on(doing, _find(doing, message_id, index, data), picked=picked)

    return deed


def act_on(doing: Doing, action: dict[str, Any], *, picked: str) -> dict[str, Any]:
    """Do what a button's action says.

    The answer has `open` where it opens a page, and `wants` where the phone is to send something or
    to pick a time: those tell the account nothing yet.
    """
    kind = action["type"]
    if kind == "uri":
        return {"open": action["uri"]}
    if kind in {"camera", "cameraRoll", "location"}:
        return {"wants": kind}
    if kind == "message":
        return say(action["text"])(doing)
    postback = {"data": action["data"]}
    if kind == "datetimepicker":
        if not picked:
            return {"wants": kind}
        if not action.get("min", "") <= picked <= action.get("max", picked):
            raise CannotNow("the picker does not offer this")
        return doing.tell(
            "postback", {"postback": {**postback, "params": {action["mode"]: picked}}}
        )
    shown = action.get("displayText") or action.get("text")
    if shown:
        chat.keep_own(doing.db, doing.person_id, doing.at, {"type": "text", "text": shown})
    return doing.tell("postback", {"postback": postback})


def refuse_blocked(doing: Doing) -> None:
    if people.get(doing.db, doing.person_id).state == "blocked":
        raise CannotNow("this person blocks the account; let them follow it first")


def _find(doing: Doing, message_id: str, index: int | None, data: str | None) -> dict[str, Any]:
    message = chat.find_sent(doing.db, doing.person_id, message_id)
    if message is None:
        raise NoSuchAction(f"this chat shows no message {message_id} of the account")
    offered = actions.offered(message)
    for place, action in enumerate(offered):
        if place == index or (data is not None and action.get("data") == data):
            return action
    wanted = f"action {index}" if data is None else "postback data like this"
    raise NoSuchAction(f"message {message_id} has {len(offered)} actions, and no {wanted}")
