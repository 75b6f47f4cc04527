"""How tests make passkeys and sign in by them."""

from tests.makers import a_request_id
from tests.passkeys import Authenticator
from todoke.client import Core
from todoke.v1 import access_pb2 as pb
from todoke.v1 import residents_pb2

ORIGIN = "https://web.example.jp"
ELSEWHERE = "https://web.example.jp.evil.example"


async def begin(web: Core, external_id: str = "", origin: str = ORIGIN) -> pb.BeginPasskeyResponse:
    purpose = pb.PASSKEY_PURPOSE_CREATE if external_id else pb.PASSKEY_PURPOSE_SIGN_IN
    request = pb.BeginPasskeyRequest(
        purpose=purpose, external_id=external_id, origin=origin, request_id=a_request_id()
    )
    return await web.ask(web.access.BeginPasskey, request)


async def complete(
    web: Core, challenge_id: str, credential: str, label: str = "", request_id: str = ""
) -> residents_pb2.Contact:
    request = pb.CompletePasskeyRequest(
        challenge_id=challenge_id,
        credential_json=credential,
        label=label,
        request_id=request_id or a_request_id(),
    )
    return (await web.ask(web.access.CompletePasskey, request)).contact


async def a_passkey(
    web: Core, external_id: str, device: Authenticator, label: str = "わたしの電話"
) -> None:
    begun = await begin(web, external_id, device.origin)
    made = device.create(begun.options_json)
    assert (await complete(web, begun.challenge_id, made, label)).external_id == external_id


async def sign_in(web: Core, device: Authenticator) -> residents_pb2.Contact:
    begun = await begin(web, origin=device.origin)
    return await complete(web, begun.challenge_id, device.sign_in(begun.options_json))


async def passkeys(web: Core, external_id: str) -> list[pb.Passkey]:
    request = pb.ListPasskeysRequest(external_id=external_id)
    return list((await web.ask(web.access.ListPasskeys, request)).passkeys)
