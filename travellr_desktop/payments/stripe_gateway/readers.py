"""Card readers at Stripe: Terminal, driven from here over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travellr_desktop.errors import InvalidInput
from travellr_desktop.payments.gateway import (
    OnlyInTests,
    OutcomeUnknown,
    PaymentCancelled,
    PaymentRequest,
    PreparedPayment,
    ProviderPaymentState,
    Reader,
    ReaderAction,
    ReaderActionState,
)
from travellr_desktop.payments.stripe_gateway.calling import PAGE, part_of
from travellr_desktop.payments.stripe_gateway.charges import PAYMENT_STATES, ChargePart
from travellr_desktop.payments.stripe_gateway.reading import reads, ref_of, state_of

if TYPE_CHECKING:
    from stripe import terminal
    from stripe.params.terminal import (
        LocationCreateParamsAddress,
        ReaderListParams,
        ReaderProcessPaymentIntentParamsProcessConfig,
    )

_ACTION_STATES = {
    "in_progress": ReaderActionState.WAITING,
    "succeeded": ReaderActionState.SUCCEEDED,
    "failed": ReaderActionState.FAILED,
}
_DEVICES = {
    "mobile_phone_reader": "Phone",
    "stripe_m2": "M2",
    "stripe_s700": "Reader S700",
    "stripe_s710": "Reader S710",
    "wisepad3": "WisePad 3",
    "wisepos_e": "WisePOS E",
}
_AS_IT_IS: ReaderProcessPaymentIntentParamsProcessConfig = {
    "skip_tipping": True,  # the amount is the one of the sale
    "enable_customer_cancellation": True,
}
_SIMULATED = "simulated_"
_TIMED_OUT = "terminal_reader_timeout"
_MOVED_ON = frozenset({"intent_invalid_state", "payment_intent_unexpected_state"})

_SIMULATED_CODE = "simulated-wpe"
_SOMEWHERE: LocationCreateParamsAddress = {
    "line1": "1 Main Street",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94111",
    "country": "US",
}
"""Where simulated readers are, on an account that has no place for readers yet."""


class ReaderPart(ChargePart):
    def readers(self) -> tuple[Reader, ...]:
        params: ReaderListParams = {"limit": PAGE}
        listed = self._each(lambda turn: self._client.v1.terminal.readers.list({**params, **turn}))
        return tuple(_reader(reader) for reader in listed)

    def get_reader(self, ref: str) -> Reader:
        return _reader(self._call(lambda: self._client.v1.terminal.readers.retrieve(ref)))

    def prepare_reader_payment(self, request: PaymentRequest, *, key: str) -> PreparedPayment:
        return self._prepare(request, "card_present", key)

    def process_on_reader(self, reader_ref: str, payment_ref: str, *, key: str) -> ReaderAction:
        from stripe import InvalidRequestError

        from travellr_desktop.payments.stripe_gateway_errors import code_of, reader_refusal_of

        def send_or_read() -> ReaderAction:
            try:
                reader = self._client.v1.terminal.readers.process_payment_intent(
                    reader_ref,
                    {"payment_intent": payment_ref, "process_config": _AS_IT_IS},
                    {"idempotency_key": key},
                )
            except InvalidRequestError as error:
                if code_of(error) == _TIMED_OUT:
                    return self._after_time_out(reader_ref, payment_ref)
                if code_of(error) in _MOVED_ON and (done := self._done(payment_ref)) is not None:
                    return done
                raise
            return _action(reader) or ReaderAction(ReaderActionState.WAITING, payment_ref)

        return self._call(send_or_read, refusal=reader_refusal_of)

    def cancel_on_reader(self, reader_ref: str, *, key: str) -> Reader:
        from stripe import InvalidRequestError

        from travellr_desktop.payments.stripe_gateway_errors import code_of, reader_refusal_of

        def send_or_read() -> terminal.Reader:
            try:
                return self._client.v1.terminal.readers.cancel_action(
                    reader_ref, {}, {"idempotency_key": key}
                )
            except InvalidRequestError as error:
                if code_of(error) != _TIMED_OUT:
                    raise
                return self._client.v1.terminal.readers.retrieve(reader_ref)

        return _reader(self._call(send_or_read, refusal=reader_refusal_of))

    def _after_time_out(self, reader_ref: str, payment_ref: str) -> ReaderAction:
        """The reader did not answer in time: it may be asking for a card all the same, or be through with it."""
        action = _action(self._client.v1.terminal.readers.retrieve(reader_ref))
        if action is not None and action.payment_ref == payment_ref:
            return action
        done = self._done(payment_ref)
        if done is None:
            raise OutcomeUnknown(
                "The card reader did not answer. Whether it asks for a card is not known yet."
            )
        return done

    @reads
    def _done(self, payment_ref: str) -> ReaderAction | None:
        """What became of a payment that the reader need not take any more; None while it is open."""
        state = state_of(PAYMENT_STATES, self._client.v1.payment_intents.retrieve(payment_ref).status)
        match state:
            case ProviderPaymentState.SUCCEEDED:
                return ReaderAction(ReaderActionState.SUCCEEDED, payment_ref)
            case ProviderPaymentState.PROCESSING:
                return ReaderAction(ReaderActionState.WAITING, payment_ref)
            case ProviderPaymentState.CANCELLED:
                raise PaymentCancelled("This payment was cancelled; it cannot be charged any more.")
        return None

    # where no money is real

    def add_simulated_reader(self, label: str, *, key: str) -> Reader:
        from travellr_desktop.payments.stripe_gateway_errors import reader_refusal_of

        self._refuse_where_real()

        def send() -> terminal.Reader:
            places, _ = part_of(self._client.v1.terminal.locations.list({"limit": 1}))
            place = (
                places[0]
                if places
                else self._client.v1.terminal.locations.create(
                    {"display_name": label, "address": _SOMEWHERE}, {"idempotency_key": f"{key}-place"}
                )
            )
            return self._client.v1.terminal.readers.create(
                {"registration_code": _SIMULATED_CODE, "label": label, "location": getattr(place, "id", "")},
                {"idempotency_key": key},
            )

        return _reader(self._call(send, refusal=reader_refusal_of))

    def present_card(self, reader_ref: str, payment_method: str, *, key: str) -> Reader:
        from travellr_desktop.payments.sandbox.cards import PRESENTED
        from travellr_desktop.payments.stripe_gateway_errors import reader_refusal_of

        self._refuse_where_real()
        number = next((number for number, card in PRESENTED.items() if card.method == payment_method), None)
        if number is None:
            raise InvalidInput("This card cannot be held to a reader.", field="card")
        return _reader(
            self._call(
                lambda: self._client.v1.test_helpers.terminal.readers.present_payment_method(
                    reader_ref,
                    {"type": "card_present", "card_present": {"number": number}},
                    {"idempotency_key": key},
                ),
                refusal=reader_refusal_of,
            )
        )

    def _refuse_where_real(self) -> None:
        if self._kind.is_real:
            raise OnlyInTests("There are no simulated readers where money is real.")


@reads
def _reader(reader: terminal.Reader) -> Reader:
    device = reader.device_type or ""
    return Reader(
        ref=reader.id,
        label=reader.label or reader.serial_number or reader.id,
        device=_device(device),
        is_online=reader.status == "online",
        is_simulated=device.startswith(_SIMULATED),
        action=_action(reader),
    )


def _device(device_type: str) -> str:
    name = device_type.removeprefix(_SIMULATED).removeprefix("bbpos_")
    return _DEVICES.get(name, name.replace("_", " ").title() or "Card reader")


@reads
def _action(reader: terminal.Reader) -> ReaderAction | None:
    action = reader.action
    if action is None:
        return None
    about = getattr(action, "process_payment_intent", None)
    return ReaderAction(
        state=state_of(_ACTION_STATES, action.status),
        payment_ref=None if about is None else ref_of(about.payment_intent),
        failure_code=_failure(action) if action.status == "failed" else None,
    )


def _failure(action: terminal.Reader.Action) -> str:
    from travellr_desktop.payments.stripe_gateway_errors import declined

    if action.failure_code == "customer_canceled":
        return "CANCELLED_ON_READER"
    error = getattr(action, "api_error", None)
    if error is not None and error.type == "card_error":
        return declined(error.code, getattr(error, "decline_code", None)).decline_code
    if action.failure_code in {"card_declined", "expired_card"}:  # readers with older software say no more
        return declined(action.failure_code, None).decline_code
    return "READER_FAILED"
