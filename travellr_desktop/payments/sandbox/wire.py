"""What goes over the wire: replies, and the errors in Stripe's own shape."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Unreached(ConnectionError):
    """There is no way to the provider: nothing was sent."""


class Delivery(StrEnum):
    """What becomes of a reply on its way to the caller."""

    WHOLE = "whole"
    LOST = "lost"  # the connection breaks, the caller gets nothing
    UNREACHED = "unreached"  # there was no connection to begin with
    LATE = "late"  # it comes after the caller has stopped waiting


@dataclass(frozen=True, slots=True)
class Response:
    """A reply. `delay` is in seconds; whoever carries the reply waits for that long, the sandbox does not. `is_cut`
    says that the body ends in the middle."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay: float = 0.0
    delivery: Delivery = Delivery.WHOLE
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and object of a reply, before it is turned into bytes."""

    status: int
    body: Json
    should_retry: bool | None = None
    replayed: bool = False

    def encoded(self) -> bytes:
        return json.dumps(self.body, indent=2).encode()


@dataclass(slots=True)
class ApiError(Exception):
    """An error as Stripe would answer it. What was written before it was raised stays written: a decline leaves
    its trace on the payment intent."""

    status: int
    kind: str
    message: str
    code: str | None = None
    param: str | None = None
    extra: Json = field(default_factory=dict)
    should_retry: bool | None = None

    def reply(self) -> Reply:
        error: Json = {"type": self.kind, "message": self.message}
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param is not None:
            error["param"] = self.param
        return Reply(self.status, {"error": error | self.extra}, should_retry=self.should_retry)


def invalid(message: str, *, param: str | None = None, code: str | None = None, **extra: Any) -> ApiError:
    """A request that is not right in itself, or not now."""
    return ApiError(400, "invalid_request_error", message, code=code, param=param, extra=extra)


def absent(param: str) -> ApiError:
    """A parameter that has to be there."""
    return invalid(f"Missing required param: {param}.", param=param, code="parameter_missing")


def missing(kind: str, ref: str, param: str = "id", *, in_address: bool = True) -> ApiError:
    """No such object: 404 where its id is the address, 400 where it is a parameter."""
    status = 404 if in_address else 400
    return ApiError(
        status, "invalid_request_error", f"No such {kind}: '{ref}'", code="resource_missing", param=param
    )


def key_in_use(key: str) -> ApiError:
    return ApiError(
        409,
        "idempotency_error",
        "There is currently another in-progress request using this Idempotent Key "
        f"(that probably means you submitted twice, and the other request is still going through): {key}.",
        code="idempotency_key_in_use",
    )


def too_many_requests() -> ApiError:
    return ApiError(429, "invalid_request_error", "Request rate limit exceeded.", code="rate_limit")


def server_error(*, should_retry: bool | None = None) -> ApiError:
    return ApiError(
        500,
        "api_error",
        "An unknown error occurred while the request was handled.",
        should_retry=should_retry,
    )
