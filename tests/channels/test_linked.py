"""What can be followed in a text: addresses, telephone numbers, and nothing that looks so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import linked
from channels.linked import Part
from tests.examples import examples


@pytest.mark.parametrize(
    ("text", "said", "href"),
    [
        ("詳しくはhttps://city.example/a?b=1&c=2#d まで", "https://city.example/a?b=1&c=2#d", ""),
        ("(https://city.example/夏祭り)", "https://city.example/", ""),
        ("地図 (https://city.example/map).", "https://city.example/map", ""),
        ("https://city.example/a_(b)。", "https://city.example/a_(b)", ""),
        ("HTTP://CITY.EXAMPLE:8080/。", "HTTP://CITY.EXAMPLE:8080/", ""),
        ("電話は0172-31-1111です", "0172-31-1111", "tel:0172311111"),
        ("電話０１７２－３１－１１１１まで", "０１７２－３１－１１１１", "tel:0172311111"),
        ("(0172)31-1111", "(0172)31-1111", "tel:0172311111"),
        ("0172(31)1111", "0172(31)1111", "tel:0172311111"),
        ("携帯 09012345678、", "09012345678", "tel:09012345678"),
        ("0120-123-456 へ", "0120-123-456", "tel:0120123456"),
    ],
)  # fmt: skip
def test_an_address_and_a_number_are_followed_as_they_were_written(
    text: str, said: str, href: str
) -> None:
    assert [part for part in linked.parts(text) if part.href] == [Part(said, href or said)]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "ftp://city.example/",
        "https://",
        "https://city.example@elsewhere.example/",
        "https://city.example:port/",
        "https://[::1/",
        "〒036-8551",
        "2026-07-01",
        "口座 1234567890123",
        "世帯12-0172-31-1111-5",
        "0.5",
        "#0172311111a",
    ],
)
def test_what_only_looks_so_stays_a_text(text: str) -> None:
    assert list(linked.parts(text)) == [Part(text)]
    assert not linked.holds(text)


@examples(200)
@given(st.text(st.sampled_from("https:/.-@()()0129０ー－a夏 \n<>\"'&"), max_size=60))
def test_the_parts_are_the_text_and_lead_where_they_say(text: str) -> None:
    found = list(linked.parts(text))

    assert "".join(part.text for part in found) == text
    for part in found:
        assert not part.href or part.href.startswith(("https://", "http://", "tel:0"))
        assert not set('<>"') & set(part.href)
