"""A resident's chat with the adapter: taps and texts, and what stands on the phone then."""

import json
from dataclasses import dataclass
from typing import Any

from channels.simulators.line import messages as line
from channels.simulators.line.checks import Checks
from tests.channels.line.adapter import HANAKO, Running, a_press, again, an_event
from todoke.v1.records_pb2 import GetRecordResponse, ResidentRecord
from todoke.v1.residents_pb2 import CONTACT_STATE_REACHABLE, Contact

CONTACT = "0198c0de-0000-7000-8000-00000000000c"
DELIVERIES = 5
SELF = "0198c0de-0000-7000-8000-0000000000aa"


@dataclass
class Said:
    """An answer in the chat."""

    messages: Any

    @property
    def words(self) -> str:
        return json.dumps(self.messages, ensure_ascii=False)

    @property
    def actions(self) -> list[dict[str, str]]:
        return [
            part for part in self.parts if part.get("type") in {"postback", "uri", "datetimepicker"}
        ]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Every object within the messages."""
        return _parts(self.messages)

    @property
    def data(self) -> list[str]:
        return [action["data"] for action in self.actions if action["type"] != "uri"]

    @property
    def links(self) -> list[str]:
        return [action["uri"] for action in self.actions if action["type"] == "uri"]

    def starting(self, prefix: str) -> str:
        """Return the data of the one button whose verb this is."""
        [found] = [data for data in self.data if data.startswith(prefix)]
        return found


def wrong(made: Any) -> list[str]:
    """List what LINE would refuse."""
    checks = Checks()
    line.check(checks, made)
    return [f"{found.property}: {found.message}" for found in checks.found]


async def happen(adapter: Running, event: Any) -> Said:
    """Deliver an event, again as LINE does what takes too long, and read the answer."""
    before = len(adapter.line.sent)
    for _ in range(DELIVERIES):
        if await adapter.deliver(event) == 200:
            break
        event = again(event)
    [sent] = adapter.line.sent[before:]
    assert wrong(sent.body["messages"]) == []
    return Said(sent.body["messages"])


async def tap(adapter: Running, data: str, **more: Any) -> Said:
    return await happen(adapter, a_press(data, **more))


async def write(adapter: Running, text: str) -> Said:
    return await happen(adapter, an_event("message", message={"type": "text", "text": text}))


def register(adapter: Running, *, language: str = "ja", **more: Any) -> Contact:
    """Let the core know Hanako as a registered resident."""
    contact = Contact(
        contact_id=CONTACT,
        external_id=HANAKO,
        state=CONTACT_STATE_REACHABLE,
        registered=True,
        language=language,
        **more,
    )
    adapter.core.contacts[HANAKO] = contact
    return contact


def hold(adapter: Running, **parts: Any) -> ResidentRecord:
    """Let the core hold a record of Hanako, with facts that the chat must never say."""
    record = ResidentRecord(**parts)
    record.resident.resident_id = SELF
    record.resident.basic_four.name = "届　花子"
    record.resident.basic_four.address = "とどけ市一丁目"
    adapter.core.script["GetRecord"] = lambda _: GetRecordResponse(record=record)
    return record


def _parts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [part for each in value for part in _parts(each)]
    if not isinstance(value, dict):
        return []
    return [value, *(part for each in value.values() for part in _parts(each))]
