"""Circulars between rows and the contract's messages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from core.circulars import next_version, queries
from core.circulars.commenting import Shown
from core.circulars.drafting import Draft
from core.circulars.queries import Counts
from core.circulars.reading import Own
from core.circulars.rows import Circular, CircularFile, CircularVersion
from core.circulars.rules import DRAFTED, Kind, State, Way, is_over, lacks
from core.circulars.targets import Targets, are_leaders_only
from core.etags import etag_of
from core.japan import today
from core.wire.convert import to_date, to_timestamp
from core.wire.door import FieldInvalid
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import files_pb2

TO_KIND = {kind: pb.CircularKind.Value(f"CIRCULAR_KIND_{kind.name}") for kind in Kind}
FROM_KIND: Mapping[int, Kind] = {value: kind for kind, value in TO_KIND.items()}
TO_STATE = {state: pb.CircularState.Value(f"CIRCULAR_STATE_{state.name}") for state in State}
TO_WAY = {way: pb.ReceiptWay.Value(f"RECEIPT_WAY_{way.name}") for way in Way}


def names_of(message: Message) -> dict[str, Any]:
    """Return a message as JSON is kept of it: with the contract's own names."""
    return MessageToDict(message, preserving_proto_field_name=True)


def day_of(text: str) -> date | None:
    """Return a day; raise FieldInvalid where there is none of that date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FieldInvalid("there is no such day", field="due_date") from None


def draft_of(request: pb.SaveCircularRequest) -> Draft:
    return Draft(
        FROM_KIND[request.kind],
        names_of(request.content),
        Targets.of(names_of(request.targets)),
        day_of(request.due_date),
        request.asked,
        request.corrects_id,
        request.correction,
    )


def for_officers(
    session: Session, circular: Circular, counts: Counts, now: datetime
) -> pb.Circular:
    """Return a circular whole, with whom it is for."""
    version = queries.version_of(session, circular)
    told = _plain(circular, version, now)
    told.content.CopyFrom(ParseDict(json.loads(version.content_json), pb.CircularContent()))
    told.targets.CopyFrom(ParseDict(json.loads(circular.targets_json), pb.Targets()))
    told.asked = circular.asked
    if circular.state in DRAFTED:
        told.lacks.extend(_lacks(circular, version))
        told.overtaken = bool(circular.corrects) and next_version.is_overtaken(session, circular)
    told.households, told.read = counts.households, counts.read
    return told


def _lacks(circular: Circular, version: CircularVersion) -> list[str]:
    if circular.corrects:
        return [] if version.correction else ["correction"]
    return lacks(circular.kind, json.loads(version.content_json), circular.due_date)


def in_list(
    circular: Circular, version: CircularVersion, counts: Counts, now: datetime
) -> pb.Circular:
    """Return a circular without its text."""
    told = _plain(circular, version, now)
    told.content.title = json.loads(version.content_json)["title"]
    told.targets.leaders_only = are_leaders_only(circular.targets_json)
    told.households, told.read = counts.households, counts.read
    return told


def _plain(circular: Circular, version: CircularVersion, now: datetime) -> pb.Circular:
    return pb.Circular(
        circular_id=circular.id,
        association_id=circular.association_id,
        kind=TO_KIND[circular.kind],
        state=state_of(circular, now),
        version=circular.version,
        correction=version.correction,
        author=circular.author_name,
        forwarded_from=circular.forwarded_from,
        publish_time=to_timestamp(circular.publish_time),
        due_date=to_date(circular.due_date),
        etag=etag_of(circular.revision),
        withdrawn=circular.withdrawn_with,
        corrects_id=circular.corrects,
    )


def state_of(circular: Circular, now: datetime) -> pb.CircularState.ValueType:
    if circular.state is State.PUBLISHED and is_over(circular.due_date, today(now)):
        return pb.CIRCULAR_STATE_CLOSED
    return TO_STATE[circular.state]


def own_to_pb(one: Own, now: datetime, *, whole: bool) -> pb.OwnCircular:
    """Return a circular as a member sees it; of one that was taken back, that it was and why."""
    circular = one.circular
    told = pb.Circular(
        circular_id=circular.id,
        association_id=circular.association_id,
        kind=TO_KIND[circular.kind],
        state=state_of(circular, now),
        version=circular.version,
        correction=one.correction,
        content=pb.CircularContent(title=one.content["title"]),
        author=circular.author_name,
        publish_time=to_timestamp(circular.publish_time),
        due_date=to_date(circular.due_date),
        withdrawn=circular.withdrawn_with,
    )
    if whole and circular.state is State.PUBLISHED:
        told.content.CopyFrom(ParseDict(one.content, pb.CircularContent()))
    answer = ParseDict(one.answer, pb.HouseholdAnswer()) if one.answer else None
    return pb.OwnCircular(
        circular=told,
        household_id=one.receipt.household_id,
        receipt=TO_WAY[one.receipt.way] if one.receipt.way else pb.RECEIPT_WAY_UNSPECIFIED,
        answer=answer,
        can_forward=one.can_forward,
        leaders_only=one.leaders_only,
        read_version=one.receipt.version or 0,
        answered=one.is_answered,
    )


def comments_to_pb(found: Iterable[Shown]) -> Iterable[pb.Comment]:
    for one in found:
        yield pb.Comment(
            comment_id=one.comment.id,
            display_name=one.display_name,
            text=one.comment.text,
            create_time=to_timestamp(one.comment.create_time),
            can_hide=one.can_hide,
        )


def files_to_pb(
    session: Session, municipality: str, ids: Sequence[str], *, with_text: bool = True
) -> list[pb.CircularFile]:
    """Return the files of a content, with what a page needs to show them."""
    return [
        pb.CircularFile(
            file_id=row.id,
            file=file_header(row),
            pages=row.pages,
            text=row.text if with_text else "",
        )
        for row in queries.files(session, municipality, ids)
    ]


def file_header(row: CircularFile) -> files_pb2.FileHeader:
    return files_pb2.FileHeader(
        file_name=row.file_name, media_type=row.media_type, size=row.size, sha256=row.sha256
    )
