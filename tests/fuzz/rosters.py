"""`make fuzz`: whatever bytes come as a roster, only refusals come out. Linux only.

Run as `python -m tests.fuzz.rosters SECONDS`; a crash leaves its input in `build/fuzz`.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["core.rosters", "core.my_number"]):
    from core.errors import Refusal
    from core.rosters.blocks import Cutter
    from core.rosters.file import head_of, open_roster, read_block
    from core.rosters.own_numbers import Tally
    from core.rosters.workbook import text_of

FOLDER = Path("build/fuzz")
HEADER = (
    "宛名番号,世帯番号,氏名,生年月日,性別,郵便番号,住所,支給額,世帯人数,"
    "金融機関コード,支店コード,預金種目,口座番号,口座名義カナ,抑止区分\r\n"
)


def one_file(data: bytes) -> None:
    """Read the bytes as a whole file, as what follows a header, and as a workbook."""
    for begins in (b"", HEADER.encode(), HEADER.encode("cp932")):
        try:
            for _ in open_roster([begins, data]).rows:
                pass
        except Refusal:
            continue
    try:
        cutter = Cutter(delimiter=",")
        text = b"".join(text_of(data))
        for block in [*cutter.feed(text), *cutter.end()]:
            head = head_of(cutter, block, is_workbook=True)
            for _ in read_block(head, block, Tally()):
                pass
    except Refusal:
        return


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    seconds = int(sys.argv[1]) if sys.argv[1:] else 60
    # The dictionary of the values that municipal systems write is in the seeds.
    seeds = FOLDER / "seeds"
    seeds.mkdir(exist_ok=True)
    row = "0000012345,H1,総社　太郎,昭和25年1月2日,男,719-1192,中央1,30000,3,0168,191,普通,1234567,ソウジヤ,\r\n"
    for encoding in ("utf-8", "cp932"):
        (seeds / encoding).write_bytes(row.encode(encoding))
    arguments = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-artifact_prefix={FOLDER}/",
        "-max_len=4096",
        "-timeout=20",
        str(seeds),
    ]
    atheris.Setup(arguments, one_file)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
