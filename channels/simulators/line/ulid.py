"""ULIDs, as LINE's webhookEventId: 48 bits of milliseconds, 80 of chance, in base 32."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(milliseconds: int) -> str:
    """Mint the id of something that happens at `milliseconds` since 1970."""
    number = milliseconds << 80 | secrets.randbits(80)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))
