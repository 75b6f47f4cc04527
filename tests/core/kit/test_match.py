"""`todoke match` on plain files: what an audit or a comparison gives it."""

from pathlib import Path

import pytest

from tests.core.kit.files import (
    HANAKO,
    ICHIRO,
    REGISTRATIONS,
    ROSTER,
    ROSTER_HANAKO,
    ROSTER_ICHIRO,
    ROSTER_TARO,
    TARO,
    lines,
    rows,
    todoke,
    write,
)

HEADER = ["registration_id", "addressee_number", "decision", "class", "rule"]
EVERYBODY = lines(REGISTRATIONS, TARO, HANAKO, ICHIRO)
WHOLE_ROSTER = lines(ROSTER, ROSTER_TARO, ROSTER_HANAKO, ROSTER_ICHIRO)
LINKS = [
    HEADER,
    ["r-1", "00011", "accept", "normalised", "normalised"],
    ["r-2", "00012", "accept", "normalised", "normalised"],
    [
        "r-3",
        "00013",
        "review",
        "variant_characters",
        "variant_characters_address_differs",
    ],
]


def match(folder: Path, registrations: str, roster: str, *more: str, encoding: str = "utf-8"):
    return todoke(
        "match",
        "--registrations",
        write(folder / "R.csv", registrations),
        "--roster",
        write(folder / "L.csv", roster, encoding),
        "--out",
        folder / "links.csv",
        *more,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_roster_is_matched_however_a_municipal_system_writes_it(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    done = match(tmp_path, EVERYBODY, WHOLE_ROSTER.replace(",", separator), encoding=encoding)

    assert done.exit_code == 0, done.output
    assert rows(tmp_path / "links.csv") == LINKS
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "L.csv",
        "R.csv",
        "links.csv",
        "links.report.txt",
    ]


def test_quoted_cells_and_line_ends_inside_of_them_change_nothing(tmp_path: Path) -> None:
    quoted = "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in WHOLE_ROSTER.splitlines()
    ).replace("0168-101-1-1234567", "0168\n101 普通 1234567")

    done = match(tmp_path, EVERYBODY, quoted)

    assert done.exit_code == 0, done.output
    assert rows(tmp_path / "links.csv") == LINKS


def test_a_row_that_cannot_be_read_is_named_and_left_out(tmp_path: Path) -> None:
    undated = TARO.replace("1950-01-02", "1950-02-30")
    nobody = HANAKO.replace("r-2", "")
    no_sex = ROSTER_ICHIRO.replace(",M,", ",雄,")

    done = match(
        tmp_path, lines(REGISTRATIONS, undated, nobody, ICHIRO), lines(ROSTER, ROSTER_TARO, no_sex)
    )

    assert done.exit_code == 3
    assert rows(tmp_path / "links.csv") == [HEADER]
    report = (tmp_path / "links.report.txt").read_text(encoding="utf-8")
    assert "登録 2行目 3列目（birth_date）：日付として読めません" in report
    assert "registrations row 3, column 1 (registration_id): is empty [VALUE_MISSING]" in report
    assert "名簿 3行目 5列目（sex）：性別として読めません" in report
    assert "1950-02-30" not in report
    allowed = match(
        tmp_path,
        lines(REGISTRATIONS, undated, TARO.replace("r-1", "r-9")),
        lines(ROSTER, ROSTER_TARO),
        "--allow-refused",
    )
    assert allowed.exit_code == 0
    assert [row[0] for row in rows(tmp_path / "links.csv")[1:]] == ["r-9"]


def test_the_report_says_who_was_not_compared_with_all_they_could_be(tmp_path: Path) -> None:
    namesakes = [TARO.replace("r-1", f"r-{n}").replace("中央一", f"中央{n}") for n in range(25)]
    undated = ROSTER_TARO.replace("昭和25年1月2日", "")

    match(
        tmp_path,
        lines(REGISTRATIONS, *namesakes),
        lines(ROSTER, *(undated.replace("00011", f"{n}") for n in range(20))),
    )

    report = (tmp_path / "links.report.txt").read_text(encoding="utf-8")
    assert "25 registrations and 20 rows not compared with all who could be meant" in report
    assert "比べなかった登録 25件、名簿の行 20件" in report


def test_a_known_day_of_an_unknown_month_is_reported_not_rounded(tmp_path: Path) -> None:
    halves = lines(
        ROSTER,
        ROSTER_TARO.replace("昭和25年1月2日", "1950-00-15"),
        ROSTER_HANAKO.replace("S30.5.5", "1955-05-00"),
    )

    done = match(tmp_path, EVERYBODY, halves, "--allow-refused")

    assert done.exit_code == 0, done.output
    assert [row[:3] for row in rows(tmp_path / "links.csv")[1:]] == [["r-2", "00012", "review"]]
    report = (tmp_path / "links.report.txt").read_text(encoding="utf-8")
    assert "名簿 2行目 4列目（birth_date）：日付として読めません" in report


def test_rows_of_one_id_are_all_left_out_for_none_of_them_is_sure(tmp_path: Path) -> None:
    done = match(
        tmp_path, EVERYBODY, lines(ROSTER, ROSTER_TARO, ROSTER_HANAKO.replace("00012", "00011"))
    )

    assert done.exit_code == 3
    assert rows(tmp_path / "links.csv") == [HEADER]
    report = (tmp_path / "links.report.txt").read_text(encoding="utf-8")
    assert report.count("REFERENCE_DUPLICATE") == 4


def test_a_broken_row_is_told_by_its_number_in_the_file(tmp_path: Path) -> None:
    done = match(tmp_path, EVERYBODY, lines(ROSTER, "", ROSTER_TARO, "1,2,3", ROSTER_HANAKO))

    assert done.exit_code == 3
    assert rows(tmp_path / "links.csv") == LINKS[:3]
    report = (tmp_path / "links.report.txt").read_text(encoding="utf-8")
    assert "名簿 4行目：列の数が見出しと違います" in report


def test_a_row_of_broken_bytes_is_told_by_its_cell(tmp_path: Path) -> None:
    roster = WHOLE_ROSTER.encode().replace("花".encode(), b"\xff\xff")

    done = match(tmp_path, EVERYBODY, roster.decode("latin-1"), encoding="latin-1")

    assert done.exit_code == 3
    assert rows(tmp_path / "links.csv") == [*LINKS[:2], LINKS[3]]
    report = (tmp_path / "links.report.txt").read_text(encoding="utf-8")
    assert "名簿 3行目 2列目（name_kanji）：読めない文字コードがあります" in report


@pytest.mark.parametrize("strange", ["\x07", "\ufffd"])
def test_a_cell_with_a_lost_or_unseen_character_is_left_out(tmp_path: Path, strange: str) -> None:
    done = match(
        tmp_path, EVERYBODY, lines(ROSTER, ROSTER_TARO, ROSTER_HANAKO.replace("花", strange))
    )

    assert done.exit_code == 3
    assert rows(tmp_path / "links.csv") == LINKS[:2]
    assert "名簿 3行目 2列" in (tmp_path / "links.report.txt").read_text(encoding="utf-8")


def test_marks_of_twelve_characters_are_no_my_number(tmp_path: Path) -> None:
    home = "岡山県総社市三輪５番地１"
    card = f"r-9,総社　次郎,1970-07-07,1,{home},2026-11-01,{'0' * len(home)}"
    assert len(home) == 12

    done = match(
        tmp_path,
        lines(f"{REGISTRATIONS},address_flags", card),
        lines(ROSTER, "00019,総社　次郎,ソウジャ　ジロウ,1970-07-07,1,,総社市三輪5-1,9,"),
    )

    assert done.exit_code == 0, done.output
    assert rows(tmp_path / "links.csv")[1][:3] == ["r-9", "00019", "accept"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1234567", "123456789018"),
        ("1234567", "１２３４－５６７８－９０１８"),
        ("bank_account", "個人番号"),
    ],
)
def test_a_file_with_a_my_number_is_refused_whole(
    tmp_path: Path, written: str, number: str
) -> None:
    done = match(tmp_path, EVERYBODY, WHOLE_ROSTER.replace(written, number))

    assert done.exit_code == 1
    assert "個人番号が入っています" in done.output
    assert number not in done.output or number == "個人番号"
    assert not (tmp_path / "links.csv").exists()


def test_marked_characters_must_be_as_many_as_there_are(tmp_path: Path) -> None:
    header = f"{REGISTRATIONS},name_flags"

    good = match(tmp_path, lines(header, f"{TARO.replace('郎', '朗')},00001"), WHOLE_ROSTER)
    assert good.exit_code == 0, good.output
    assert rows(tmp_path / "links.csv")[1][2] == "review"

    short = match(tmp_path, lines(header, f"{TARO},01"), WHOLE_ROSTER)
    assert short.exit_code == 3
    assert "[FLAGS_INVALID]" in (tmp_path / "links.report.txt").read_text(encoding="utf-8")


def test_who_is_protected_on_the_roster_is_linked_by_no_machine(tmp_path: Path) -> None:
    protected = lines(f"{ROSTER},支援措置", f"{ROSTER_TARO},1", f"{ROSTER_HANAKO},0")

    done = match(tmp_path, EVERYBODY, protected)

    assert done.exit_code == 0, done.output
    assert rows(tmp_path / "links.csv")[1:] == [
        ["r-1", "00011", "review", "normalised", "resident_suppressed"],
        LINKS[2],
    ]


def test_a_finished_stage_is_not_done_again(tmp_path: Path) -> None:
    work = str(tmp_path / "work")
    first = match(tmp_path, EVERYBODY, WHOLE_ROSTER, "--work", work)
    once = (tmp_path / "links.csv").read_bytes()

    again = match(tmp_path, EVERYBODY, WHOLE_ROSTER, "--work", work)
    assert "前回の結果を使います" not in first.output
    assert again.output.count("前回の結果を使います") == 3
    assert (tmp_path / "links.csv").read_bytes() == once

    changed = match(tmp_path, EVERYBODY, lines(ROSTER, ROSTER_TARO), "--work", work)
    assert changed.output.count("前回の結果を使います") == 1
    assert rows(tmp_path / "links.csv") == LINKS[:2]
