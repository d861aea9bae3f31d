"""Payments: the gateway port, the gateway over the stripe library, and the sandbox that speaks Stripe's wire."""
