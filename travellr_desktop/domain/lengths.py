"""How many characters what is typed may have, by what it is: forms say it while one types, services refuse beyond."""

from __future__ import annotations

TITLE = 200
"""Of a trip; the name of a vendor; a line of what is included; where people meet."""
PLACE = 120
NAME = 120
"""Of a season, a promo code's note, a seat plan; the languages of a trip."""
COUNTRY = 80
CODE = 40
EMAIL = 254
PHONE = 40
LEGAL = 200
POLICY = 100
DESCRIPTION = 4000
CREW_NOTE = 500
REASON = 300
