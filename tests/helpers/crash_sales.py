"""What is played of holds, sales, refunds and departures in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from helpers.clock import START
from helpers.desk import CARD, CASH, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import BookingState, HoldState, advance
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import AlreadyRefunded, WrongState
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice, Sell, SellLine
from travellr_desktop.services.travellers import TravellerDraft, TravellerRow
from travellr_desktop.storage.commits import Commit

SLOW_REFUNDS = PayChoice(Way.CARD, "pm_card_pendingRefund")
SOON = (START + timedelta(days=5)).date()
OPEN = (OutcomeState.DECLINED, OutcomeState.PENDING)


def key(word: str) -> UUID:
    """The key of a form: the same whenever the form is sent."""
    return uuid5(NAMESPACE_OID, word)


# forms, each with its own key


def buyer(desk: Desk) -> TravellerRow:
    draft = TravellerDraft("Henrik Söderberg", phone="+46 70 555 01 23")
    return desk.services.travellers.create(desk.agent, draft, key=key("buyer"))


def departures(desk: Desk) -> None:
    """Two departures, one of them in five days under a policy that keeps half by then."""
    desk.add_departure(capacity=4)
    desk.add_departure(desk.add_trip("Half kept", policy="strict"), day=SOON, capacity=3)
    buyer(desk)


def departure(desk: Desk, number: int) -> UUID:
    with desk.database.read() as view:
        return view.departures.find_all()[0][number].id


def held(desk: Desk, number: int = 0, adult: int = 2, word: str = "hold") -> HoldView:
    return desk.services.holds.hold(
        desk.agent, departure(desk, number), Party(adult=adult), key=key(f"{word} {number}")
    )


def sold(desk: Desk, pay: PayChoice | None, *numbers: int, word: str = "sell") -> SaleOutcome:
    lines = tuple(SellLine(held(desk, number).id) for number in numbers)
    order = Sell(lines, buyer(desk).id, pay)
    return desk.services.sales.sell(desk.agent, order, key=key(word))


def paid(desk: Desk, outcome: SaleOutcome, pay: PayChoice) -> SaleOutcome:
    """A person looks at how it stands, and takes the money where nothing was charged."""
    now = desk.services.sales.outcome(desk.agent, outcome.sale_id)
    if now.state not in OPEN:
        return now
    return desk.services.sales.pay(desk.agent, outcome.sale_id, pay, key=key(f"pay {now.payment_id}"))


def sell_until_paid(*numbers: int, first: PayChoice, then: PayChoice = CARD) -> Callable[[Desk], object]:
    def play(desk: Desk) -> SaleOutcome:
        return paid(desk, sold(desk, first, *numbers), then)

    return play


def only_sell(*numbers: int, pay: PayChoice) -> Callable[[Desk], object]:
    return lambda desk: sold(desk, pay, *numbers)


def ready_and_sold(pay: PayChoice, *numbers: int) -> Callable[[Desk], object]:
    def play(desk: Desk) -> None:
        departures(desk)
        sold(desk, pay, *numbers)

    return play


def cancel(expected: int) -> Callable[[Desk], object]:
    """The whole sale; `expected` goes back, in cents."""

    def play(desk: Desk) -> None:
        sale = desk.services.sales.outcome(desk.agent, sold_sale(desk))
        ids = [booking.id for booking in sale.bookings]
        back = Money(expected, "EUR")
        desk.services.cancellations.cancel(desk.agent, ids, "Ill", back, key=key("cancel"))

    return play


def cancel_with_another_form(desk: Desk) -> None:
    """Somebody else cancels as well, not knowing."""
    cancel(4500)(desk)
    shown = sold_sale(desk)
    try:
        desk.services.cancellations.preview_sale(desk.agent, shown)
    except AlreadyRefunded:
        return
    raise AssertionError("what was cancelled can be cancelled again")


def sold_sale(desk: Desk) -> UUID:
    with desk.database.read() as view:
        return view.sales.find_all()[0][0].id


# stories


def take_and_give_back(desk: Desk) -> None:
    first, second = held(desk, 0), held(desk, 1)
    desk.services.holds.extend(desk.agent, second.id)
    desk.services.holds.release(desk.agent, first.id)


def change_holds(desk: Desk) -> None:
    """A hold for fewer, then one of them to the other."""
    first, second = held(desk, 0), held(desk, 1, adult=1)
    desk.services.holds.resize(desk.agent, first.id, Party(adult=1, child=1), key=key("resize"))
    desk.services.holds.move(desk.agent, first.id, second.id, Party(child=1), key=key("move"))


def place_and_release(desk: Desk) -> None:
    desk.services.sales.release(desk.agent, sold(desk, None, 0, 1).sale_id)


def placed_and_held(desk: Desk) -> None:
    departures(desk)
    sold(desk, None, 0)
    held(desk, 1)


def placed(desk: Desk) -> None:
    departures(desk)
    sold(desk, None, 0, 1)


def pay_for_what_was_placed(pay: PayChoice) -> Callable[[Desk], object]:
    """The same form, with the same key, whenever it is sent."""
    return lambda desk: desk.services.sales.pay(desk.agent, sold_sale(desk), pay, key=key("pay"))


def expire(desk: Desk) -> None:
    desk.services.upkeep.expire_holds()


def complete(desk: Desk) -> None:
    """One of the bookings did not come."""
    with desk.database.read() as view:
        first = view.bookings.find_all()[0][0]
    if first.state is BookingState.CONFIRMED:
        desk.services.bookings.no_show(desk.admin, first.id)
    for number in (0, 1):
        try:
            desk.services.bookings.complete(desk.admin, departure(desk, number))
        except WrongState:
            pass  # done already


def at_the_quay(desk: Desk) -> None:
    """One booking has come, of another one traveller, nobody of the third; then the manifest is closed."""
    with desk.database.read() as view:
        bookings = [view.bookings.get_full(each.id) for each in view.bookings.find_all()[0]]
        here = view.departures.find_all()[0][0].id
    manifests = desk.services.manifests
    for booking, lines in zip(bookings, [booking.lines for booking in bookings], strict=True):
        if booking.state is not BookingState.CONFIRMED:
            continue
        first, *others = [line.id for line in lines]
        if booking is bookings[-1]:
            manifests.absent(desk.agent, [first, *others], True)
        else:
            manifests.check_in(desk.agent, [first])
    manifests.close(desk.agent, here, key=key("close"))


def two_sales(desk: Desk) -> None:
    departures(desk)
    sold(desk, CARD, 0)
    with desk.database.read() as view:
        here = view.departures.find_all()[0][0].id
    for word in ("second", "third"):
        hold = desk.services.holds.hold(desk.agent, here, Party(adult=1), key=key(f"hold {word}"))
        desk.services.sales.sell(
            desk.agent, Sell((SellLine(hold.id),), buyer(desk).id, CASH), key=key(f"sell {word}")
        )


def paid_too_late(desk: Desk) -> None:
    """Two bookings whose charge was never answered; meanwhile their holds are written off, as only an office may,
    and the seats of one are sold to somebody else."""
    departures(desk)
    sold(desk, CARD, 0, 1)
    with desk.database.write(Commit.HOLD_EXPIRE, SYSTEM) as work:
        for hold in work.holds.find_all()[0]:
            hold.state = advance(hold.state, HoldState.EXPIRED)
        work.commit()
    others = desk.services.holds.hold(desk.agent, departure(desk, 0), Party(adult=4), key=key("hold them"))
    order = Sell((SellLine(others.id),), buyer(desk).id, CASH)
    desk.services.sales.sell(desk.agent, order, key=key("sell to others"))


def recover(desk: Desk) -> None:
    desk.services.payments.recover(start_up=True)


def refund_arrives(desk: Desk) -> None:
    """The bank has taken the money back to the card: read again once it is time."""
    with desk.sandbox() as sandbox, desk.database.read() as view:
        for refund in view.refunds.find_all()[0]:
            if refund.provider_ref is not None and refund.state.value == "pending":
                sandbox.settle_refund(refund.provider_ref)
    recover(desk)


def cancel_until_it_arrives(desk: Desk) -> None:
    cancel(4500)(desk)
    refund_arrives(desk)
