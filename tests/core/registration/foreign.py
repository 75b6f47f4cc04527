"""A provider that others wrote (idpyoidc's OP), behind the few pages that it leaves to a server."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.exception import ClientAuthenticationError, UnAuthorizedClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.core.registration.a_provider import CALLBACK, CLIENT, CLIENT_KEY, HANAKO

AUTHN = "idpyoidc.server.client_authn"
CLAIMS = {"openid": ["sub"], **{name: [name] for name in HANAKO}}


def configured(issuer: str) -> dict[str, Any]:
    """Return what the provider is told: one person, ES256, PKCE by S256, private_key_jwt only."""
    secret = {"keys": {"key_defs": [
        {"type": "OCT", "use": ["enc"], "kid": name} for name in ("password", "salt")
    ]}, "iterations": 1}  # fmt: skip
    return {
        "issuer": issuer,
        "key_conf": {"key_defs": [{"type": "EC", "crv": "P-256", "use": ["sig"]}]},
        "preference": {"id_token_signing_alg_values_supported": ["ES256"]},
        "client_authn_methods": {
            "private_key_jwt": f"{AUTHN}.PrivateKeyJWT", "bearer_header": f"{AUTHN}.BearerHeader",
        },
        "token_handler_args": {
            "code": {"lifetime": 60, "kwargs": {"crypt_conf": {"kwargs": secret}}},
            "token": {
                "class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 300},
            },
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {}},
        },
        "endpoint": {
            "provider_config": {
                "path": ".well-known/openid-configuration",
                "class": "idpyoidc.server.oidc.provider_config.ProviderConfiguration",
                "kwargs": {},
            },
            "authorization": {
                "path": "authorization",
                "class": "idpyoidc.server.oidc.authorization.Authorization",
                "kwargs": {"response_types_supported": ["code"]},
            },
            "token": {
                "path": "token",
                "class": "idpyoidc.server.oidc.token.Token",
                "kwargs": {"client_authn_method": ["private_key_jwt"]},
            },
            "userinfo": {
                "path": "userinfo", "class": "idpyoidc.server.oidc.userinfo.UserInfo",
                "kwargs": {"client_authn_method": ["bearer_header"]},
            },
        },
        "add_on": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_methods": {"S256": None}},
            }
        },
        "userinfo": {
            "class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {"hanako": HANAKO}},
        },
        "authentication": {
            "card": {
                "acr": "aal3",
                "class": "idpyoidc.server.user_authn.user.NoAuthn",
                "kwargs": {"user": "hanako"},
            }
        },
        "scopes_to_claims": CLAIMS,
    }  # fmt: skip


def provider(issuer: str, folder: Path) -> Server:
    """Make the provider, with our client registered."""
    server = Server(
        OPConfiguration(conf=configured(issuer), base_path=str(folder)), cwd=str(folder)
    )
    server.context.cdb[CLIENT] = {
        "client_id": CLIENT,
        "redirect_uris": [(CALLBACK, {})],
        "response_types_supported": ["code"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_client_authn_method": ["private_key_jwt"],
        "userinfo_client_authn_method": ["bearer_header"],
        "id_token_signed_response_alg": "ES256",
        "allowed_scopes": list(CLAIMS),
        "scopes_to_claims": CLAIMS,
    }
    server.keyjar.import_jwks({"keys": [CLIENT_KEY.as_dict(private=False)]}, CLIENT)
    return server


def app_of(server: Server, issuer: str) -> Starlette:
    """Serve it; it works without asyncio, and looks at its own keys over no network."""

    async def discovery(request: Request) -> Response:
        told = server.endpoint["provider_config"].process_request()["response_args"]
        return JSONResponse({**told, "jwks_uri": f"{issuer}/jwks"})

    async def jwks(request: Request) -> Response:
        return JSONResponse(server.keyjar.export_jwks())

    async def authorization(request: Request) -> Response:
        return await run_in_threadpool(
            answer, server.endpoint["authorization"], dict(request.query_params), {}
        )

    async def token(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        return await run_in_threadpool(answer, server.endpoint["token"], form, {})

    async def userinfo(request: Request) -> Response:
        info = {"headers": {"authorization": request.headers["authorization"]}}
        return await run_in_threadpool(answer, server.endpoint["userinfo"], {}, info)

    app = Starlette()
    app.add_route("/.well-known/openid-configuration", discovery)
    app.add_route("/jwks", jwks)
    app.add_route("/authorization", authorization)
    app.add_route("/token", token, methods=["POST"])
    app.add_route("/userinfo", userinfo)
    return app


def answer(endpoint: Any, parameters: dict[str, str], http_info: dict[str, Any]) -> Response:
    """Let an endpoint answer, as the package's own examples do."""
    try:
        request = endpoint.parse_request(parameters, http_info=http_info)
    except (ClientAuthenticationError, UnAuthorizedClient):
        return JSONResponse({"error": "invalid_client"}, 401)
    if "error" in request:
        return JSONResponse(request.to_dict(), 400)
    done = endpoint.process_request(request, http_info=http_info)
    if "error" in done:
        return JSONResponse(dict(done), 400)
    said = endpoint.do_response(request=request, **done)
    if endpoint.name == "authorization":
        return RedirectResponse(said["response"], 303)
    return Response(said["response"], media_type="application/json")
