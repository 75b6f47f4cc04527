"""What residents type that is more than talk: a code, or a My Number, which nobody may have."""

import re
import unicodedata

from channels import wording
from channels.line import shapes

CODE = re.compile(shapes.CODE)
# As long as the code of a message, or that of a decision notice.
OFFICIAL = re.compile(r":?([0-9a-z]{8}|[0-9a-z]{16})")
# Signs enough to be a code that was copied, but not all of it: a word of that length has no digit.
COPIED = re.compile(r":?(?=[a-z]*[0-9])[0-9a-z]{4,20}")
SOUGHT = 100
_DASHES = "-‐‑‒–—―−ー"
# The plain dash stands first, so that the set holds no range.
_GAP = f"[{_DASHES} ]{{0,3}}"
# Twelve digits in one run or in groups; whether they check is not asked, for a slip is as telling.
MY_NUMBER = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{11}}(?!{_GAP}\d)")
_NO_DASHES = str.maketrans("", "", _DASHES + "・.")


def code_in(text: str) -> str | None:
    """Return the code that a text is, of any width and case, with spaces or dashes within."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split()).translate(_NO_DASHES)
    return plain if CODE.fullmatch(plain) else None


def official_code_in(text: str) -> str | None:
    """Return the code that a text asks to check: 「確認 ABCD-EFGH」, of any width and case."""
    plain = plainly(text)
    for word in _words("line_inbox", "typed_check"):
        rest = plain.removeprefix(word)
        if rest != plain and (code := OFFICIAL.fullmatch(rest.translate(_NO_DASHES))):
            return code[1].upper()
    return None


def asks_how_to_check(text: str) -> bool:
    """Tell whether a text would check a code: the word alone, or with a code that is not whole."""
    plain = plainly(text)
    rests = [
        plain.removeprefix(word).translate(_NO_DASHES)
        for word in _words("line_inbox", "typed_check")
        if plain.startswith(word)
    ]
    return any(not rest or COPIED.fullmatch(rest) for rest in rests)


def asks_how_to_find(text: str) -> bool:
    """Tell whether a text is the word that looks in the inbox, without what to look for."""
    return asks_by_word(text, "line_inbox", "typed_search")


def asks_for_inbox(text: str) -> bool:
    """Tell whether a text is the word that opens the inbox, in any of our languages."""
    return asks_by_word(text, "line_inbox", "typed_list")


def words_to_find(text: str) -> str:
    """Return what a text asks to look for in the inbox: 「検索 ごみの日」; empty if none."""
    first, _, rest = unicodedata.normalize("NFKC", text).strip().partition(" ")
    return rest.strip()[:SOUGHT] if asks_by_word(first, "line_inbox", "typed_search") else ""


def asks_by_word(text: str, section: str, name: str) -> bool:
    """Tell whether a text is a word of the catalogue, of any width, in any of our languages."""
    return plainly(text) in _words(section, name)


def plainly(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _words(section: str, name: str) -> set[str]:
    words = (wording.say(section, name, language) for language in wording.languages())
    return {plainly(word) for several in words for word in several.split("|")}


def has_my_number(text: str) -> bool:
    """Tell whether twelve digits stand together in a text, as those of a My Number do."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        # A zero-width character must not hide a number.
        if unicodedata.category(character) != "Cf"
    )
    return MY_NUMBER.search(plain) is not None
