"""The contract against the code: who may call, what is served, every reason said."""

import importlib
import pkgutil

import pytest

import core
from core.errors import Refusal
from core.wire import access
from core.wire.status import CODES
from todoke.v1 import error_reason_pb2

NOT_SERVED = "Not served yet."
SERVICES = (
    "access", "activity", "applications", "campaigns", "circulars", "coupons", "crossings",
    "dispatches", "eligibility", "ledger", "matching", "payments", "procedures", "proxies",
    "records", "registration", "residents", "rosters", "staff",
)  # fmt: skip


def described() -> dict[str, str]:
    """Return the comment of every RPC of the contract, on one line, by its full name."""
    found = {}
    for name in SERVICES:
        grpc = importlib.import_module(f"todoke.v1.{name}_pb2_grpc")
        messages = importlib.import_module(f"todoke.v1.{name}_pb2")
        for service in messages.DESCRIPTOR.services_by_name.values():
            servicer = getattr(grpc, f"{service.name}Servicer")
            for method in service.methods:
                comment = getattr(servicer, method.name).__doc__
                found[f"{service.full_name}/{method.name}"] = " ".join(comment.split())
    return found


@pytest.fixture
def served(a_town) -> set[str]:
    """What the running core serves, by full name."""
    return {
        f"{service.descriptor.full_name}/{name}"
        for service in a_town.running.services
        for name in service.served()
    }


async def test_each_rpc_says_whether_it_is_served(served: set[str]) -> None:
    said = {name for name, comment in described().items() if NOT_SERVED not in comment}
    assert said == served


async def test_who_may_call_is_said_of_exactly_what_is_served(served: set[str]) -> None:
    assert set(access.ALLOWED) | access.ANYBODY == served


async def test_each_servicer_has_only_methods_of_its_service(a_town) -> None:
    for service in a_town.running.services:
        public = {name for name in dir(service.servicer) if name[0].isupper()}
        assert public == set(service.served()), service.descriptor.full_name


def refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    return {kind, *(one for below in kind.__subclasses__() for one in refusals(below))}


def test_every_refusal_has_a_reason_of_the_contract_and_a_kind() -> None:
    reasons = {
        name.removeprefix("ERROR_REASON_")
        for name in error_reason_pb2.ErrorReason.DESCRIPTOR.values_by_name
    }
    for refusal in refusals() - {Refusal} - set(CODES):
        assert refusal.reason in reasons, refusal
        assert any(kind in CODES for kind in refusal.__mro__), refusal
