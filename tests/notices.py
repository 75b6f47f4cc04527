"""What residents were told, as it stands in the outbox."""

import json
from dataclasses import dataclass

from google.protobuf.json_format import ParseDict
from sqlalchemy import select

from core.dispatches.rows import Dispatch
from tests.town import MUNICIPALITY, Town
from todoke.v1 import applications_pb2, dispatches_pb2


@dataclass(frozen=True)
class Told:
    """A notice, and the contact that it is for."""

    external_id: str
    notice: dispatches_pb2.Notice

    @property
    def kind(self) -> str:
        return dispatches_pb2.NoticeKind.Name(self.notice.kind).removeprefix("NOTICE_KIND_")


async def outbox(town: Town) -> list[tuple[str, dict]]:
    """Return (external id, content) of all that was queued, oldest first."""

    def work(session) -> list[tuple[str, dict]]:
        query = select(Dispatch).where(Dispatch.municipality == MUNICIPALITY).order_by(Dispatch.id)
        return [
            (json.loads(one.recipients)[0], json.loads(one.content))
            for one in session.scalars(query)
        ]

    return await town.read(work)


async def notices(town: Town) -> list[Told]:
    """Return every notice, but those of registering."""
    told = [
        Told(external_id, ParseDict(content["notice"], dispatches_pb2.Notice()))
        for external_id, content in await outbox(town)
        if "notice" in content
    ]
    return [one for one in told if one.kind not in {"REGISTERED", "RENEWED"}]


async def kinds_told(town: Town) -> list[tuple[str, str]]:
    """Return (external id, kind) of every notice but those of registering."""
    return [(one.external_id, one.kind) for one in await notices(town)]


async def prompts(town: Town) -> list[tuple[str, applications_pb2.Turn]]:
    return [
        (external_id, ParseDict(content, applications_pb2.Turn()))
        for external_id, content in await outbox(town)
        if "prompt" in content
    ]
