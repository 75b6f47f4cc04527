"""Lines and counts of the ledger as messages of the contract."""

from collections.abc import Iterator

from core.eligibility.convert import entitlement_to_pb
from core.eligibility.rules import Way
from core.ledger.lines import Line
from core.ledger.progress import Tally
from core.ledger.rules import Progress
from core.wire.convert import to_timestamp
from todoke.v1 import ledger_pb2 as pb

TO_STATE = {state: pb.LedgerState.Value(f"LEDGER_STATE_{state.name}") for state in Progress}
FROM_STATE = {value: state for state, value in TO_STATE.items()}
TO_WAY = {way: pb.ContactWay.Value(f"CONTACT_WAY_{way.name}") for way in Way}
FROM_WAY = {value: way for way, value in TO_WAY.items()}


def line_to_pb(line: Line) -> pb.LedgerEntry:
    entitlement = entitlement_to_pb(line.entitlement)
    if line.state is Progress.PROTECTED:
        entitlement.ClearField("address")
    return pb.LedgerEntry(
        entitlement=entitlement,
        state=TO_STATE[line.state],
        best_way=TO_WAY[line.best_way] if line.best_way else pb.CONTACT_WAY_UNSPECIFIED,
        channel=line.channel,
        last_way=TO_WAY[line.last_way] if line.last_way else pb.CONTACT_WAY_UNSPECIFIED,
        last_time=to_timestamp(line.last_time),
        resident_id=line.resident_id,
    )


def tally_to_pb(tally: Tally) -> Iterator[pb.ProgressRow]:
    for (area, first, last), states in sorted(tally.counted.items()):
        yield pb.ProgressRow(
            area=area,
            from_age=first,
            to_age=last,
            entitled=states.total(),
            states={state.value: number for state, number in states.items()},
        )
