"""Every place at which the gateway calls Stripe's library, staged: what is there before, what is called, and by what
its effect is seen in the sandbox's file and through the gateway."""

from __future__ import annotations

from helpers.gateway_office import OFFICE
from helpers.gateway_paying import PAYING
from helpers.gateway_world import Place, Stage

STAGES: dict[Place, Stage] = PAYING | OFFICE
