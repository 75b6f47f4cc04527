"""A message as it stands on a phone: places filled, words kept whole, in the reader's language."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from core.messaging.rules import filled as filled_by_core
from tests.examples import examples
from tests.tui.sitting import words
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.procedures_pb2 import Text
from tui.phone import filled, folded, on_phone

SAID = pb.CampaignMessage(
    title=Text(by_language={"ja": "訓練", "en": "A drill"}),
    body=Text(by_language={"ja": "{name}様\n日曜日です。", "en": "{name}, come on Sunday."}),
    procedure="survey",
)


def shown(language: str) -> list[str]:
    return on_phone(words("ja"), SAID, language, procedure="調査").plain.splitlines()


def test_each_language_is_shown_with_the_words_that_its_readers_get() -> None:
    assert shown("ja")[:3] == ["訓練", "総社 太郎様", "日曜日です。"]
    assert shown("en")[:3] == ["A drill", "総社 太郎, come on Sunday.", "Code of this message:"]
    assert "Begin: 調査" in "".join(shown("en"))
    assert "「調査」をはじめる" in "".join(shown("vi"))


@examples(100)
@given(st.text(alphabet="ab{}名 ", max_size=60), st.integers(2, 20))
def test_no_line_is_wider_than_the_phone_and_nothing_of_a_text_is_lost(
    text: str, width: int
) -> None:
    lines = folded(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@examples(100)
@given(st.lists(st.sampled_from(["{name}", "{town}", "{{", "}}", "様", "a"]), max_size=12))
def test_places_are_filled_as_the_core_fills_them(parts: list[str]) -> None:
    places = {"name": "総社", "town": "中央"}
    text = " ".join(parts)
    assert filled(text, places) == filled_by_core(text, places)
