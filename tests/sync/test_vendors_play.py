"""Whatever desks do, and wherever a vendor's program dies: when all is quiet, its file is what they see at the hub."""

from __future__ import annotations

import pytest

from helpers.vendor_place import VendorPlace
from helpers.vendor_play import VendorPlay


def played(vendors: VendorPlace, seed: int, steps: int) -> None:
    play = VendorPlay(vendors, seed)
    for number in range(steps):
        play.step()
        if number % 12 == 11:
            play.quiet()
    play.quiet()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_file_is_what_they_see(vendors: VendorPlace, seed: int) -> None:
    played(vendors, seed, 48)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 112))
def test_a_file_is_what_they_see_for_long(vendors: VendorPlace, seed: int) -> None:
    played(vendors, seed, 400)
