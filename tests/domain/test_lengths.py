from __future__ import annotations

from travellr_desktop.domain import lengths


def test_every_limit_is_a_number_of_characters_that_people_can_need() -> None:
    limits = {name: getattr(lengths, name) for name in vars(lengths) if name.isupper()}
    assert limits["EMAIL"] == 254  # the longest address that mail can carry (RFC 5321)
    assert all(type(limit) is int and 40 <= limit <= lengths.DESCRIPTION for limit in limits.values())
    assert limits["TITLE"] >= limits["NAME"] >= limits["CODE"]
