"""What may be wrong with the provider's key."""

from __future__ import annotations

from enum import StrEnum


class KeyTrouble(StrEnum):
    """Why no card can be charged, where it is the key's doing."""

    MISSING = "missing"  # payments went to the provider, and there is no key now
    LOCKED = "locked"  # it is in a vault that waits for its passphrase
    REFUSED = "refused"  # the provider does not take it: rolled, expired, withdrawn
    TOO_STRONG = "too_strong"  # it can do more than the profile has use for
