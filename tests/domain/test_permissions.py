from __future__ import annotations

import pytest

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.permissions import (
    PERMISSIONS,
    SYSTEM,
    WORDS,
    Actor,
    Permission,
    Role,
    allowed,
    require,
    require_own,
    vendor_scope,
)
from travellr_desktop.errors import InvalidInput, NotFound, NotPermitted

VENDOR_ID = new_id()
VENDOR = Actor(new_id(), "Boka Boats", Role.VENDOR, VENDOR_ID)
AGENT = Actor(new_id(), "Ana", Role.AGENT)


def words(role: Role) -> set[str]:
    return {permission.value for permission in PERMISSIONS[role]}


def test_a_vendor_only_reads() -> None:
    assert words(Role.VENDOR) == {
        "user.sign_in",
        "user.sign_out",
        "user.read",
        "booking.read",
        "departure.read",
        "earnings.read",
    }


def test_an_agent_sells_and_gives_back_but_does_not_run_the_office() -> None:
    assert words(Role.AGENT) >= {"hold.create", "booking.create", "booking.cancel", "payment.refund"}
    assert not words(Role.AGENT) & {
        *("audit.read", "ledger.read", "settings.write", "users.write", "user.register", "user.delete"),
        *("catalogue.write", "admin.users", "admin.bookings", "admin.analytics"),
        *("booking.overbook", "policy.override", "discount.above"),
        *("earnings.read", "payout.read", "payout.prepare", "payout.approve", "payout.run", "vendor.money"),
    }


def test_each_role_of_the_agency_may_do_more_than_the_one_below() -> None:
    assert words(Role.AGENT) < words(Role.MANAGER) < words(Role.ADMIN)
    assert words(Role.MANAGER) - words(Role.AGENT) == {
        *("catalogue.write", "admin.bookings", "admin.analytics", "audit.read", "ledger.read"),
        *("ledger.correct", "dispute.read", "refund.approve", "till.beyond", "debt.write_off"),
        *("sync.settle", "sync.write_off"),
        *("booking.overbook", "policy.override", "discount.above"),
        *("earnings.read", "payout.read", "payout.prepare", "payout.approve", "payout.run", "vendor.money"),
    }
    assert words(Role.ADMIN) == {permission.value for permission in Permission}


def test_the_sixteen_operations_are_all_there() -> None:
    assert {
        *("user.register", "user.sign_in", "user.sign_out", "user.read", "user.update", "user.delete"),
        *("booking.create", "booking.read", "booking.update", "booking.cancel"),
        *("payment.create", "payment.read", "payment.refund"),
        *("admin.users", "admin.bookings", "admin.analytics"),
    } <= {permission.value for permission in Permission}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_require_agrees_with_the_table(role: Role, permission: Permission) -> None:
    actor = Actor(new_id(), "Someone", role, VENDOR_ID if role is Role.VENDOR else None)
    if allowed(role, permission):
        require(actor, permission)
    else:
        with pytest.raises(NotPermitted, match=WORDS[permission]):
            require(actor, permission)


def test_a_refusal_reads_as_a_sentence() -> None:
    with pytest.raises(NotPermitted, match=r"^An agent may not read the audit trail\.$"):
        require(AGENT, Permission.AUDIT_READ)
    with pytest.raises(NotPermitted, match=r"^A vendor may not hold seats\.$"):
        require(VENDOR, Permission.HOLD_CREATE)


def test_the_program_itself_may_do_everything() -> None:
    assert SYSTEM.user_id is None
    for permission in Permission:
        require(SYSTEM, permission)


def test_another_vendors_row_is_not_found_rather_than_forbidden() -> None:
    require_own(VENDOR, VENDOR_ID, "booking")
    require_own(AGENT, VENDOR_ID, "booking")
    with pytest.raises(NotFound):
        require_own(VENDOR, new_id(), "booking")


def test_a_vendor_is_confined_to_one_vendor_and_staff_to_none() -> None:
    assert vendor_scope(VENDOR) == VENDOR_ID
    assert vendor_scope(AGENT) is None


def test_a_vendor_without_a_vendor_or_staff_with_one_cannot_be() -> None:
    with pytest.raises(InvalidInput):
        Actor(new_id(), "Nobody's", Role.VENDOR)
    with pytest.raises(InvalidInput):
        Actor(new_id(), "Ana", Role.AGENT, VENDOR_ID)
