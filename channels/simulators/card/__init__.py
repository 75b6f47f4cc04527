"""A simulated My Number card and its test authority: issue, sign, revoke, in the JPKI's profile."""

from channels.simulators.card.authority import Authority, Order
from channels.simulators.card.card import (
    CardLocked,
    NoSuchCard,
    NotValid,
    WrongPin,
    default_auth_pin,
)
from channels.simulators.card.holder import Holder
from channels.simulators.card.wallet import Signed, Wallet

__all__ = [
    "Authority",
    "CardLocked",
    "Holder",
    "NoSuchCard",
    "NotValid",
    "Order",
    "Signed",
    "Wallet",
    "WrongPin",
    "default_auth_pin",
]
