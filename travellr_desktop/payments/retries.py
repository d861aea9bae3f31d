"""How often a request is sent again, with the same key, before its caller hears of the trouble."""

from __future__ import annotations

NETWORK_RETRIES = 2
"""By the stripe library: a broken connection, a time-out, 409, 500 and above."""

RATE_LIMIT_WAITS = (0.5, 1.0, 2.0)
"""By the gateway: seconds before each repetition of what met a rate limit (429), which the library leaves alone."""
