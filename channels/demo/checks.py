"""What must hold once the play is over: each expectation, what was expected, what was found."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from channels.demo import identity, zengin
from channels.demo.hearing import NOTICES, Heard, Kind, heard
from channels.demo.plan import FILED, Plan, Role, Ways
from channels.demo.story import Found
from channels.simulators.city.differences import Expected

MOST_EXAMPLES = 5

Told = Mapping[str, list[Heard]]
"""What each phone was told, by its owner."""

SURE = (Expected.EXACT, Expected.SUPPRESSED, Expected.NO_ACCOUNT)


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation."""

    name: str
    expected: object
    found: object

    @property
    def holds(self) -> bool:
        return self.expected == self.found


def all_of(plan: Plan, found: Found) -> list[Check]:
    """Compare everything that was planned with everything that was found."""
    return [
        *_counts(plan, found),
        *_messages(plan, found),
        *_payment(plan, found),
        *_identity(found),
        *_core(found),
    ]


def _counts(plan: Plan, found: Found) -> Iterator[Check]:
    rows = len(plan.city.rows)
    yield Check("registered", len(plan.roles), found.registered)
    yield Check("roster_rows", rows, found.imported.roster.rows)
    yield Check("roster_total", sum(int(row.amount) for row in plan.city.rows),
                found.imported.roster.total)  # fmt: skip
    yield Check("roster_problems", 0, found.problems)
    yield Check("matched", plan.expected(*SURE), found.matching.accepted)
    yield Check("to_review", plan.expected(Expected.REVIEW), found.matching.to_review)
    yield Check("reviewed", plan.expected(Expected.REVIEW), found.matching.taken)
    yield Check("refused", 0, found.matching.refused)
    yield Check("invited", len(plan.invited), found.invited.invited)
    yield Check("not_pushed", plan.expected(Expected.SUPPRESSED), found.invited.suppressed)
    yield Check("without_account", plan.expected(Expected.NO_ACCOUNT),
                found.invited.without_account)  # fmt: skip
    yield Check("unreachable", len(plan.ways(Ways.BLOCK)), found.invited.unreachable)
    yield Check("submitted", len(plan.ways(*FILED)), found.submitted)
    states = found.program.counts.applications.items()
    yield Check("applications", plan.application_states, {state: n for state, n in states if n})


def _identity(found: Found) -> Iterator[Check]:
    came = found.came
    yield Check("on_the_web", expected=True, found=came.on_the_web)
    yield Check("at_the_counter", "confirmed", came.at_the_counter)
    yield Check("linked", expected=True, found=came.linked)
    yield Check("proxies", 1, came.proxies)
    yield Check("exported", expected=True, found=came.exported)
    yield Check("left", 0, came.found_after_leaving)
    # All newcomers but the one who left, and those who applied for what is open to all.
    came_later = identity.PEOPLE - 1 + len(found.offered.applicants.each)
    yield Check("residents", found.registered + came_later, found.overview.residents)


def _messages(plan: Plan, found: Found) -> Iterator[Check]:
    told = {user: _read(sends) for user, sends in found.deliveries.items()}
    yield from _as_planned(plan, told)
    yield from _to_nobody_else(plan, found, told)
    yield from _never_twice(found, told)
    yield from _own_accounts(plan, told)


def _as_planned(plan: Plan, told: Told) -> Iterator[Check]:
    said = [(role, _due(role, told.get(role.user_id, []))) for role in plan.roles]
    differing = [
        f"{role.user_id}: {kinds} instead of {role.messages}"
        for role, kinds in said
        if kinds != role.messages
    ]
    yield Check("messages", [], differing[:MOST_EXAMPLES])


def _to_nobody_else(plan: Plan, found: Found, told: Told) -> Iterator[Check]:
    others = (
        *found.newcomers.all,
        *found.offered.applicants.registrants,
        *found.went.neighbours.all,
    )
    known = plan.by_user.keys() | {one.line_user_id for one in others}
    yield Check("strangers", [], sorted(told.keys() - known)[:MOST_EXAMPLES])
    leaked = [
        role.user_id
        for role in plan.roles
        if not role.is_invited and _pushed(found.deliveries, role) > 1
    ]
    # One push is the notice that says that one is registered.
    yield Check("not_invited_not_told", [], leaked[:MOST_EXAMPLES])


def _never_twice(found: Found, told: Told) -> Iterator[Check]:
    yield Check("retry_keys", [], _repeated_keys(found.deliveries)[:MOST_EXAMPLES])
    twice = [
        f"{user}: {text[:40]!r}"
        for user, messages in told.items()
        for text, number in Counter(m.text for m in messages if m.kind in NOTICES).items()
        if number > 1
    ]
    yield Check("equal_notices", [], twice[:MOST_EXAMPLES])


def _own_accounts(plan: Plan, told: Told) -> Iterator[Check]:
    numbers = {row.addressee: row.account_number for row in plan.city.rows}
    wrong = [
        role.user_id
        for role in plan.invited
        for message in told.get(role.user_id, [])
        if message.kind is Kind.PROMPT
        and not _shows(message.text, numbers[role.registrant.person.addressee])
    ]
    yield Check("own_account", [], wrong[:MOST_EXAMPLES])


def _payment(plan: Plan, found: Found) -> Iterator[Check]:
    yield Check("batch_lines", len(plan.paid), found.exported.batch.lines)
    yield Check("batch_total", plan.total, found.exported.batch.total)
    try:
        file = zengin.read(found.exported.content)
    except zengin.FileBroken as broken:
        yield Check("file", "", str(broken))
        return
    yield Check("file", "", "")
    yield Check("file_total", plan.total, file.total)
    rows = {row.addressee: row for row in plan.city.rows}
    owed = Counter(
        (row.bank, row.branch, row.account_kind, row.account_number, int(row.amount))
        for row in (rows[role.registrant.person.addressee] for role in plan.paid)
    )
    paid = Counter(
        (line.bank, line.branch, line.account_type, line.account_number, line.amount)
        for line in file.lines
    )
    yield Check("unpaid", 0, (owed - paid).total())
    yield Check("overpaid", 0, (paid - owed).total())
    numbers = {line.payment_number for line in file.lines}
    yield Check("payment_numbers", len(file.lines), len(numbers))


def _core(found: Found) -> Iterator[Check]:
    dispatches = found.overview.dispatches
    for state in ("queued", "leased", "failed", "unknown"):
        yield Check(f"dispatches_{state}", 0, dispatches.get(state, 0))
    yield Check("audit", 0, found.audit.broken_at)


def _read(sends: list[dict[str, Any]]) -> list[Heard]:
    return [heard(message) for send in sends for message in send["messages"]]


def _due(role: Role, messages: list[Heard]) -> list[Kind]:
    """Tell the kinds in order, but for a question that the clock may bring or not."""
    kinds = [message.kind for message in messages]
    if role.may_be_asked_to_renew and Kind.RENEWAL in kinds:
        kinds.remove(Kind.RENEWAL)
    return kinds


def _pushed(deliveries: dict[str, list[dict[str, Any]]], role: Role) -> int:
    return sum(send["kind"] != "reply" for send in deliveries.get(role.user_id, []))


def _repeated_keys(deliveries: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Name the retry keys under which LINE accepted more than once."""
    accepted = {
        (send["retry_key"], send["request_id"])
        for sends in deliveries.values()
        for send in sends
        if send["retry_key"]
    }
    keys = Counter(key for key, _ in accepted)
    return [key for key, number in keys.items() if number > 1]


def _shows(text: str, number: str) -> bool:
    """Whether the end of the account's number is shown, and not the whole."""
    return number[-3:] in text and number not in text
