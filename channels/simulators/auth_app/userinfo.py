"""The userinfo endpoint, and what the provider tells of itself."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulators.auth_app import claims
from channels.simulators.auth_app.authorization import ACR, SCOPES
from channels.simulators.auth_app.provider import provider_of
from channels.simulators.auth_app.settings import ClaimsIn
from channels.simulators.auth_app.tokens import NOT_KEPT


async def userinfo(request: Request) -> Response:
    provider = provider_of(request)
    if provider.faults.strike("userinfo_error"):
        return JSONResponse({"error": "server_error"}, 500, NOT_KEPT)
    scheme, _, access_token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return JSONResponse({}, 401, {"www-authenticate": "Bearer", **NOT_KEPT})
    grant = provider.accesses.get(access_token)
    if grant is None:
        refusal = {"error": "invalid_token", "error_description": "no such token, or not any more"}
        challenge = ", ".join(f'{name}="{value}"' for name, value in refusal.items())
        return JSONResponse(refusal, 401, {"www-authenticate": f"Bearer {challenge}", **NOT_KEPT})
    client_id = grant.asked.addressee.client.id
    subject = provider.keys.subject(client_id, grant.person.card_id)
    if provider.faults.strike("userinfo_of_another"):
        subject = provider.keys.subject(client_id, "another card")
    found: dict[str, Any] = {"sub": subject}
    if provider.settings.claims_in is not ClaimsIn.ID_TOKEN:
        found |= claims.of(grant.person.holder, grant.asked.scopes, provider.settings)
    return JSONResponse(found, headers=NOT_KEPT)


async def certs(request: Request) -> Response:
    return JSONResponse(provider_of(request).keys.public())


async def discovery(request: Request) -> Response:
    provider = provider_of(request)
    return JSONResponse(
        {
            "issuer": provider.issuer,
            "authorization_endpoint": provider.endpoint("auth"),
            "token_endpoint": provider.endpoint("token"),
            "userinfo_endpoint": provider.endpoint("userinfo"),
            "jwks_uri": provider.endpoint("certs"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": list(SCOPES),
            "acr_values_supported": list(ACR),
            "claims_supported": [
                *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "at_hash"),
                *SCOPES[1:],
            ],
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
    )
