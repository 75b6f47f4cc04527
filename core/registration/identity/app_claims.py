"""The facts that the authentication app tells, from OIDC claims.

How it words a birth date and an address is not confirmed, so both forms that OpenID Connect knows
and the plain ones are read: no text can be both. What a gender's code means can only be settled,
and is a setting.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.registration.identity.asking import IdentityProviderRefused
from core.registration.identity.facts import BasicFour
from core.residents import births

NAMES = ("name", "birthdate", "gender", "address")

LONGEST = 1000


def missing(claims: Mapping[str, Any]) -> list[str]:
    """Name the facts that these claims do not tell."""
    return [name for name in NAMES if claims.get(name) in (None, "", {})]


def basic_four(claims: Mapping[str, Any], genders: Mapping[str, str]) -> BasicFour:
    """Return the facts letter by letter; raise IdentityProviderRefused where one is not readable.

    `genders` says which digit of the register each of the provider's words is.
    """
    lacking = missing(claims)
    if lacking:
        raise _unreadable(lacking[0], "is missing")
    address = claims["address"]
    if isinstance(address, dict):
        address = address.get("formatted")
    sex = genders.get(str(claims["gender"]))
    if sex is None:
        raise _unreadable("gender", "is none of those in the settings")
    birth = _birth(claims["birthdate"])
    return BasicFour(
        name=_text(claims["name"], "name"),
        name_flags="",
        birth_date_text=birth,
        birth_date=births.read(birth),
        sex=sex,
        address=_text(address, "address"),
        address_flags="",
    )


def _text(value: object, claim: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise _unreadable(claim, "is no text")
    return value


def _birth(value: object) -> str:
    """Return the nine digits; a day that is no day stays as it is, under era 0 (unknown)."""
    found = re.fullmatch(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})", str(value))
    if not found:
        raise _unreadable("birthdate", "is neither YYYYMMDD nor YYYY-MM-DD")
    digits = found[1] + found[3] + found[4]
    return births.with_era(digits)


def _unreadable(claim: str, problem: str) -> IdentityProviderRefused:
    return IdentityProviderRefused(f"the claim {claim} {problem}", error=f"claim_{claim}")
