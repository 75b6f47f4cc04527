"""Two writings of the same thing, letter by letter: where they differ they are shown reversed."""

from difflib import SequenceMatcher

from textual.content import Content

SAME = "="
DIFFERENT = "≠"


def letter_diff(label: str, ours: tuple[str, str], theirs: tuple[str, str]) -> Content:
    """Write two lines, each (side, text); the sign before the label says whether they are equal."""
    (our_side, our_text), (their_side, their_text) = ours, theirs
    above, below = Content(our_text), Content(their_text)
    steps = SequenceMatcher(a=our_text, b=their_text, autojunk=False).get_opcodes()
    for tag, our_start, our_end, their_start, their_end in steps:
        if tag != "equal":
            above = above.stylize("reverse", our_start, our_end)
            below = below.stylize("reverse", their_start, their_end)
    sign = SAME if our_text == their_text else DIFFERENT
    return Content("\n").join(
        [
            Content.assemble((f"{sign} {label}", "bold")),
            Content.assemble((f"  {our_side} ", "dim"), above),
            Content.assemble((f"  {their_side} ", "dim"), below),
        ]
    )
