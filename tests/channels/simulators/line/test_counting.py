"""LINE counts UTF-16 units, and grapheme clusters for what people read."""

import pytest

from channels.simulators.line.counting import graphemes, utf16_units


@pytest.mark.parametrize(
    ("words", "units", "clusters"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("\r\n", 2, 1),
        ("𠮷野家", 4, 3),
        ("か\u3099", 2, 1),
        ("ｶﾞ", 2, 1),
        ("葛\U000e0100", 3, 1),
        ("👨‍👩‍👧", 8, 1),
        ("👍🏽", 4, 1),
        ("🇯🇵🇯🇵", 8, 2),
        ("☺️", 2, 1),
        ("\u1100\u1161\u11a8", 3, 1),
        ("한글", 2, 2),
        ("\n\u0308", 2, 2),
    ],
)
def test_characters_are_counted_as_line_counts_them(words, units, clusters) -> None:
    assert (utf16_units(words), graphemes(words)) == (units, clusters)
