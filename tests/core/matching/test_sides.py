"""Whole columns are read as the rules read each text alone."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching.sides import addresses, names, prepared
from core.normalise import CURATED, read_address, read_name
from tests.examples import examples

NAMES = (
    st.text(
        st.sampled_from(
            "山田太郎髙高﨑齋々〆ノのガゕヶッー-－･・　 ＳｓJ'（）()通称:"
            "\ue000〓〸\u200d\U000e0100゛ﾔ⼭丈𠀋"
        )
    )
    | st.text()
)
ADDRESSES = (
    st.text(
        st.sampled_from(
            "岡山県総社市中央大字井手番丁目町条線地割号の之ヶがッ"
            "一二十百〇12０３-－ー 　ハイツA室F階〓\u200b"
        )
    )
    | st.text()
    | st.builds(
        "".join,
        st.tuples(
            st.sampled_from(("岡山県総社市", "総社市", "", "都窪郡早島町", "札幌市中央区北1条西")),
            st.sampled_from(("中央", "三番町", "大字井手字宮前", "第3地割", "")),
            st.sampled_from(("1丁目2番3号", "一丁目２－３", "12番地の4", "3番", "二十三番地", "")),
            st.sampled_from(("", "　ハイツ101号室", " 3F", " 101", "-201", "甲")),
        ),
    )
)


@given(st.lists(NAMES, max_size=5))
@examples(75)
def test_names_in_columns_are_read_by_the_rule(column: list[str]) -> None:
    found = names(pl.Series(column, dtype=pl.String), CURATED)

    for name, row in zip(column, found.iter_rows(named=True), strict=True):
        one = read_name(name)
        assert (row["written"], row["key"], row["words"]) == (one.written, one.key, one.words)
        assert tuple(row["others"] or ()) == one.others


@given(st.lists(ADDRESSES, max_size=5))
@examples(75)
def test_addresses_in_columns_are_read_by_the_rule(column: list[str]) -> None:
    found = addresses(pl.Series(column, dtype=pl.String), CURATED)

    for address, row in zip(column, found.iter_rows(named=True), strict=True):
        one = read_address(address)
        assert row == {name: getattr(one, name) for name in row}


@pytest.mark.parametrize(
    ("text", "born", "whole"),
    [
        ("1950-01-02", 19500102, True),
        ("1950-01-00", 19500100, False),
        ("1950-00-00", 19500000, False),
        ("0000-00-00", 0, False),
        ("", 0, False),
        ("1950-02-30", 19500230, False),
        ("昭和25年1月2日", 0, False),
    ],
)
def test_a_birth_date_is_whole_only_if_it_is_a_day(text: str, born: int, whole: object) -> None:
    people = pl.DataFrame({"id": "1", "name": "", "birth_date": text, "sex": "", "address": ""})

    found = prepared(people, CURATED)

    assert found.select("born", "whole").row(0) == (born, whole)
