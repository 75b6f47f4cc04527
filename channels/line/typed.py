"""What residents type that is more than talk: a code, or a My Number, which nobody may have."""

import re
import unicodedata

from channels.line import postback

CODE = re.compile(postback.CODE)
# Twelve digits in one run or in groups; whether they check is not asked, for a slip is as telling.
MY_NUMBER = re.compile(r"(?<!\d)\d(?:[^\w\n]{0,3}\d){11}(?![^\w\n]{0,3}\d)")
_DASHES = str.maketrans("", "", "-‐‑‒–—―−ー・.")


def code_in(text: str) -> str | None:
    """Return the code that a text is, of any width and case, with spaces or dashes within."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split()).translate(_DASHES)
    return plain if CODE.fullmatch(plain) else None


def has_my_number(text: str) -> bool:
    """Tell whether twelve digits stand together in a text, as those of a My Number do."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKC", text).replace("ー", "-")
        # A zero-width character must not hide a number.
        if unicodedata.category(character) != "Cf"
    )
    return MY_NUMBER.search(plain) is not None
