"""Whose key it is, and what it may do.

Every secret key of test mode is taken. Three restricted ones stand for those that people make at Stripe: one that may
only read, one for a desk, one for the office."""

from __future__ import annotations

from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.wire import ApiError

READ_ONLY_KEY = "rk_test_read_only"
DESK_KEY = "rk_test_desk"
OFFICE_KEY = "rk_test_office"

_DESK = frozenset(
    {
        *("account", "accounts", "charges", "checkout", "customers", "events", "payment_intents"),
        *("payment_methods", "refunds", "terminal", "test_helpers"),
    }
)
_OFFICE = _DESK | {"balance", "balance_transactions", "disputes", "payouts", "transfers"}
_RESTRICTED = {DESK_KEY: _DESK, OFFICE_KEY: _OFFICE}


def authorise(operation: Operation, authorization: str) -> None:
    """Raises `ApiError` for what is no key of the sandbox, or one that may not do this."""
    secret = authorization.removeprefix("Bearer ")
    if not secret.startswith(("sk_test_", "rk_test_")):
        shown = secret[:8] + "*" * 8 if secret else "none"
        raise ApiError(401, "invalid_request_error", f"Invalid API Key provided: {shown}")
    if not _may(secret, operation):
        raise ApiError(
            403,
            "invalid_request_error",
            "The provided key does not have the required permissions for this endpoint.",
            code="more_permissions_required_for_application",
        )


def _may(secret: str, operation: Operation) -> bool:
    if secret == READ_ONLY_KEY:
        return not operation.writes
    allowed = _RESTRICTED.get(secret)
    return allowed is None or operation.value.partition(".")[0] in allowed
