"""Small files for the kit, and the commands as staff give them."""

import csv
from pathlib import Path

from click.testing import CliRunner, Result

from todoke.command import main

REGISTRATIONS = "registration_id,name,birth_date,sex,address,registered_at"
ROSTER = (
    "addressee_number,name_kanji,name_kana,birth_date,sex,postal_code,address,"
    "household_number,bank_account"
)
TARO = "r-1,山田　太郎,1950-01-02,1,岡山県総社市中央一丁目１番１号,2026-11-01"
HANAKO = "r-2,山田　花子,1955-05-05,2,岡山県総社市中央一丁目１番１号,2026-11-01"
ICHIRO = "r-3,髙橋　一郎,1960-03-03,1,岡山県総社市三輪５番地,2026-11-02"
ROSTER_TARO = (
    "00011,山田　太郎,ヤマダ　タロウ,昭和25年1月2日,男,719-1192,"
    "総社市中央1-1-1,1,0168-101-1-1234567"
)
ROSTER_HANAKO = "00012,山田 花子,ﾔﾏﾀﾞ ﾊﾅｺ,S30.5.5,女,7191192,総社市中央1-1-1,1,"
ROSTER_ICHIRO = "00013,高橋　一郎,タカハシ　イチロウ,19600303,M,,総社市三輪77,2,"


def lines(*of: str) -> str:
    return "".join(f"{line}\r\n" for line in of)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def todoke(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))
