from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from travellr_desktop import events
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import (
    BatchState,
    DepartureState,
    DisputeState,
    HoldState,
    PaymentState,
    PayoutState,
    RefundOrderState,
    RefundState,
    WaitingState,
)
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import Change, Event

WHEN = datetime(2026, 6, 12, 9, 20, tzinfo=UTC)
EUR = Money(11_700, "EUR")


def of_every_kind() -> list[Event]:
    same: dict[str, Any] = {"aggregate_id": new_id(), "timestamp": WHEN}
    booking: dict[str, Any] = same | {
        "reference": "BK-2026-000001",
        "sale_id": new_id(),
        "departure_id": new_id(),
        "vendor_id": new_id(),
    }
    completed = {key: booking[key] for key in booking if key != "sale_id"}
    return [
        events.BookingCreated(**booking, traveller_id=new_id(), pax=3, price=EUR),
        events.BookingConfirmed(**booking),
        events.BookingCancelled(**booking, reason="ill", kept=Money(0, "EUR"), back=EUR),
        events.BookingCompleted(**completed, no_show=True),
        events.PaymentProcessed(
            **same,
            sale_id=new_id(),
            state=PaymentState.FAILED,
            amount=EUR,
            way=Way.CARD,
            decline_code="CARD_DECLINED",
        ),
        events.RefundProcessed(
            **same, payment_id=new_id(), booking_id=None, state=RefundState.PENDING, amount=EUR
        ),
        events.RefundOrderChanged(**same, sale_id=new_id(), state=RefundOrderState.REQUESTED, amount=EUR),
        events.HoldChanged(
            **same,
            departure_id=new_id(),
            seats=2,
            state=HoldState.ACTIVE,
            expires_at=WHEN + timedelta(minutes=15),
        ),
        events.BookingChanged(**same, what="seats", departure_id=new_id(), vendor_id=new_id()),
        events.OptionDue(
            **same, departure_id=new_id(), traveller_id=new_id(), expires_at=WHEN + timedelta(days=2)
        ),
        events.DisputeChanged(**same, payment_id=new_id(), state=DisputeState.OPEN, amount=EUR),
        events.WaitingChanged(**same, departure_id=new_id(), state=WaitingState.OFFERED, hold_id=new_id()),
        events.CatalogueChanged(**same, what="trip", change=Change.UPDATED),
        events.RowsImported(**same, what="trips", made=12, changed=0),
        events.TravellerChanged(**same, change=Change.CREATED),
        events.DepartureChanged(**same, trip_id=new_id(), vendor_id=new_id(), state=DepartureState.STOPPED),
        events.UserChanged(**same, change=Change.REMOVED),
        events.SettingsChanged(**same, names=("agency", "zone")),
        events.TillChanged(**same, number=412, what="closed"),
        events.InvoiceIssued(**same, number="IV-2026-000012", sale_id=new_id()),
        events.VendorPayout(
            **same, vendor_id=new_id(), batch_id=new_id(), amount=EUR, state=PayoutState.PAID
        ),
        events.PayoutBatchChanged(**same, state=BatchState.APPROVED),
        events.EarningsChanged(**same),
        events.CentralChanged(**same, what="link"),
    ]


def user_changed() -> events.UserChanged:
    return events.UserChanged(aggregate_id=new_id(), timestamp=WHEN, change=Change.UPDATED)


# events


def test_every_kind_is_written_and_read_back_as_itself() -> None:
    made = of_every_kind()
    assert {type(event) for event in made} == {
        kind for kind in Event.kinds.values() if kind.__module__.startswith(f"{events.__name__}.")
    }
    for event in made:
        back = Event.from_json(json.loads(json.dumps(event.to_json())))
        assert back == event
        assert type(back) is type(event)


def test_an_event_has_its_four_fields() -> None:
    sale, payment = new_id(), new_id()
    event = events.PaymentProcessed(
        aggregate_id=payment,
        timestamp=datetime(2026, 6, 12, 11, 20, tzinfo=timezone(timedelta(hours=2))),
        sale_id=sale,
        state=PaymentState.COMPLETED,
        amount=EUR,
        way=Way.CASH,
    )
    assert event.event_name == "PaymentProcessed"
    assert event.aggregate_id == payment
    assert event.timestamp == WHEN
    assert event.timestamp.tzinfo is UTC
    assert event.payload == {
        "sale_id": str(sale),
        "state": "completed",
        "amount": {"minor": 11_700, "currency": "EUR"},
        "way": "cash",
        "decline_code": None,
    }
    assert event.to_json()["timestamp"] == "2026-06-12T09:20:00+00:00"


def test_nothing_about_an_event_can_be_changed() -> None:
    event: Any = user_changed()
    with pytest.raises(TypeError):
        event.payload["change"] = "removed"
    with pytest.raises(FrozenInstanceError):
        event.change = Change.REMOVED
    with pytest.raises(InvalidInput):
        events.UserChanged(aggregate_id=new_id(), timestamp=WHEN.replace(tzinfo=None), change=Change.CREATED)


def spoiled(**change: Any) -> dict[str, Any]:
    return user_changed().to_json() | change


@pytest.mark.parametrize(
    "data",
    [
        {},
        spoiled(extra=1),
        spoiled(event_name="Unheard"),
        spoiled(event_name=None),
        spoiled(aggregate_id="x"),
        spoiled(aggregate_id=None),
        spoiled(timestamp="yesterday"),
        spoiled(timestamp="2026-06-12T09:20:00"),
        spoiled(payload={}),
        spoiled(payload={"change": "moved"}),
        spoiled(payload={"change": "created", "extra": 1}),
        spoiled(event_name="SettingsChanged", payload={"names": [1]}),
        spoiled(event_name="VendorPayout", payload={"vendor_id": str(new_id()), "amount": {"minor": 1}}),
        spoiled(
            event_name="VendorPayout",
            payload={"vendor_id": str(new_id()), "amount": {"minor": 1.5, "currency": "EUR"}},
        ),
    ],
)
def test_what_is_no_event_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        Event.from_json(data)
