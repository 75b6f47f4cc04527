"""Crossings as messages of the contract."""

from core.crossings.rows import Crossing
from core.crossings.rules import CrossingState, Direction, Parcel
from core.etags import etag_of
from core.wire.convert import to_timestamp
from todoke.v1 import crossings_pb2 as pb

TO_STATE = {one: pb.CrossingState.Value(f"CROSSING_STATE_{one.name}") for one in CrossingState}
TO_DIRECTION = {
    one: pb.CrossingDirection.Value(f"CROSSING_DIRECTION_{one.name}") for one in Direction
}

TO_PARCEL = {one: pb.CrossingParcel.Value(f"CROSSING_PARCEL_{one.name}") for one in Parcel}
FROM_PARCEL = {value: parcel for parcel, value in TO_PARCEL.items()}


def to_pb(crossing: Crossing) -> pb.Crossing:
    return pb.Crossing(
        crossing_id=crossing.id,
        program_id=crossing.program_id,
        direction=TO_DIRECTION[crossing.direction],
        state=TO_STATE[crossing.state],
        rows=crossing.row_count,
        content_hash=crossing.content_hash,
        proposer=crossing.proposer,
        approver=crossing.approver,
        propose_time=to_timestamp(crossing.propose_time),
        done_time=to_timestamp(crossing.done_time),
        export_id=crossing.export_id or "",
        etag=etag_of(crossing.revision),
        parcel=TO_PARCEL[crossing.parcel],
    )
