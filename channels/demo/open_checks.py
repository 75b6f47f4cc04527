"""What must hold of what anybody may file: who filed, who was told what, and who is paid."""

from collections import Counter
from collections.abc import Iterator

from channels.demo import zengin
from channels.demo.checks import Check
from channels.demo.hearing import Kind, heard
from channels.demo.open_plan import Applicant
from channels.demo.story import Found


def all_of(found: Found) -> Iterator[Check]:
    """Compare what was planned with what was found."""
    offered, applicants = found.offered, found.offered.applicants
    states = {state: n for state, n in offered.program.counts.applications.items() if n}
    refused = len(applicants.each) - len(applicants.paid)
    yield Check("helmets", {"in_payment": len(applicants.paid), "rejected": refused}, states)
    # One was looked at again, when it was mended.
    yield Check("receipts", len(applicants.each) + 1, offered.receipts)
    yield Check("helmets_total", applicants.total, offered.exported.batch.total)
    try:
        file = zengin.read(offered.exported.content)
    except zengin.FileBroken as broken:
        yield Check("helmets_file", "", str(broken))
        return
    owed = Counter(
        (one.account["bank"], one.account["branch"], one.account["account_number"], one.subsidy)
        for one in applicants.paid
    )
    paid = Counter(
        (line.bank, line.branch, line.account_number, line.amount) for line in file.lines
    )
    yield Check("helmets_unpaid", 0, (owed - paid).total())
    yield Check("helmets_overpaid", 0, (paid - owed).total())
    in_line = [one for one in applicants.each if one.in_line]
    told = {one.number: _told(found, one) for one in in_line}
    yield Check("helmets_told", {one.number: [_due(one)] for one in in_line}, told)
    on_web = [one for one in applicants.each if not one.in_line]
    yield Check("helmets_on_the_web", len(on_web), offered.seen_on_the_web)
    marks = ["mark_5"] * len(in_line) + ["mark_4"] * len(on_web)
    yield Check("surveys", sorted(marks), offered.surveys)


def _due(one: Applicant) -> tuple[Kind, bool]:
    """Return the one decision that somebody is to be told, and whether the amount stands in it."""
    return (Kind.APPROVED, True) if one.is_paid else (Kind.REJECTED, False)


def _told(found: Found, one: Applicant) -> list[tuple[Kind, bool]]:
    """Return the decisions that somebody was told."""
    sends = found.deliveries.get(one.registrant.line_user_id, [])
    messages = [heard(message) for send in sends for message in send["messages"]]
    amount = f"{one.subsidy:,}円"
    return [
        (each.kind, amount in each.text)
        for each in messages
        if each.kind in {Kind.APPROVED, Kind.REJECTED}
    ]
