"""What was read of a roster, and what it would change, in words."""

from collections.abc import Mapping

from tui import formats
from tui.sending import Read
from tui.wording import Words


def found(words: Words, read: Read) -> str:
    """Say whether anything is wrong; and where it replaces another, what becomes of whom."""
    roster, problems = read.roster, read.problem_count
    key = "problems" if problems else "clean" if read.difference is None else "difference"
    texts = [
        words(
            f"roster.{key}",
            rows=formats.count(roster.rows),
            total=formats.count(roster.total),
            encoding=roster.encoding,
            problems=formats.count(problems),
            listed=formats.count(len(read.problems)),
            hash=roster.content_hash[:16],
        )
    ]
    difference = read.difference
    if difference is not None and not problems:
        texts.append(
            words(
                "roster.changes",
                came=formats.count(difference.came),
                left=formats.count(difference.left),
                changed=formats.count(difference.changed),
                unchanged=formats.count(difference.unchanged),
                before=formats.count(difference.total_before),
                after=formats.count(difference.total_after),
                touched=_by_state(words, difference.applications_touched),
                gone=_by_state(words, difference.applications_left),
            )
        )
    return "\n".join(texts)


def _by_state(words: Words, counts: Mapping[str, int]) -> str:
    told = [
        words("state_count", state=words.find(f"value.{state}") or state, count=number)
        for state, number in sorted(counts.items())
    ]
    return words("comma").join(told) or words("none")
