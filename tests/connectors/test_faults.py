"""What goes wrong between two machines, for every connector that calls a supplier.

Each failure is one that may be tried again, comes within the limits, and leaves the work done once when it is.
"""

import time
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any, get_args

import pytest

from connectors import errors
from connectors.manifest import manifests
from connectors.shapes import PaymentRequest
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import RETRY_AFTER_S, Fault
from tests.connectors.test_conformance import FIELDS, REQUEST, TODAY, UPRN

PAYMENT = PaymentRequest(5050, "BN-7K3M-9QXF", "Bulky waste collection", "https://council.example/back")
# One call of each kind: of those that write, the one that writes.
CALLS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "addresses": ("find", ("12 N3 1AB",)),
    "areas": ("area", ("N3 1AB",)),
    "casework": ("create", (REQUEST, "BN-1/1")),
    "collections": ("rounds", (UPRN, TODAY)),
    "directory": ("search", ("lunch club",)),
    "messages": ("send", ("resident@example.com", "closed", FIELDS, "one")),
    "payments": ("create", (PAYMENT, "one")),
    "planning": ("constraints", (51.6, -0.2)),
}
WRITES = ("casework", "messages", "payments")
EXPECTED: dict[str, tuple[type[errors.ConnectorError], ...]] = {
    "time_out": (errors.SupplierSlow,),
    "lost": (errors.AnswerUnreadable,),
    "refused": (errors.AnswerUnreadable,),
    "busy": (errors.SupplierBusy,),
    "broken": (errors.SupplierBroken,),
    "half": (errors.AnswerUnreadable,),
    "wrong_type": (errors.AnswerUnreadable,),
    "nonsense": (errors.AnswerUnreadable,),
    "drip": (errors.SupplierSlow,),
    "huge": (errors.AnswerUnreadable, errors.SupplierSlow),
}
# Faults in which the supplier may have done the work.
DONE = ("time_out", "lost", "half", "drip", "huge", "nonsense", "wrong_type")
BY_WEB = [
    pytest.param((name, kind), kind, id=f"{name}-{kind}")
    for name, manifest in manifests().items()
    for kind in manifest.classes
    if kind in CALLS and CALLS[kind][0] in manifest.offers[kind] and manifest.quality["faults"] == "done"
]


@pytest.fixture
async def running(request: pytest.FixtureRequest) -> AsyncIterator[Running]:
    name, kind = request.param
    async with import_module(f"tests.connectors.{name}.supplier").running(kind) as one:
        if one.supplier is None:
            pytest.skip("its faults are tested beside it")
        one.says["never_knows"] = manifests()[name].quality["twice"] != "done"
        yield one


def test_every_fault_is_expected_somehow() -> None:
    assert {*EXPECTED, "twice"} == set(get_args(Fault))


@pytest.mark.parametrize(("running", "kind"), BY_WEB, indirect=["running"])
@pytest.mark.parametrize("fault", EXPECTED)
async def test_a_fault_is_named_in_time_and_mended_by_trying_again(running: Running, kind: str, fault: Fault) -> None:
    assert running.supplier is not None
    name, arguments = CALLS[kind]
    call = getattr(running.connector, name)
    # Faults meet the call that writes, which for some comes after one that asks.
    running.supplier.fail(*[None] * running.says.get("before", 0), fault)
    began = time.monotonic()
    if running.says.get("any_answer") and fault in ("wrong_type", "nonsense"):
        assert await call(*arguments)
    else:
        with pytest.raises(EXPECTED[fault]) as raised:
            await call(*arguments)
        assert raised.value.retryable and raised.value.what_to_do
        if fault == "busy":
            assert raised.value.wait_s == RETRY_AFTER_S
        if kind in WRITES and fault in DONE:
            assert raised.value.maybe_done
    assert time.monotonic() - began < QUICK["total_s"] + 3
    assert await call(*arguments)
    # A supplier that can neither be asked nor told is left to a person, who is told that it may be done.
    if kind in WRITES and not (running.says["never_knows"] and fault in DONE):
        assert running.made() == 1


@pytest.mark.parametrize(("running", "kind"), BY_WEB, indirect=["running"])
async def test_a_call_that_the_network_delivers_twice(running: Running, kind: str) -> None:
    assert running.supplier is not None
    name, arguments = CALLS[kind]
    running.supplier.fail(*[None] * running.says.get("before", 0), "twice")
    assert await getattr(running.connector, name)(*arguments)
    if kind in WRITES and running.says.get("knows_twice"):
        assert running.made() == 1


@pytest.mark.parametrize(("running", "kind"), BY_WEB, indirect=["running"])
async def test_nobody_at_the_address(running: Running, kind: str) -> None:
    assert running.supplier is not None
    name, arguments = CALLS[kind]
    connector = running.connector
    connector._http._settings = connector._http._settings.model_copy(update={"url": "http://127.0.0.1:9"})
    with pytest.raises(errors.SupplierUnavailable) as raised:
        await getattr(connector, name)(*arguments)
    assert not raised.value.maybe_done and running.made() == 0


@pytest.mark.parametrize(("running", "kind"), BY_WEB, indirect=["running"])
async def test_no_line_of_the_log_holds_a_residents_word_or_a_key(
    running: Running, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert running.supplier is not None
    name, arguments = CALLS[kind]
    running.supplier.fail("broken")
    with pytest.raises(errors.ConnectorError) as raised:
        await getattr(running.connector, name)(*arguments)
    await getattr(running.connector, name)(*arguments)
    said = capsys.readouterr().out + str(raised.value)
    assert "supplier.called" in said and "supplier.failed" in said
    for word in ("resident@", "blue bin", "N3 1AB", "N3%20", UPRN, "lunch", "51.6", "127.0.0.1", "BN-"):
        assert word not in said
