"""How tests let one resident act for another."""

from tests.core.access.links import speaking
from tests.makers import Registered, a_request_id
from todoke.client import Core
from todoke.v1 import proxies_pb2 as pb
from todoke.v1 import residents_pb2

ALL = (pb.PROXY_SCOPE_READ, pb.PROXY_SCOPE_APPLY, pb.PROXY_SCOPE_CIRCULARS)


def terms(*scopes: pb.ProxyScope.ValueType, expire_date: str = "2027-03-31") -> pb.ProxyTerms:
    return pb.ProxyTerms(scopes=scopes or ALL, expire_date=expire_date)


async def offer(
    core: Core, who: residents_pb2.NamedResident, agreed: pb.ProxyTerms | None = None
) -> pb.OfferProxyResponse:
    request = pb.OfferProxyRequest(resident=who, terms=agreed or terms(), request_id=a_request_id())
    return await core.ask(core.proxies.OfferProxy, request)


async def accept(core: Core, external_id: str, code: str, for_resident_id: str = "") -> pb.Proxy:
    speaker = residents_pb2.Speaker(external_id=external_id, for_resident_id=for_resident_id)
    request = pb.AcceptProxyRequest(speaker=speaker, code=code, request_id=a_request_id())
    return (await core.ask(core.proxies.AcceptProxy, request)).proxy


async def a_proxy(
    core: Core, resident: Registered, proxy: Registered, agreed: pb.ProxyTerms | None = None
) -> pb.Proxy:
    """Let `proxy` act for the `resident`; both are on the channel."""
    made = await offer(core, speaking(resident.external_id), agreed)
    return await accept(core, proxy.external_id, made.code)


async def end(core: Core, who: residents_pb2.NamedResident, proxy_id: str) -> pb.Proxy:
    request = pb.EndProxyRequest(resident=who, proxy_id=proxy_id, request_id=a_request_id())
    return (await core.ask(core.proxies.EndProxy, request)).proxy


async def listed(
    core: Core, who: residents_pb2.NamedResident, *, with_ended: bool = False
) -> list[pb.Proxy]:
    request = pb.ListProxiesRequest(resident=who, with_ended=with_ended)
    return list((await core.ask(core.proxies.ListProxies, request)).proxies)
