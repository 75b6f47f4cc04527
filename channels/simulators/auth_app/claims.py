"""What a client learns of a person, by scope, in the wording that the settings say."""

from collections.abc import Collection

from channels.simulators.auth_app.settings import AddressAs, BirthdateAs, GenderAs, Settings
from channels.simulators.card import Holder

WORDS = {"1": "male", "2": "female"}

Claim = str | dict[str, str]


def of(holder: Holder, scopes: Collection[str], settings: Settings) -> dict[str, Claim]:
    every: dict[str, Claim] = {
        "name": holder.name,
        "address": _address(holder, settings),
        "birthdate": _birthdate(holder, settings),
        "gender": holder.sex if settings.gender_as is GenderAs.CODE else WORDS[holder.sex],
    }
    return {name: claim for name, claim in every.items() if name in scopes}


def _address(holder: Holder, settings: Settings) -> Claim:
    if settings.address_as is AddressAs.TEXT:
        return holder.address
    return {"formatted": holder.address}


def _birthdate(holder: Holder, settings: Settings) -> str:
    # Without the era's digit; a birth whose day is unknown has zeros there.
    digits = holder.birth[1:]
    if settings.birthdate_as is BirthdateAs.DIGITS:
        return digits
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
