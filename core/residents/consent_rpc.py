"""What ResidentService answers about consents."""

from sqlalchemy.orm import Session

from core import events
from core.db import Database
from core.residents import consent, consents
from core.residents.convert import FROM_ASSURANCE, FROM_PURPOSE, consent_to_pb
from core.residents.naming import named
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import residents_pb2 as pb


class ConsentRpc:
    """The part of ResidentService that shows, takes and ends consents."""

    db: Database

    async def GetConsentText(
        self, request: pb.GetConsentTextRequest, call: Call
    ) -> pb.GetConsentTextResponse:
        town = await self.db.read(
            lambda s: s.get_one(events.Municipality, call.caller.municipality)
        )
        purpose = FROM_PURPOSE[request.purpose]
        text = consent.unsigned(
            purpose, FROM_ASSURANCE.get(request.assurance), municipality=town.name
        )
        return pb.GetConsentTextResponse(
            consent_text=pb.ConsentText(
                purpose=request.purpose, version=consent.VERSIONS[purpose], text=text
            )
        )

    @mutation
    def GiveConsent(
        self, session: Session, request: pb.GiveConsentRequest, call: Call
    ) -> pb.GiveConsentResponse:
        speaker = request.speaker
        resident = named(
            session,
            call.caller,
            external_id=speaker.external_id,
            for_resident_id=speaker.for_resident_id,
            lock=True,
        )
        about(session, resident.id)
        given = consents.give(
            session,
            call.caller,
            resident=resident,
            purpose=FROM_PURPOSE[request.purpose],
            version=request.version,
            now=call.now,
        )
        return pb.GiveConsentResponse(consent=consent_to_pb(given))

    @mutation
    def WithdrawConsent(
        self, session: Session, request: pb.WithdrawConsentRequest, call: Call
    ) -> pb.WithdrawConsentResponse:
        speaker = request.resident.speaker
        resident = named(
            session,
            call.caller,
            external_id=speaker.external_id,
            for_resident_id=speaker.for_resident_id,
            resident_id=request.resident.resident_id,
            lock=True,
        )
        about(session, resident.id)
        ended = consents.withdraw(
            session,
            call.caller,
            resident=resident,
            consent_id=request.consent_id,
            now=call.now,
        )
        return pb.WithdrawConsentResponse(consent=consent_to_pb(ended))
