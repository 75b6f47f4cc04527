"""The consent text that a resident signs; a version that was signed is never changed again.

A new wording is a new file beside the old ones, and a new `VERSION`.
"""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from string import Template

VERSION = "v1"

JST = timezone(timedelta(hours=9))

_TEMPLATE = Template((Path(__file__).parent / f"{VERSION}.txt").read_text(encoding="utf-8"))

_REVOCATION = {
    True: (
        "電子証明書が失効していないことを、失効情報で確かめます。失効していれば登録できません。"
        "新しい失効情報がないときは確かめられず、確かめられなかったことを登録に記録します。"
    ),
    False: (
        "このシステムでは、電子証明書が失効していないことを確かめません。"
        "確かめていないことを登録に記録します。"
    ),
}


def text(
    *,
    municipality: str,
    nonce: str,
    now: datetime,
    expire_time: datetime,
    checks_revocation: bool,
) -> str:
    """Return the whole text, to be signed as it is; `municipality` is the city's name."""
    return _TEMPLATE.substitute(
        municipality=municipality,
        revocation=_REVOCATION[checks_revocation],
        version=VERSION,
        nonce=nonce,
        written=_on_paper(now),
        expires=_on_paper(expire_time),
    )


def _on_paper(moment: datetime) -> str:
    return f"{moment.astimezone(JST):%Y年%m月%d日 %H時%M分%S秒}"
