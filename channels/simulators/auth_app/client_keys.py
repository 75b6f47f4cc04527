"""A client's registered public keys, and the assertion by which it proves that it has their halves.

Source: RFC 7523 and OpenID Connect Core 1.0, 9 (private_key_jwt).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jwt import JWTClaimsRegistry

from channels.simulators.auth_app.provider import Provider
from channels.simulators.auth_app.refusals import Refused
from channels.simulators.auth_app.settings import Client

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KINDS = {"RS256": "RSA", "ES256": "EC"}
LONGEST_JTI = 255
SHORTEST_RSA = 2048


def keys_in(path: Path) -> list[RSAKey | ECKey]:
    """Read a client's JWK set; ValueError unless it holds public signature keys that we take."""
    try:
        entries = json.loads(path.read_bytes())["keys"]
        keys = [_key(entry) for entry in entries if entry.get("use", "sig") == "sig"]
    except (OSError, JoseError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise ValueError(f"{path} is no JWK set of public RSA or P-256 keys: {wrong}") from wrong
    if not keys:
        raise ValueError(f"{path} has no key for signatures")
    return keys


def _key(entry: dict[str, Any]) -> RSAKey | ECKey:
    if "d" in entry:
        raise ValueError("it holds a private key, which nobody else may have")
    if entry["kty"] == "EC" and entry["crv"] == "P-256":
        return ECKey.import_key(entry)
    if entry["kty"] == "RSA":
        key = RSAKey.import_key(entry)
        if key.public_key.key_size < SHORTEST_RSA:
            raise ValueError(f"its RSA key has fewer than {SHORTEST_RSA} bits")
        return key
    raise ValueError(f"a key of the kind {entry['kty']} is not taken")


def authenticate(provider: Provider, form: Mapping[str, str]) -> Client:
    """Return the client whose assertion is in a token request; raises Refused `invalid_client`."""
    if "client_secret" in form:
        raise _unknown("client_secret is not taken; authenticate by private_key_jwt")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise _unknown(f"client_assertion_type must be {ASSERTION_TYPE}")
    assertion = form.get("client_assertion", "")
    try:
        found = jws.extract_compact(assertion.encode())
        claimed = json.loads(found.payload)
        header = found.headers()
        client = provider.clients[claimed["sub"]]
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise _unknown("client_assertion is no JWT of a registered client") from wrong
    if form.get("client_id", client.id) != client.id:
        raise _unknown("client_id is not the assertion's sub")
    claims = _verified(assertion, header, client)
    _check(provider, claims, client)
    return client


def _verified(assertion: str, header: dict[str, Any], client: Client) -> dict[str, Any]:
    try:
        # Read for each request: a client may change its keys while we run.
        keys = keys_in(client.jwks)
    except ValueError as wrong:
        raise _unknown("the registered JWK set cannot be read") from wrong
    kind = KINDS.get(str(header.get("alg")))
    for key in keys:
        if kind == key.key_type and header.get("kid") in (None, key.kid):
            try:
                return jwt.decode(assertion, key, algorithms=list(KINDS)).claims
            except (JoseError, ValueError):
                continue
    raise _unknown("client_assertion is not signed, by RS256 or ES256, with a registered key")


def _check(provider: Provider, claims: dict[str, Any], client: Client) -> None:
    now = int(provider.clock())
    leeway = int(provider.settings.leeway)
    audiences = [provider.endpoint("token"), provider.issuer]
    registry = JWTClaimsRegistry(
        now=now,
        leeway=leeway,
        iss={"essential": True, "value": client.id},
        sub={"essential": True, "value": client.id},
        aud={"essential": True, "values": audiences},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as wrong:
        raise _unknown(f"client_assertion: {wrong.error}: {wrong.description}") from wrong
    aud, exp, jti = claims["aud"], claims["exp"], claims["jti"]
    # One for other servers as well could have been shown to them first.
    if not set([aud] if isinstance(aud, str) else aud) <= set(audiences):
        raise _unknown("client_assertion: aud must name this server alone")
    if exp > now + provider.settings.assertion_life + leeway:
        raise _unknown(f"client_assertion: exp is over {provider.settings.assertion_life:g} s away")
    if not 1 <= len(jti) <= LONGEST_JTI:
        raise _unknown(f"client_assertion: jti must be 1 to {LONGEST_JTI} characters")
    name = f"{client.id}\n{jti}"
    if provider.assertions.get(name):
        raise _unknown("client_assertion: jti was used before")
    provider.assertions.put(name, value=True)


def _unknown(description: str) -> Refused:
    return Refused("invalid_client", description, status=401)
