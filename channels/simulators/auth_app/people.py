"""The people of the simulated city who hold a card, as the page offers them."""

from dataclasses import dataclass
from pathlib import Path

from channels.simulators.card import Holder, Wallet

# As many as a list on a phone can bear.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class CardHolder:
    card_id: str
    holder: Holder


class People:
    """Reads the folder of cards anew whenever a card was added to it."""

    def __init__(self, cards: Path, wallet: Wallet) -> None:
        self._cards = cards
        self._wallet = wallet
        self._seen = -1
        self._people: dict[str, CardHolder] = {}

    def get(self, card_id: str) -> CardHolder | None:
        return self._read().get(card_id)

    def search(self, words: str) -> tuple[list[CardHolder], int]:
        """Return the first whose name or card has these words in it, and how many there are."""
        wanted = _plain(words)
        found = [
            person
            for person in self._read().values()
            if wanted in _plain(person.holder.name) or wanted in person.card_id
        ]
        return found[:MOST_SHOWN], len(found)

    def _read(self) -> dict[str, CardHolder]:
        changed = self._cards.stat().st_mtime_ns
        if changed != self._seen:
            holders = self._wallet.holders()
            self._people = {id: CardHolder(id, holder) for id, holder in holders.items()}
            self._seen = changed
        return self._people


def _plain(words: str) -> str:
    return "".join(words.split())
