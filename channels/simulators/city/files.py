"""The city on disk: the roster, who has which phone and card, and the cards themselves."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from channels.simulators.card import Authority, Holder, Order
from channels.simulators.card.authority import utc_now
from channels.simulators.city import places
from channels.simulators.city.chance import source
from channels.simulators.city.city import City, Registrant
from channels.simulators.city.differences import Expected
from channels.simulators.city.entitlements import AMOUNT

# Cards were issued up to so many days ago; the shortest-lived is valid for 1,461.
OLDEST_CARD_DAYS = 1400
TWELVE_DIGITS = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){11}(?![0-9])")


def write(
    city: City,
    directory: Path,
    *,
    clock: Callable[[], datetime] = utc_now,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Write `roster.csv`, `people.json` and the authority with its cards under `authority/`.

    The cards' keys are made at first use. `FileExistsError` if the directory is not empty.
    """
    if directory.exists() and any(directory.iterdir()):
        raise FileExistsError(f"{directory} is not empty; choose another place for the city")
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "roster.csv").write_bytes(refuse_my_number(city.roster(), "cp932"))
    authority = Authority.create(directory / "authority", clock)
    random = source(city.seed, "cards")
    now = clock()
    orders = [_order(random, registrant, now) for registrant in city.registrants]
    authority.issue_many(orders, progress=progress)
    # Last, because its presence says that the city is whole.
    (directory / "people.json").write_bytes(refuse_my_number(people(city), "utf-8"))


def people(city: City) -> bytes:
    """Return, as JSON, who has which phone and card, and what to expect of matching in all."""
    document = {
        "seed": city.seed,
        "municipality": places.PREFECTURE + places.CITY,
        "expected": expected(city),
        "people": [_person(registrant) for registrant in city.registrants],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def expected(city: City) -> dict[str, Any]:
    """Count what a demonstration must find: the roster's totals, and people by class."""
    by_class = Counter(registrant.expected for registrant in city.registrants)
    by_difference = Counter(registrant.difference for registrant in city.registrants)
    return {
        "roster": {
            "rows": len(city.rows),
            "suppressed": sum(row.suppressed == "1" for row in city.rows),
            "without_account": sum(not row.bank for row in city.rows),
            "amount_each": AMOUNT,
            "amount_total": AMOUNT * len(city.rows),
        },
        "registered": len(city.registrants),
        "classes": {str(kind): by_class[kind] for kind in Expected},
        "differences": {str(kind): number for kind, number in sorted(by_difference.items())},
    }


def refuse_my_number(content: bytes, encoding: str) -> bytes:
    """Return the content, or raise `ValueError` if anything in it could be a My Number."""
    text = unicodedata.normalize("NFKC", content.decode(encoding))
    for found in TWELVE_DIGITS.finditer(text):
        digits = re.sub(r"[ -]", "", found.group())
        if int(digits[-1]) == _check_digit(digits[:11]):
            raise ValueError("twelve digits with a My Number's check digit; use another seed")
    return content


def _check_digit(digits: str) -> int:
    """Return the twelfth digit of a My Number (番号法の総務省令 5条)."""
    weights = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)
    rest = sum(int(digit) * w for digit, w in zip(reversed(digits), weights, strict=True)) % 11
    return 0 if rest <= 1 else 11 - rest


def _order(random: Random, registrant: Registrant, now: datetime) -> Order:
    holder = Holder(
        name=registrant.person.name,
        birth_date=registrant.person.birth_date,
        sex=registrant.person.sex,
        address=registrant.address,
        prefecture=places.PREFECTURE_ROMAJI,
        municipality=places.CITY_ROMAJI,
    )
    issued = now - timedelta(days=random.randint(30, OLDEST_CARD_DAYS))
    return Order(holder=holder, pin=registrant.pin, card_id=registrant.card_id, issued=issued)


def _person(registrant: Registrant) -> dict[str, Any]:
    person = registrant.person
    on_roster = registrant.expected is not Expected.NOT_ON_ROSTER
    return {
        "line_user_id": registrant.line_user_id,
        "card_id": registrant.card_id,
        "pin": registrant.pin,
        "auth_pin": registrant.auth_pin,
        "name": person.name,
        "kana": person.kana,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "address": registrant.address,
        "addressee_number": person.addressee if on_roster else None,
        "expected": registrant.expected,
        "difference": registrant.difference,
    }
