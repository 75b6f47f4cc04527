"""Segments are kept and tried out."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.etags import check_etag
from core.ids import new_id
from core.segments import rows, rules, using
from core.segments.compiling import Compiler
from core.segments.previewing import Occasion, Preview, Sending, preview


def save(
    session: Session,
    by: Caller,
    *,
    id: str,
    name: str,
    condition: dict[str, Any],
    etag: str,
    now: datetime,
) -> rows.Segment:
    """Keep a segment, new where `id` is empty.

    Raises SegmentUnknown, SegmentExists, SegmentInvalid, ChangedMeanwhile.
    """
    named = rows.find_named(session, by.municipality, name)
    if named is not None and named.id != id:
        raise rules.SegmentExists(f"there is a segment {name} already", name=name)
    text = json.dumps(condition, ensure_ascii=False)
    if id:
        segment = rows.get(session, by.municipality, id, lock=True)
        check_etag(segment.revision, etag)
        segment.name, segment.condition_json = name, text
        segment.revision += 1
    else:
        segment = rows.Segment(
            municipality=by.municipality, id=new_id(), name=name, condition_json=text
        )
        session.add(segment)
    session.flush()
    # With itself kept, so that a tree that comes round to itself is found.
    Compiler(session, by.municipality, now).holds(rules.Kept(segment.id))
    events.record(session, by, "segment.saved", segment.id, now, details={"name": name})
    return segment


def delete(session: Session, by: Caller, *, id: str, etag: str, now: datetime) -> None:
    """Delete a segment that nothing rests on; raise SegmentUnknown, SegmentInUse, ChangedMeanwhile.

    A campaign that has gone out keeps its conditions as they were written.
    """
    segment = rows.get(session, by.municipality, id, lock=True)
    check_etag(segment.revision, etag)
    if users := using.users_of(session, by.municipality, id):
        raise rules.SegmentInUse(f"{segment.name} is named by {users}", users=users)
    session.delete(segment)
    events.record(session, by, "segment.deleted", segment.id, now, details={"name": segment.name})


def try_out(
    session: Session,
    by: Caller,
    *,
    condition: dict[str, Any],
    of: Occasion,
    sending: Sending,
    samples: int,
    now: datetime,
) -> Preview:
    """Count whom a tree finds; that staff saw some of them is in the log.

    Raises SegmentInvalid, SegmentUnknown, TopicUnknown.
    """
    compiler = Compiler(session, by.municipality, now)
    tree = rules.read(condition)
    found = preview(session, compiler, tree, of=of, sending=sending, samples=samples)
    for resident, _facts in found.samples:
        events.record(session, by, "resident.viewed", resident.id, now, details={"in": "segment"})
    return found
