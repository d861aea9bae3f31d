"""Numbered seats: where they are on a plan, which are beside each other, and which a party takes."""

from __future__ import annotations

from enum import StrEnum


class PlanKind(StrEnum):
    COACH = "coach"
    BOAT = "boat"
    DECKS = "decks"
