"""The people of the simulated city who hold a card, as the page offers them."""

from dataclasses import dataclass

from channels.simulators.card import Holder, NoSuchCard, Wallet

# As many as a list on a phone can bear.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class CardHolder:
    card_id: str
    holder: Holder


class People:
    """Knows a card once it was seen, and sees those issued in the meantime."""

    def __init__(self, wallet: Wallet) -> None:
        self._wallet = wallet
        self._seen: dict[str, CardHolder] = {}

    def get(self, card_id: str) -> CardHolder | None:
        if card_id not in self._seen:
            try:
                self._seen[card_id] = CardHolder(card_id, self._wallet.holder(card_id))
            except NoSuchCard:
                return None
        return self._seen[card_id]

    def search(self, words: str) -> tuple[list[CardHolder], int]:
        """Return the first whose name or card has these words in it, and how many there are."""
        wanted = _plain(words)
        found = [
            person
            for person in map(self.get, self._wallet.card_ids())
            if person and (wanted in _plain(person.holder.name) or wanted in person.card_id)
        ]
        return found[:MOST_SHOWN], len(found)


def _plain(words: str) -> str:
    return "".join(words.split())
