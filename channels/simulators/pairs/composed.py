"""Names put together of two usual parts, for the many that few people have.

A city has thousands of surnames beside the usual ones. Nobody has listed ours: 山 and 根 make 山根,
with a reading of theirs. Most are real, and the others could be.
"""

import re
from collections.abc import Collection, Iterator
from itertools import product

# Kanji or hiragana, then the reading.
_PART = re.compile("(.+?)([ァ-ヺー]+)")

Part = tuple[str, str]


def parts(text: str) -> list[Part]:
    """Read parts in the order of how usual they are: 山ヤマ 大オオ."""
    found = (_PART.fullmatch(each) for each in text.split())
    return [(part[1], part[2]) for part in found if part]


def composed(
    firsts: list[Part], lasts: list[Part], known: Collection[str], *, steps: tuple[int, int]
) -> Iterator[tuple[str, str, float]]:
    """Yield each name that is not known, with its reading and its weight, which sum up to 1.

    A part is the less usual, the later it comes; the more so, the smaller its side's step.
    """
    weights = [
        [1 / (step + place) for place in range(len(side))]
        for side, step in zip((firsts, lasts), steps, strict=True)
    ]
    taken, found = set(known), []
    pairs = product(zip(firsts, weights[0], strict=True), zip(lasts, weights[1], strict=True))
    for ((first, sound), weight), ((last, end), other) in pairs:
        # 々 stands for a character twice, and 田田 is nobody's name.
        if first[-1] == last[0] or first + last in taken:
            continue
        taken.add(first + last)
        found.append((first + last, sound + end, weight * other))
    total = sum(weight for *_, weight in found)
    for text, kana, weight in found:
        yield text, kana, weight / total
