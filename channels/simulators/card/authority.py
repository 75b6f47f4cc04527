"""The test authority: generations of one name, cards, and the revocation list.

Its folder holds `ca/*.pem` and `crl/*.crl`, which verifiers read, and `keys/` and `cards/`, which
they have no business in.
"""

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from channels.simulators.card import card as cards
from channels.simulators.card import files, keys, profile
from channels.simulators.card.holder import Holder

# How long a list counts as fresh. The real interval is not confirmed; a week outlasts a demo.
LIST_LIFE = timedelta(days=7)
GENERATION_LIFE = timedelta(days=3653)
JST = timedelta(hours=9)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A card to issue; an empty `card_id` is drawn, without `issued` the card is issued now.

    An empty `auth_pin` is the default of the card's id.
    """

    holder: Holder
    pin: str
    card_id: str = ""
    issued: datetime | None = None
    auth_pin: str = ""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Authority:
    """An authority in a folder; make one with `create`, come back to it with `open`."""

    def __init__(self, directory: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self.directory = directory
        self.cards = directory / "cards"
        self._clock = clock
        self._keys: dict[str, RSAPrivateKey] = {}

    @classmethod
    def create(cls, directory: Path, clock: Callable[[], datetime] = utc_now) -> Self:
        """Make the folder and the first generation; `FileExistsError` where there is one."""
        authority = cls(directory, clock)
        if authority.generations():
            raise FileExistsError(f"there is an authority in {directory}; open it")
        for name in ("ca", "crl", "keys", "cards"):
            (directory / name).mkdir(parents=True, exist_ok=True)
        authority.new_generation()
        return authority

    @classmethod
    def open(cls, directory: Path, clock: Callable[[], datetime] = utc_now) -> Self:
        authority = cls(directory, clock)
        if not authority.generations():
            raise FileNotFoundError(f"no authority in {directory}; make one with `create` first")
        return authority

    def generations(self) -> list[str]:
        """Name the generations, oldest first; new cards come from the last."""
        return sorted(path.stem for path in (self.directory / "ca").glob("*.pem"))

    def new_generation(self, not_before: datetime | None = None) -> str:
        """Begin a generation: another key under the same name, with an empty revocation list.

        It is valid for ten years, by default from four years ago, so that cards can be old.
        """
        with files.locked(self.directory):
            name = f"signca{len(self.generations()) + 1:02}"
            pem = keys.new()
            key = keys.load(pem)
            start = not_before or self._clock() - timedelta(days=4 * 365)
            certificate = profile.authority_certificate(key, start, start + GENERATION_LIFE)
            files.write(self.directory / "keys" / f"{name}.pem", pem)
            public = certificate.public_bytes(serialization.Encoding.PEM)
            files.write(self.directory / "ca" / f"{name}.pem", public)
        self.crl(name)
        return name

    def issue(
        self,
        holder: Holder,
        *,
        pin: str,
        card_id: str = "",
        issued: datetime | None = None,
        auth_pin: str = "",
    ) -> str:
        """Issue a card and return its id; its key is made at first use.

        `ValueError` for a PIN or id of the wrong form, `FileExistsError` for an id in use.
        """
        card_id = card_id or secrets.token_hex(8)
        if not cards.ID_FORM.fullmatch(card_id):
            raise ValueError(f"a card id is letters, digits and hyphens, not {card_id!r}")
        salt, pin_hash = cards.new_pin(pin)
        not_before = (issued or self._clock()).replace(microsecond=0)
        card = cards.Card(
            id=card_id,
            holder=holder,
            serial=x509.random_serial_number(),
            generation=self.generations()[-1],
            not_before=not_before,
            not_after=fifth_birthday(holder.birth_date, not_before),
            salt=salt,
            pin_hash=pin_hash,
            auth_pin_hash=cards.new_auth_pin(auth_pin, salt) if auth_pin else b"",
        )
        folder = self.cards / card_id
        folder.mkdir(exist_ok=True)
        with files.locked(folder):
            if (folder / "card.json").exists():
                raise FileExistsError(f"there is a card {card_id} already; choose another id")
            card.save(folder)
        return card_id

    def issue_many(
        self, orders: Iterable[Order], *, progress: Progress = lambda _done, _total: None
    ) -> list[str]:
        """Issue cards in this order, telling `progress` how many of how many are done."""
        waiting = list(orders)
        issued = []
        for order in waiting:
            made = self.issue(
                order.holder,
                pin=order.pin,
                card_id=order.card_id,
                issued=order.issued,
                auth_pin=order.auth_pin,
            )
            issued.append(made)
            progress(len(issued), len(waiting))
        return issued

    def make_keys(
        self,
        card_ids: Iterable[str],
        *,
        processes: int | None = None,
        progress: Progress = lambda _done, _total: None,
    ) -> None:
        """Make the keys of these cards ahead of their first use, on every core at once."""
        waiting = [card_id for card_id in card_ids if not self._is_keyed(card_id)]
        for done, key in enumerate(keys.make(len(waiting), processes=processes)):
            self.complete(waiting[done], key)
            progress(done + 1, len(waiting))

    def complete(self, card_id: str, key: bytes | None = None) -> None:
        """Give a card its key (PEM; a new one when `None`) and certificate, unless it has them."""
        folder = cards.folder_of(self.cards, card_id)
        with files.locked(folder):
            if self._is_keyed(card_id):
                return
            pem = key or keys.new()
            card = cards.load(folder)
            private = keys.load(pem)
            certificate = profile.signature_certificate(
                card.holder,
                private.public_key(),
                serial=card.serial,
                not_before=card.not_before,
                not_after=card.not_after,
                authority_key=self._key(card.generation),
            )
            files.write(folder / "key.pem", pem)
            # Last, because its presence says that the card is whole.
            der = certificate.public_bytes(serialization.Encoding.DER)
            files.write(folder / "certificate.der", der)

    def revoke(self, card_id: str, reason: str = "affiliationChanged") -> None:
        """Put a card on the revocation list for good; the first reason given stands.

        Reasons are RFC 5280's: affiliationChanged when the holder moved or changed name,
        keyCompromise, superseded, cessationOfOperation … `ValueError` for an unknown one.
        """
        known = x509.ReasonFlags(reason).value
        card = cards.load(cards.folder_of(self.cards, card_id))
        with files.locked(self.directory):
            revoked = self._revoked()
            line = {"generation": card.generation, "reason": known, "time": self._now().isoformat()}
            revoked.setdefault(f"{card.serial:x}", line)
            files.write(self.directory / "revoked.json", json.dumps(revoked).encode())
        self.crl(card.generation)

    def revocation(self, card: cards.Card) -> str | None:
        """Return the reason for which a card is on the revocation list, or `None`."""
        line = self._revoked().get(f"{card.serial:x}")
        return None if line is None else line["reason"]

    def crl(self, generation: str = "") -> bytes:
        """Sign a fresh list (DER) of a generation, by default the newest, and write it down."""
        name = generation or self.generations()[-1]
        with files.locked(self.directory):
            now = self._now()
            withdrawals = [
                profile.Withdrawal(
                    serial=int(serial, 16),
                    reason=x509.ReasonFlags(line["reason"]),
                    time=datetime.fromisoformat(line["time"]),
                )
                for serial, line in self._revoked().items()
                if line["generation"] == name
            ]
            signed = profile.revocation_list(
                withdrawals,
                this_update=now,
                next_update=now + LIST_LIFE,
                authority_key=self._key(name),
            ).public_bytes(serialization.Encoding.DER)
            files.write(self.directory / "crl" / f"{name}.crl", signed)
            return signed

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0)

    def _key(self, generation: str) -> RSAPrivateKey:
        if generation not in self._keys:
            path = self.directory / "keys" / f"{generation}.pem"
            self._keys[generation] = keys.load(path.read_bytes())
        return self._keys[generation]

    def _revoked(self) -> dict[str, dict[str, str]]:
        path = self.directory / "revoked.json"
        found: dict[str, dict[str, str]] = json.loads(path.read_bytes()) if path.exists() else {}
        return found

    def _is_keyed(self, card_id: str) -> bool:
        return (self.cards / card_id / "certificate.der").exists()


def fifth_birthday(birth_date: date, issued: datetime) -> datetime:
    """Return the last second, Japanese time, of the fifth birthday after the day of issue.

    Seen on a test card: 2025-10-27 to 2030-02-17 for someone born on a 17 February.
    """
    today = (issued + JST).date()
    first = today.year if _birthday(birth_date, today.year) > today else today.year + 1
    last = datetime.combine(_birthday(birth_date, first + 4), time(23, 59, 59), UTC)
    return last - JST


def _birthday(birth_date: date, year: int) -> date:
    leap_day = (birth_date.month, birth_date.day) == (2, 29)
    return date(year, 2, 28) if leap_day else birth_date.replace(year=year)
