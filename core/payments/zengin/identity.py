"""Tells whether two batches of transfers are the same batch, whatever their files are called."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from core.payments.zengin.records import Transfer

# Part of what is hashed: a change of the form must not make an old batch look like another.
_FORM = "todoke transfer batch 1"


def fingerprint(transfers: Iterable[Transfer], entitlements: Mapping[str, str]) -> str:
    """Return the SHA-256, in hexadecimal, of who gets how much for what.

    `entitlements` gives each payment id its entitlement's id. Account, amount and entitlement make
    a batch; the order of lines does not, nor do the file's name, date, form and originator, the
    spelling of a payee's name, or payment ids, which are minted anew for every batch and would
    let the same batch through a second time. Next month's payment of the same amount to the same
    account is another entitlement, and so another batch. Raises `KeyError` for a payment id without
    an entitlement.
    """
    lines = sorted(
        [
            transfer.bank_code,
            transfer.branch_code,
            transfer.account_type.value,
            transfer.account_number,
            str(transfer.amount),
            entitlements[transfer.payment_id],
        ]
        for transfer in transfers
    )
    content = json.dumps([_FORM, lines], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()
