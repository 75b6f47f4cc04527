"""ProxyService."""

from sqlalchemy.orm import Session

from core.access import codes
from core.access.guessing import guarded
from core.access.rules import LinkCodeRefused
from core.db import Database
from core.proxies import actions
from core.proxies.convert import proxies_to_pb, proxy_to_pb, terms_of
from core.residents import contact_rows
from core.residents import rows as residents
from core.residents.naming import named
from core.residents.rules import ProxyNotGranted
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import proxies_pb2 as pb
from todoke.v1 import residents_pb2


class ProxyService:
    """Answers ProxyService."""

    def __init__(self, db: Database) -> None:
        self.db = db

    @mutation
    def OfferProxy(
        self, session: Session, request: pb.OfferProxyRequest, call: Call
    ) -> pb.OfferProxyResponse:
        resident = _named(session, call, request.resident)
        scopes, last_day = terms_of(request.terms, call.now, field="terms.expire_date")
        about(session, resident.id)
        made = actions.offer(
            session,
            call.caller,
            resident=resident,
            scopes=scopes,
            last_day=last_day,
            now=call.now,
        )
        return pb.OfferProxyResponse(code=made.code, expire_time=to_timestamp(made.expire_time))

    async def AcceptProxy(
        self, request: pb.AcceptProxyRequest, call: Call
    ) -> pb.AcceptProxyResponse:
        by, external_id = call.caller, request.speaker.external_id

        def change(session: Session) -> pb.AcceptProxyResponse:
            if request.speaker.for_resident_id:
                raise ProxyNotGranted("nobody becomes a proxy for another")
            proxy = actions.accept(
                session, by, external_id=external_id, code=request.code, now=call.now
            )
            about(session, proxy.id)
            return pb.AcceptProxyResponse(proxy=proxy_to_pb(session, proxy))

        def failed(session: Session, _: LinkCodeRefused) -> None:
            contact = contact_rows.contact_of(session, by, external_id)
            codes.count_failure(session, by, contact_id=contact.id, now=call.now)

        return await guarded(
            self.db,
            call,
            method="ProxyService.AcceptProxy",
            request=request,
            response_type=pb.AcceptProxyResponse,
            change=change,
            guess=LinkCodeRefused,
            failed=failed,
        )

    @mutation
    def EndProxy(
        self, session: Session, request: pb.EndProxyRequest, call: Call
    ) -> pb.EndProxyResponse:
        resident = _named(session, call, request.resident)
        proxy = actions.end(
            session, call.caller, resident_id=resident.id, proxy_id=request.proxy_id, now=call.now
        )
        about(session, proxy.id)
        return pb.EndProxyResponse(proxy=proxy_to_pb(session, proxy))

    async def ListProxies(
        self, request: pb.ListProxiesRequest, call: Call
    ) -> pb.ListProxiesResponse:
        """List; a writing transaction, since a look by staff is written down."""

        def look(session: Session) -> pb.ListProxiesResponse:
            found = actions.list_(
                session,
                call.caller,
                resident_id=_named(session, call, request.resident).id,
                with_ended=request.with_ended,
                now=call.now,
            )
            return pb.ListProxiesResponse(proxies=proxies_to_pb(session, found))

        by_channel = call.caller.is_channel
        return await (self.db.read(look) if by_channel else self.db.write(look))


def _named(session: Session, call: Call, who: residents_pb2.NamedResident) -> residents.Resident:
    return named(
        session,
        call.caller,
        external_id=who.speaker.external_id,
        for_resident_id=who.speaker.for_resident_id,
        resident_id=who.resident_id,
    )
