"""The sealed round trip: in with an export, out with an answer, by two people and one key."""

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

from core.sealing.keys import read_key
from core.sealing.links import Link, Links, read_links
from core.sealing.refusals import SealBroken
from tests.core.kit.files import (
    ROSTER,
    ROSTER_HANAKO,
    ROSTER_ICHIRO,
    ROSTER_TARO,
    lines,
    rows,
    todoke,
    write,
)
from tests.core.sealing.makers import EXPORT_ID, SECRET, exported

REGISTRATIONS = [
    ["r-1", "山田　太郎", "1950-01-02", "1", "岡山県総社市中央一丁目１番１号", "", "", "", ""],
    ["r-2", "山田　花子", "1955-05-05", "2", "岡山県総社市中央一丁目１番１号", "", "", "", ""],
    ["r-3", "髙橋　一郎", "1960-03-03", "1", "岡山県総社市別の町９９番地", "", "", "", "0"],
]
TARO = Link("r-1", "00011", "10000", "****567", "normalised", "normalised")
HANAKO = Link("r-2", "00012", "10000", "", "normalised", "normalised")
TWO_PEOPLE = ("--operator", "山田　太郎", "--approver", "鈴木　花子")
WHOLE_ROSTER = lines(ROSTER, ROSTER_TARO, ROSTER_HANAKO, ROSTER_ICHIRO)


@dataclass
class Kit:
    """A folder in the closed network with the city's key, an export and a roster."""

    folder: Path

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def key(self) -> Path:
        return self.folder / "city.key"

    def match(self, *keys: Path, roster: str = WHOLE_ROSTER) -> Result:
        return todoke(
            "match",
            "--export",
            self.folder / "registrations.age.txt",
            *(arg for key in keys or (self.key,) for arg in ("--key", key)),
            "--roster",
            write(self.folder / "L.csv", roster, "cp932"),
            "--work",
            self.work,
        )

    def decide(self, decision: str, reason: str = "", encoding: str = "utf-8-sig") -> None:
        header, *pairs = rows(self.work / "review.csv")
        place = header.index("decision")
        text = lines(
            ",".join(header),
            *(",".join([*pair[:place], decision, reason]) for pair in pairs),
        )
        # What a spreadsheet makes of numbers and dates on its way.
        text = text.replace("00013", "13").replace("1960-03-03", "1960/3/3")
        (self.work / "review.csv").write_bytes(text.encode(encoding, errors="replace"))

    def pack(self, *more: str, people: tuple[str, ...] = TWO_PEOPLE) -> Result:
        return todoke(
            "pack",
            "--work",
            self.work,
            "--key",
            self.key,
            "--out",
            self.folder / "result.csv",
            *people,
            *more,
        )

    def answer(self) -> Links:
        text = (self.folder / "result.csv").read_bytes()
        return read_links(io.BytesIO(text), export_id=EXPORT_ID, secret=SECRET)


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    kit = Kit(tmp_path)
    assert todoke("seal", "key", "new", "--out", kit.key).exit_code == 0
    sealed, _ = exported(read_key(kit.key), REGISTRATIONS)
    (tmp_path / "registrations.age.txt").write_bytes(sealed.replace(b"\n", b"\r\n"))
    return kit


def test_the_key_shows_its_public_half_and_a_fingerprint_to_read_aloud(kit: Kit) -> None:
    shown = todoke("seal", "key", "show", "--key", kit.key)
    again = todoke("seal", "key", "new", "--out", kit.key)

    assert shown.output.startswith("age1")
    assert "AGE-SECRET-KEY" not in shown.output
    assert again.exit_code == 1
    assert "鍵は上書きしません" in again.output


def test_what_is_matched_and_decided_leaves_as_numbers_alone(kit: Kit) -> None:
    matched = kit.match()
    assert matched.exit_code == 0, matched.output
    assert [row[2] for row in rows(kit.work / "links.csv")[1:]] == ["accept", "accept", "review"]
    review = rows(kit.work / "review.csv")
    assert len(review) == 2
    assert {"髙橋　一郎", "高橋　一郎", "タカハシ　イチロウ"} <= set(review[1])

    kit.decide("Accept", "転居届を確認")
    packed = kit.pack()

    assert packed.exit_code == 0, packed.output
    answer = kit.answer()
    found = list(answer.rows)
    assert found[:2] == [TARO, HANAKO]
    assert found[2][:2] == ("r-3", "00013")
    assert (answer.count, answer.total) == (3, 30000)
    text = (kit.folder / "result.csv").read_text(encoding="utf-8")
    assert not [
        word for word in ("太郎\r\nrow", "花子,", "高橋", "1950-01", "総社") if word in text
    ]
    crossings = rows(kit.work / "crossings.csv")
    assert crossings[1][1:] == ["山田　太郎", "鈴木　花子", "out", "result.csv", "3", answer.hash]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_the_review_is_read_however_a_spreadsheet_saved_it(kit: Kit, encoding: str) -> None:
    kit.match()

    kit.decide("refuse", "別の人", encoding)

    assert kit.pack().exit_code == 0
    assert list(kit.answer().rows) == [TARO, HANAKO]


def test_pairs_nobody_decided_are_left_out_only_when_said(kit: Kit) -> None:
    kit.match()

    refused = kit.pack()
    assert refused.exit_code == 1
    assert "まだ決まっていない組があります" in refused.output
    assert not (kit.folder / "result.csv").exists()
    assert not (kit.work / "crossings.csv").exists()

    assert kit.pack("--leave-undecided").exit_code == 0
    assert list(kit.answer().rows) == [TARO, HANAKO]


def test_a_decision_that_is_none_is_refused(kit: Kit) -> None:
    kit.match()

    kit.decide("たぶん")

    assert kit.pack().exit_code == 1


@pytest.mark.parametrize("approver", ["山田太郎", "山田 太郎", ""])
def test_one_person_cannot_let_a_file_out(kit: Kit, approver: str) -> None:
    kit.match()

    alone = kit.pack(
        "--leave-undecided", people=("--operator", "山田　太郎", "--approver", approver)
    )

    assert alone.exit_code == 1
    assert "別の人でなければなりません" in alone.output
    assert not (kit.folder / "result.csv").exists()


def test_one_row_is_not_linked_twice_even_by_people(kit: Kit) -> None:
    twin = ROSTER_ICHIRO.replace("00013", "00014")
    kit.match(roster=lines(ROSTER, ROSTER_TARO, ROSTER_ICHIRO, twin))
    assert len(rows(kit.work / "review.csv")) == 3

    kit.decide("accept")
    packed = kit.pack()

    assert packed.exit_code == 1
    assert "二度結ばれています" in packed.output


def test_what_was_decided_stays_when_matched_again(kit: Kit) -> None:
    kit.match()
    kit.decide("refuse", "別の人")

    kit.match(roster=lines(ROSTER, ROSTER_HANAKO, ROSTER_ICHIRO))

    assert rows(kit.work / "review.csv")[1][-2:] == ["refuse", "別の人"]
    assert kit.pack().exit_code == 0
    assert list(kit.answer().rows) == [HANAKO]


def test_an_old_export_opens_with_the_key_it_was_sealed_to(kit: Kit) -> None:
    new = kit.folder / "new.key"
    todoke("seal", "key", "new", "--out", new)

    wrong = kit.match(new)
    assert wrong.exit_code == 1
    assert "sealed to another key" in wrong.output
    assert kit.match(new, kit.key).exit_code == 0


def test_only_a_key_that_matched_packs(kit: Kit) -> None:
    kit.match()
    (kit.folder / "city.key").unlink()
    todoke("seal", "key", "new", "--out", kit.key)

    packed = kit.pack("--leave-undecided")

    assert packed.exit_code == 1
    assert "sealed to another key" in packed.output


def test_the_secret_lies_nowhere_in_plain_text(kit: Kit) -> None:
    kit.match()
    kit.pack("--leave-undecided")

    files = [path for path in kit.folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if SECRET.hex().encode() in path.read_bytes()]


def test_an_answer_that_was_edited_is_refused(kit: Kit) -> None:
    kit.match()
    kit.pack("--leave-undecided")
    result = kit.folder / "result.csv"
    result.write_bytes(result.read_bytes().replace(b"r-2", b"r-3"))

    with pytest.raises(SealBroken):
        kit.answer()


def test_neither_half_of_the_commands_is_taken_for_the_other(kit: Kit) -> None:
    mixed = todoke("match", "--roster", write(kit.folder / "L.csv", WHOLE_ROSTER))
    early = kit.pack()

    assert (mixed.exit_code, early.exit_code) == (2, 2)
