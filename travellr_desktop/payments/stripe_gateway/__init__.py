"""The gateway over the stripe library, a module a subject. Nothing of the library leaves this package."""

from __future__ import annotations

from travellr_desktop.payments.stripe_gateway.gateway import StripeGateway

__all__ = ["StripeGateway"]
