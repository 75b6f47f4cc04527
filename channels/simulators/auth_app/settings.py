"""What one simulated authentication app is: who may ask it, and how it words its claims.

How the real one words birth date, gender and address, and where, is not confirmed: so each is a
switch.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from channels.simulators.faults import Fault

# Seconds since 1970, as time.time.
Clock = Callable[[], float]

CLIENT_ID = re.compile(r"[0-9a-zA-Z]{1,255}")
LONGEST_URI = 255


class ClaimsIn(StrEnum):
    ID_TOKEN = "id_token"  # noqa: S105 - a place, not a password.
    USERINFO = "userinfo"
    BOTH = "both"


class BirthdateAs(StrEnum):
    """`19850315` or `1985-03-15`."""

    DIGITS = "digits"
    ISO = "iso"


class GenderAs(StrEnum):
    """The register's `1` and `2`, or OpenID Connect's `male` and `female`."""

    CODE = "code"
    WORD = "word"


class AddressAs(StrEnum):
    """OpenID Connect's `{"formatted": …}`, or the plain text."""

    OBJECT = "object"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who may ask: `jwks` is the file of its public keys, `name` what the page calls it."""

    id: str
    name: str
    jwks: Path
    redirect_uris: tuple[str, ...]

    def __post_init__(self) -> None:
        if not CLIENT_ID.fullmatch(self.id):
            raise ValueError(f"a client id is 1 to 255 letters and digits, not {self.id!r}")
        if not self.redirect_uris:
            raise ValueError(f"client {self.id} has no redirect URI; give one at least")
        for uri in self.redirect_uris:
            if len(uri) > LONGEST_URI or not re.fullmatch(r"[a-z][a-z0-9+.-]*://[!-~]+", uri):
                raise ValueError(f"not an absolute URI of at most 255 characters: {uri}")
            if "#" in uri:
                raise ValueError(f"a redirect URI has no fragment: {uri}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; times are in seconds, `state` is a folder for keys.

    `base_url` is the address under which clients and browsers reach the simulator.
    """

    base_url: str
    state: Path
    clients: tuple[Client, ...]
    claims_in: ClaimsIn = ClaimsIn.BOTH
    birthdate_as: BirthdateAs = BirthdateAs.DIGITS
    gender_as: GenderAs = GenderAs.CODE
    address_as: AddressAs = AddressAs.OBJECT
    # How long a person may look at the page.
    request_life: float = 600
    code_life: float = 60
    token_life: float = 300
    # The longest a client may make its assertions valid for.
    assertion_life: float = 300
    # How far a client's clock may be off.
    leeway: float = 10
    seed: int = 0
    faults: dict[str, Fault] = field(default_factory=dict)
