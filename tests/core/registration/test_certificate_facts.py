"""What a certificate says of its holder: read letter by letter, or refused."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.simulators.card import profile
from core.registration.identity import facts
from tests.core.registration.certificates import HOLDER, alternative_names, verify, with_names

pytestmark = pytest.mark.xdist_group("jpki")  # One worker makes them all.


def test_the_six_other_names_come_back_letter_by_letter(world):
    four = verify(world).basic_four

    sent = profile.substitute(HOLDER.name), profile.substitute(HOLDER.address)
    assert ((four.name, four.name_flags), (four.address, four.address_flags)) == sent
    assert (four.birth_date_text, four.sex) == (HOLDER.birth, HOLDER.sex)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("319800217", date(1980, 2, 17)),
        ("118991201", date(1899, 12, 1)),
        ("319890107", date(1989, 1, 7)),
        ("419890108", date(1989, 1, 8)),
        ("520190501", date(2019, 5, 1)),
        ("219261225", date(1926, 12, 25)),
        ("319261225", date(1926, 12, 25)),
        ("319400000", None),
        ("319400200", None),
        ("319400230", None),
        ("019400217", None),
        ("000000000", None),
        ("519800217", None),
        ("319890108", None),
    ],
)
def test_a_birth_date_is_a_day_or_unknown(text, day):
    assert facts.birth_date(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "19800217", "3198002170", "619800217", "3 9800217", "３１９８００２１７", "31980021\n"],
)
def test_a_birth_date_of_another_form_is_refused(text):
    with pytest.raises(facts.CertificateUnreadable):
        facts.birth_date(text)


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_that_a_card_writes_is_read_back(day):
    holder = replace(HOLDER, birth_date=day)

    assert facts.birth_date(holder.birth) == day


@given(st.text(max_size=12))
def test_any_text_is_a_birth_date_unknown_or_refused(text):
    try:
        day = facts.birth_date(text)
    except facts.CertificateUnreadable:
        return
    assert day is None or text[1:] == f"{day:%Y%m%d}"


@given(name=st.text(min_size=1, max_size=40), address=st.text(min_size=1, max_size=80))
def test_any_text_in_the_other_names_comes_back_as_it_is(world, name, address):
    # Lone surrogates cannot be written as UTF-8, by a card or by anyone.
    name, address = (
        text.encode(errors="replace").decode().replace("\0", "?") for text in (name, address)
    )
    names = alternative_names(world, arc1=name, arc5=address, arc2="0", arc6="00000")

    four = facts.basic_four(with_names(world, names))

    assert (four.name, four.address) == (name, address)
    assert (four.name_flags, four.address_flags) == ("0", "00000")
