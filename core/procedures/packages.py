"""Packages: a procedure as one town gives it to others, signed, with where it comes from.

A package is a JWS in compact form, signed with Ed25519. It is read only where its publisher is one
that this town trusts; the publisher is a municipality's code, and speaks for no other.
"""

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.crypto import KeysUnusable
from core.errors import BadRequest
from core.procedures.yaml_places import LONGEST

FORMAT = "todoke-procedure/1"
ALGORITHM = "Ed25519"
"""Its full name; joserfc warns of the older EdDSA, which leaves the curve open."""

ORIGIN = r"^([0-9]{6}|todoke):[1-9][0-9]{0,6}$"
KEY = r"^[a-z][a-z0-9_]{1,63}$"
Source = Annotated[str, Field(max_length=LONGEST)]


class PackageRefused(BadRequest):
    reason = "PACKAGE_REFUSED"

    def __init__(self, problem: str, message: str) -> None:
        super().__init__(message, field="package", problem=problem)


class Package(BaseModel):
    """What a package says. `parent` is what the publisher made it from, as it came there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Annotated[str, Field(pattern=f"^{FORMAT}$")] = FORMAT
    key: Annotated[str, Field(pattern=KEY)]
    origin: Annotated[str, Field(pattern=ORIGIN)]
    source: Annotated[Source, Field(min_length=1)]
    parent: Annotated[str, Field(pattern=f"{ORIGIN[:-1]}$|^$")] = ""
    parent_source: Source = ""

    @model_validator(mode="after")
    def _has_its_parent(self) -> Self:
        if bool(self.parent) != bool(self.parent_source):
            raise ValueError("parent and parent_source belong together")
        return self


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys that towns here publish with, and those that others are believed by."""

    keys: Mapping[str, OKPKey] = field(default_factory=dict)
    publishers: Mapping[str, OKPKey] = field(default_factory=dict)

    @classmethod
    def load(cls, keys: Mapping[str, Path], publishers: Mapping[str, str]) -> Self:
        """Read the keys that settings name; raise KeysUnusable with the remedy."""
        return cls(
            {code: read_key(path) for code, path in keys.items()},
            {code: _public(code, key) for code, key in publishers.items()},
        )


def sign(package: Package, trust: Trust) -> bytes:
    """Return a package signed by the town that it comes from; raise PackageRefused without key."""
    municipality = package.origin.partition(":")[0]
    key = trust.keys.get(municipality)
    if key is None:
        raise PackageRefused(
            "no_key", f"no key to publish with is set for {municipality}: set procedure_keys"
        )
    header = {"alg": ALGORITHM, "kid": municipality, "typ": "todoke-procedure"}
    text = json.dumps(package.model_dump(), ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, text, key, algorithms=[ALGORITHM]).encode("ascii")


def opened(content: bytes, trust: Trust) -> Package:
    """Return what a package says, where a trusted publisher signed it; raise PackageRefused."""
    try:
        text = content.decode("ascii").strip()
        headers = jws.extract_compact(text.encode("ascii")).headers()
    except (UnicodeDecodeError, JoseError, ValueError, TypeError, KeyError):
        raise PackageRefused("unreadable", "this is no package of a procedure") from None
    publisher = headers.get("kid")
    key = trust.publishers.get(publisher) if isinstance(publisher, str) else None
    if key is None:
        raise PackageRefused(
            "publisher_unknown", "the publisher is none of procedure_publishers: ask for its key"
        )
    try:
        signed = jws.deserialize_compact(text, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError, KeyError):
        raise PackageRefused("signature_wrong", "the signature is not the publisher's") from None
    try:
        package = Package.model_validate_json(signed.payload)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "package"
        raise PackageRefused("content_wrong", f"{place}: {first['msg']}") from None
    if package.origin.partition(":")[0] != publisher:
        raise PackageRefused("publisher_differs", f"{publisher} cannot sign for {package.origin}")
    return package


def create_key(path: Path) -> str:
    """Write a new private key for its owner only; return the public one, as settings take it."""
    key = OKPKey.generate_key("Ed25519")
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(json.dumps(key.as_dict(private=True)), encoding="ascii")
    return public_text(key)


def public_text(key: OKPKey) -> str:
    return str(key.as_dict(private=False)["x"])


def read_key(path: Path) -> OKPKey:
    """Read a private Ed25519 key, JWK or PEM, for its owner only; raise KeysUnusable."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="ascii")
    except (OSError, ValueError) as problem:
        raise KeysUnusable(f"{path} cannot be read: {problem}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeysUnusable(f"{path} is open to others: run `chmod 600 {path}`")
    try:
        key = OKPKey.import_key(json.loads(content) if content[:1] == "{" else content)
    except (JoseError, ValueError, TypeError, KeyError):
        key = None
    if key is None or not key.is_private or key.curve_name != "Ed25519":
        raise KeysUnusable(f"{path} is no private Ed25519 key: `todoke procedure key` makes one")
    return key


def _public(code: str, text: str) -> OKPKey:
    jwk: dict[str, Any] = {"kty": "OKP", "crv": "Ed25519", "x": text}
    try:
        key = OKPKey.import_key(jwk)
        key.public_key.public_bytes_raw()
    except (JoseError, ValueError, TypeError, KeyError):
        raise KeysUnusable(
            f"procedure_publishers: the key of {code} is no Ed25519 public key in base64url"
        ) from None
    return key
