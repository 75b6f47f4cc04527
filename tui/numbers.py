"""Figures as people type them."""

import unicodedata


def whole_yen(written: object) -> int:
    """Read an amount with full-width digits, commas or a yen sign; 0 where it is none.

    The core refuses 0 and names the field, so that a slip is worded in one place.
    """
    text = unicodedata.normalize("NFKC", str(written)).strip("¥円 ").replace(",", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
