"""Whose record a caller may read: their own, of one they are a proxy of, or any for staff."""

from sqlalchemy.orm import Session

from core.proxies import speaking
from core.proxies.rules import Scope
from core.residents import rows
from core.residents.naming import named
from core.wire.door import Call
from todoke.v1 import residents_pb2


def themselves(
    session: Session, call: Call, resident: residents_pb2.NamedResident, *, lock: bool = False
) -> rows.Resident:
    """Return who is named, where nobody speaks for another."""
    return named(
        session,
        call.caller,
        external_id=resident.speaker.external_id,
        for_resident_id=resident.speaker.for_resident_id,
        resident_id=resident.resident_id,
        lock=lock,
    )


def readable(session: Session, call: Call, resident: residents_pb2.NamedResident) -> rows.Resident:
    """Return whose record may be read; a proxy reads with the scope READ.

    Raises what `named` and `speaking.speaker` raise.
    """
    speaker = resident.speaker
    if not (call.caller.is_channel and speaker.for_resident_id):
        return themselves(session, call, resident)
    resident_id = speaking.speaker(
        session,
        call.caller,
        external_id=speaker.external_id,
        for_resident_id=speaker.for_resident_id,
        scope=Scope.READ,
        now=call.now,
    )
    return rows.get(session, call.caller.municipality, resident_id)
