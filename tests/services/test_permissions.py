"""Every public method of every service, and who may call it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields
from uuid import uuid4

import pytest

from helpers.desk import Desk
from travellr_desktop.domain.permissions import Actor, Permission, Role, allowed
from travellr_desktop.errors import NotFound, NotPermitted
from travellr_desktop.services.registry import Services

P = Permission

ASKED: dict[str, tuple[Permission, ...]] = {
    "users.sign_out": (P.USER_SIGN_OUT,),
    "users.register": (P.USER_REGISTER,),
    "users.find_by_id": (P.USER_READ,),
    "users.find_all": (P.ADMIN_USERS,),
    "users.update": (P.USER_UPDATE,),
    "users.delete": (P.USER_DELETE,),
    "users.reset_password": (P.USERS_WRITE,),
    "users.reactivate": (P.USERS_WRITE,),
    "lists.users": (P.ADMIN_USERS,),
    "lists.audit": (P.AUDIT_READ,),
    "agency.save": (P.SETTINGS_WRITE,),
    "agency.rules": (P.HOLD_CREATE,),
    "agency.save_rules": (P.SETTINGS_WRITE,),
    "vendors.names": (P.CATALOGUE_WRITE,),
    "vendors.detail": (P.CATALOGUE_WRITE,),
    "vendors.create": (P.CATALOGUE_WRITE,),
    "vendors.update": (P.CATALOGUE_WRITE,),
    "vendors.deactivate": (P.CATALOGUE_WRITE,),
    "vendors.activate": (P.CATALOGUE_WRITE,),
    "vendor_terms.terms": (P.EARNINGS_READ,),
    "vendor_terms.save": (P.VENDOR_MONEY,),
    "vendor_terms.hand_in": (P.VENDOR_MONEY,),
    "vendor_terms.take_back_paper": (P.VENDOR_MONEY,),
    "vendor_terms.account": (P.VENDOR_MONEY,),
    "vendor_terms.balances": (P.EARNINGS_READ,),
    "payout_settings.read": (P.PAYOUT_READ,),
    "payout_settings.save": (P.SETTINGS_WRITE,),
    "bank_files.of_batch": (P.PAYOUT_READ,),
    "bank_files.detail": (P.PAYOUT_READ,),
    "bank_files.find": (P.PAYOUT_READ,),
    "bank_files.earliest": (P.PAYOUT_READ,),
    "bank_files.make": (P.PAYOUT_RUN,),
    "bank_files.retry": (P.PAYOUT_RUN,),
    "bank_files.content": (P.PAYOUT_RUN,),
    "bank_files.save": (P.PAYOUT_RUN,),
    "bank_files.arrived": (P.PAYOUT_RUN,),
    "bank_files.refused": (P.PAYOUT_RUN,),
    "bank_files.came_back": (P.PAYOUT_RUN,),
    "rates.of_vendor": (P.VENDOR_MONEY,),
    "rates.kept": (P.VENDOR_MONEY,),
    "rates.agree": (P.VENDOR_MONEY,),
    "rates.take_back": (P.VENDOR_MONEY,),
    "adjustments.of_vendor": (P.PAYOUT_READ,),
    "adjustments.currencies": (P.PAYOUT_PREPARE,),
    "adjustments.adjust": (P.PAYOUT_PREPARE,),
    "earnings.overview": (P.EARNINGS_READ,),
    "earnings.by_travel": (P.EARNINGS_READ,),
    "earnings.payouts": (P.EARNINGS_READ,),
    "earnings.profile": (P.EARNINGS_READ,),
    "trips.detail": (P.CATALOGUE_WRITE,),
    "trips.create": (P.CATALOGUE_WRITE,),
    "trips.update": (P.CATALOGUE_WRITE,),
    "trips.deactivate": (P.CATALOGUE_WRITE,),
    "trips.activate": (P.CATALOGUE_WRITE,),
    "pictures.of_trip": (P.DEPARTURE_READ,),
    "pictures.add": (P.CATALOGUE_WRITE,),
    "pictures.set_caption": (P.CATALOGUE_WRITE,),
    "pictures.set_order": (P.CATALOGUE_WRITE,),
    "pictures.remove": (P.CATALOGUE_WRITE,),
    "timetable.departure": (P.CATALOGUE_WRITE,),
    "timetable.add_departures": (P.CATALOGUE_WRITE,),
    "timetable.update": (P.CATALOGUE_WRITE,),
    "timetable.stop": (P.CATALOGUE_WRITE,),
    "timetable.reopen": (P.CATALOGUE_WRITE,),
    "timetable.set_capacity": (P.CATALOGUE_WRITE,),
    "timetable.cancel": (P.CATALOGUE_WRITE,),
    "timetable.series": (P.CATALOGUE_WRITE,),
    "timetable.preview_series": (P.CATALOGUE_WRITE,),
    "timetable.add_series": (P.CATALOGUE_WRITE,),
    "timetable.change_series": (P.CATALOGUE_WRITE,),
    "timetable.except_days": (P.CATALOGUE_WRITE,),
    "imports.preview": (P.CATALOGUE_WRITE,),
    "imports.run": (P.CATALOGUE_WRITE,),
    "imports.save_faulty": (P.CATALOGUE_WRITE,),
    "imports.undo": (P.CATALOGUE_WRITE,),
    "removal.vendor": (P.CATALOGUE_WRITE,),
    "removal.trip": (P.CATALOGUE_WRITE,),
    "removal.departures": (P.CATALOGUE_WRITE,),
    "removal.series": (P.CATALOGUE_WRITE,),
    "removal.put_back": (P.CATALOGUE_WRITE,),
    "departures.search": (P.DEPARTURE_READ,),
    "departures.calendar": (P.DEPARTURE_READ,),
    "departures.places": (P.DEPARTURE_READ,),
    "departures.offer": (P.DEPARTURE_READ,),
    "departures.alternatives": (P.DEPARTURE_READ,),
    "options.keep": (P.HOLD_CREATE,),
    "options.extend": (P.HOLD_CREATE,),
    "options.take_up": (P.HOLD_CREATE,),
    "options.release": (P.HOLD_CREATE,),
    "options.detail": (P.HOLD_CREATE,),
    "options.of_departure": (P.HOLD_CREATE,),
    "options.due": (P.HOLD_CREATE,),
    "options.to_do": (P.HOLD_CREATE,),
    "waiting_list.join": (P.HOLD_CREATE,),
    "waiting_list.withdraw": (P.HOLD_CREATE,),
    "waiting_list.detail": (P.HOLD_CREATE,),
    "waiting_list.of_departure": (P.HOLD_CREATE,),
    "overbooking.allow": (P.BOOKING_OVERBOOK,),
    "overbooking.take_back": (P.BOOKING_OVERBOOK,),
    "overbooking.read": (P.HOLD_CREATE,),
    "holds.hold": (P.HOLD_CREATE,),
    "holds.extend": (P.HOLD_CREATE,),
    "holds.release": (P.HOLD_CREATE,),
    "holds.resize": (P.HOLD_CREATE,),
    "holds.move": (P.HOLD_CREATE,),
    "holds.mine": (P.HOLD_CREATE,),
    "plans.list": (P.DEPARTURE_READ,),
    "plans.get": (P.DEPARTURE_READ,),
    "plans.save": (P.CATALOGUE_WRITE,),
    "plans.deactivate": (P.CATALOGUE_WRITE,),
    "plans.activate": (P.CATALOGUE_WRITE,),
    "seats.plan_of": (P.DEPARTURE_READ,),
    "seats.choose": (P.HOLD_CREATE,),
    "seats.best": (P.HOLD_CREATE,),
    "travellers.search": (P.TRAVELLER_READ,),
    "travellers.find_by_id": (P.TRAVELLER_READ,),
    "travellers.create": (P.TRAVELLER_WRITE,),
    "travellers.update": (P.TRAVELLER_WRITE,),
    "travellers.find_all": (P.TRAVELLER_READ,),
    "travellers.find": (P.TRAVELLER_READ,),
    "travellers.record": (P.TRAVELLER_READ,),
    "traveller_documents.of_traveller": (P.TRAVELLER_READ,),
    "traveller_documents.add": (P.TRAVELLER_WRITE,),
    "traveller_documents.change": (P.TRAVELLER_WRITE,),
    "traveller_documents.remove": (P.TRAVELLER_WRITE,),
    "duplicates.of_traveller": (P.TRAVELLER_READ,),
    "duplicates.find_all": (P.TRAVELLER_READ,),
    "duplicates.preview": (P.TRAVELLER_READ,),
    "duplicates.not_the_same": (P.TRAVELLER_WRITE,),
    "duplicates.same_after_all": (P.TRAVELLER_WRITE,),
    "duplicates.merge": (P.TRAVELLER_WRITE,),
    "duplicates.split": (P.TRAVELLER_WRITE,),
    "sales.ways": (P.PAYMENT_CREATE,),
    "sales.sell": (P.BOOKING_CREATE, P.PAYMENT_CREATE),
    "sales.pay": (P.PAYMENT_CREATE,),
    "sales.deposit_of": (P.BOOKING_CREATE,),
    "sales.outcome": (P.PAYMENT_READ,),
    "sales.read_now": (P.PAYMENT_READ,),
    "sales.release": (P.BOOKING_CREATE,),
    "lists.disputes": (P.DISPUTE_READ,),
    "disputes.detail": (P.DISPUTE_READ,),
    "disputes.read_now": (P.DISPUTE_READ,),
    "disputes.count": (P.DISPUTE_READ,),
    "links.waiting": (P.PAYMENT_READ,),
    "matching.match": (P.LEDGER_READ,),
    "matching.till": (P.LEDGER_READ,),
    "matching.correct": (P.LEDGER_CORRECT,),
    "matching.explain": (P.LEDGER_CORRECT,),
    "links.cancel": (P.PAYMENT_CREATE,),
    "cards.of_traveller": (P.PAYMENT_CREATE,),
    "cards.look": (P.PAYMENT_CREATE,),
    "cards.forget": (P.PAYMENT_CREATE,),
    "readers.readers": (P.PAYMENT_CREATE,),
    "readers.here": (P.PAYMENT_CREATE,),
    "readers.choose": (P.SETTINGS_WRITE,),
    "readers.add_simulated": (P.SETTINGS_WRITE,),
    "readers.cancel": (P.PAYMENT_CREATE,),
    "readers.test_cards": (P.PAYMENT_CREATE,),
    "readers.present": (P.PAYMENT_CREATE,),
    "payments.detail": (P.PAYMENT_READ,),
    "payments.read_now": (P.PAYMENT_READ,),
    "payout_runs.figures": (P.PAYOUT_READ,),
    "payout_runs.run": (P.PAYOUT_RUN,),
    "payout_runs.resume": (P.PAYOUT_RUN,),
    "payout_runs.pause": (P.PAYOUT_RUN,),
    "payout_runs.stop": (P.PAYOUT_RUN,),
    "payout_runs.retry": (P.PAYOUT_RUN,),
    "payout_runs.read_now": (P.PAYOUT_RUN,),
    "payout_runs.take_back": (P.PAYOUT_RUN,),
    "payments.sum_by_status": (P.ADMIN_BOOKINGS,),
    "board.day": (P.DEPARTURE_READ,),
    "board.month": (P.DEPARTURE_READ,),
    "board.trips": (P.DEPARTURE_READ,),
    "board.trip": (P.DEPARTURE_READ,),
    "board.departure": (P.DEPARTURE_READ,),
    "manifests.manifest": (P.BOOKING_READ,),
    "manifests.preview": (P.DEPARTURE_COMPLETE,),
    "manifests.by_code": (P.DEPARTURE_CHECK_IN,),
    "manifests.check_in": (P.DEPARTURE_CHECK_IN,),
    "manifests.undo_check_in": (P.DEPARTURE_CHECK_IN,),
    "manifests.absent": (P.DEPARTURE_CHECK_IN,),
    "manifests.close": (P.DEPARTURE_COMPLETE,),
    "bookings.detail": (P.BOOKING_READ,),
    "bookings.count_by_status": (P.ADMIN_BOOKINGS,),
    "bookings.complete": (P.DEPARTURE_COMPLETE,),
    "bookings.no_show": (P.DEPARTURE_COMPLETE,),
    "cancellations.preview": (P.BOOKING_CANCEL,),
    "cancellations.preview_sale": (P.BOOKING_CANCEL,),
    "cancellations.cancel": (P.BOOKING_CANCEL, P.PAYMENT_REFUND),
    "refunds.preview": (P.BOOKING_CANCEL,),
    "refunds.request": (P.BOOKING_CANCEL, P.PAYMENT_REFUND),
    "refunds.approve": (P.REFUND_APPROVE,),
    "refunds.reject": (P.REFUND_APPROVE,),
    "refunds.withdraw": (P.PAYMENT_REFUND,),
    "refunds.listed": (P.PAYMENT_REFUND,),
    "refunds.order": (P.PAYMENT_REFUND,),
    "refunds.orders": (P.PAYMENT_REFUND,),
    "refunds.order_preview": (P.PAYMENT_REFUND,),
    "refunds.to_approve": (P.PAYMENT_REFUND,),
    "refunds.send_now": (P.PAYMENT_REFUND,),
    "refunds.go_on": (P.PAYMENT_REFUND,),
    "refunds.look_again": (P.PAYMENT_READ,),
    "refunds.retry": (P.PAYMENT_REFUND,),
    "debts.of_traveller": (P.TRAVELLER_READ,),
    "debts.of_booking": (P.PAYMENT_READ,),
    "debts.write_off": (P.DEBT_WRITE_OFF,),
    "debts.undo": (P.DEBT_WRITE_OFF,),
    "excess.preview": (P.PAYMENT_CREATE,),
    "excess.use": (P.PAYMENT_CREATE, P.PAYMENT_REFUND),
    "credit.of_traveller": (P.TRAVELLER_READ,),
    "documents.invoice": (P.DOCUMENT_PRINT,),
    "documents.invoice_pictures": (P.DOCUMENT_PRINT,),
    "documents.manifest": (P.BOOKING_READ,),
    "changes.preview": (P.BOOKING_UPDATE,),
    "changes.destinations": (P.BOOKING_UPDATE,),
    "changes.apply": (P.BOOKING_UPDATE,),
    "changes.outcome": (P.BOOKING_UPDATE,),
    "changes.waiting": (P.BOOKING_UPDATE,),
    "changes.read_now": (P.PAYMENT_READ,),
    "notes.of_booking": (P.BOOKING_UPDATE,),
    "notes.of_traveller": (P.TRAVELLER_READ,),
    "notes.add": (P.BOOKING_UPDATE,),
    "notes.remove": (P.BOOKING_UPDATE,),
    "documents.voucher": (P.DOCUMENT_PRINT,),
    "documents.till_report": (P.TILL_KEEP,),
    "documents.voucher_pictures": (P.DOCUMENT_PRINT,),
    "till.status": (P.TILL_KEEP,),
    "till.x_read": (P.TILL_KEEP,),
    "till.keep_x": (P.TILL_KEEP,),
    "till.kept_x": (P.TILL_KEEP,),
    "till.x_reads": (P.TILL_KEEP,),
    "till.report": (P.TILL_KEEP,),
    "till.history": (P.TILL_KEEP,),
    "till.open": (P.TILL_KEEP,),
    "till.move": (P.TILL_KEEP,),
    "till.preview": (P.TILL_KEEP,),
    "till.close": (P.TILL_KEEP,),
    "till.rules": (P.TILL_KEEP,),
    "till.save_rules": (P.SETTINGS_WRITE,),
    "payouts.batches": (P.PAYOUT_READ,),
    "payouts.find": (P.PAYOUT_READ,),
    "payouts.detail": (P.PAYOUT_READ,),
    "payouts.dry_run": (P.PAYOUT_READ,),
    "payouts.overdue": (P.PAYOUT_READ,),
    "payouts.waiting": (P.PAYOUT_READ,),
    "payouts.prepare": (P.PAYOUT_PREPARE,),
    "payouts.leave_out": (P.PAYOUT_PREPARE,),
    "payouts.take_in": (P.PAYOUT_PREPARE,),
    "payouts.give_in": (P.PAYOUT_PREPARE,),
    "payouts.discard": (P.PAYOUT_PREPARE,),
    "payouts.send_back": (P.PAYOUT_APPROVE,),
    "payouts.approve": (P.PAYOUT_APPROVE,),
    "batch_rows.sums": (P.PAYOUT_READ,),
    "batch_rows.payouts": (P.PAYOUT_READ,),
    "batch_rows.left_out": (P.PAYOUT_READ,),
    "lists.bookings": (P.BOOKING_READ,),
    "lists.promos": (P.CATALOGUE_WRITE,),
    "lists.travellers": (P.TRAVELLER_READ,),
    "lists.payments": (P.PAYMENT_READ,),
    "lists.invoices": (P.INVOICE_ISSUE,),
    "lists.statements": (P.EARNINGS_READ,),
    "statements.detail": (P.EARNINGS_READ,),
    "statements.find": (P.EARNINGS_READ,),
    "statements.choices": (P.EARNINGS_READ,),
    "tax_totals.years": (P.PAYOUT_READ,),
    "tax_totals.year": (P.PAYOUT_READ,),
    "tax_totals.save": (P.PAYOUT_READ,),
    "documents.statement": (P.EARNINGS_READ,),
    "documents.statement_pictures": (P.EARNINGS_READ,),
    "lists.earnings": (P.EARNINGS_READ,),
    "lists.ledger": (P.LEDGER_READ,),
    "books.balances": (P.LEDGER_READ,),
    "books.vendors": (P.LEDGER_READ,),
    "books.bookings": (P.LEDGER_READ,),
    "books.entry": (P.LEDGER_READ,),
    "workbooks.save": (P.LEDGER_READ,),
    "lists.vendors": (P.CATALOGUE_WRITE,),
    "lists.trips": (P.CATALOGUE_WRITE,),
    "lists.departures": (P.DEPARTURE_READ,),
    "lists.options": (P.HOLD_CREATE,),
    "lists.waiting": (P.HOLD_CREATE,),
    "central.desks": (P.SYNC_READ,),
    "central.desk": (P.SYNC_READ,),
    "central.sync_now": (P.SYNC_READ,),
    "central.inbox": (P.SYNC_READ,),
    "central.to_settle": (P.SYNC_READ,),
    "central.keep_hub": (P.SYNC_SETTLE,),
    "central.take_desk": (P.SYNC_SETTLE,),
    "central.make_anew": (P.SYNC_SETTLE,),
    "central.take_other": (P.SYNC_SETTLE,),
    "central.fellows": (P.SYNC_READ,),
    "central.add_seats": (P.SYNC_SETTLE,),
    "central.write_off": (P.SYNC_WRITE_OFF,),
    "central.retry": (P.SYNC_SETTLE,),
    "central.drop": (P.SYNC_SETTLE,),
    "central.address": (P.SETTINGS_WRITE,),
    "central.try_address": (P.SETTINGS_WRITE,),
    "central.enrol": (P.SETTINGS_WRITE,),
    "central.join": (P.SETTINGS_WRITE,),
    "central.plan_join": (P.SETTINGS_WRITE,),
    "central.leave": (P.SETTINGS_WRITE,),
    "central.sign_in": (P.SYNC_READ,),
    "central.signed_in": (P.SYNC_READ,),
    "activity.events": (P.ACTIVITY_READ,),
    "activity.audit": (P.AUDIT_READ,),
    "activity.errors": (P.ACTIVITY_READ,),
    "promos.list": (P.DISCOUNT_GIVE,),
    "promos.save": (P.CATALOGUE_WRITE,),
    "promos.detail": (P.DISCOUNT_GIVE,),
    "promos.scopes": (P.CATALOGUE_WRITE,),
    "promos.reactivate": (P.CATALOGUE_WRITE,),
    "promos.deactivate": (P.CATALOGUE_WRITE,),
    "promos.quote": (P.BOOKING_CREATE,),
    "provider.set_key": (P.SETTINGS_WRITE,),
    "provider.forget_key": (P.SETTINGS_WRITE,),
    "provider.set_profile": (P.SETTINGS_WRITE,),
    "vault.state": (P.PAYMENT_CREATE,),
    "vault.unlock": (P.PAYMENT_CREATE,),
    "vault.change_passphrase": (P.SETTINGS_WRITE,),
    "vault.discard": (P.SETTINGS_WRITE,),
    "sandbox.view": (P.SETTINGS_WRITE,),
    "sandbox.set_rate": (P.SETTINGS_WRITE,),
    "sandbox.set_latency": (P.SETTINGS_WRITE,),
    "sandbox.arm": (P.SETTINGS_WRITE,),
    "sandbox.disarm": (P.SETTINGS_WRITE,),
    "invoices.settings": (P.INVOICE_ISSUE,),
    "invoices.save_settings": (P.SETTINGS_WRITE,),
    "invoices.preview": (P.INVOICE_ISSUE,),
    "invoices.preview_sale": (P.INVOICE_ISSUE,),
    "invoices.issue": (P.INVOICE_ISSUE,),
    "invoices.credit": (P.INVOICE_ISSUE,),
    "invoices.detail": (P.INVOICE_ISSUE,),
    "invoices.find": (P.INVOICE_ISSUE,),
    "invoices.of_booking": (P.INVOICE_ISSUE,),
    "invoices.of_sale": (P.INVOICE_ISSUE,),
    "sandbox.link_cards": (P.PAYMENT_CREATE,),
    "sandbox.pay_link": (P.PAYMENT_CREATE,),
}

NOBODY_IS_ASKED = {
    "payouts.prepare_due": "the program's own doing, of its schedule",
    "invoices.issue_due": "the program's own doing, of its schedule",
    "numbers.top_up": "the program's own doing, of its schedule",
    "sharing.share_new": "the program's own doing, of its schedule",
    "sharing.release_due": "the program's own doing, of its schedule",
    "sharing.give_back": "the program's own doing, of its schedule",
    "users.needs_first_admin": "before the first start nobody can be signed in",
    "users.create_first_admin": "refused once there is an agency",
    "users.sign_in": "the password is what is asked",
    "users.verify": "the password is what is asked",
    "users.choose_password": "the password is what is asked",
    "users.may_go_on": "of oneself, by the window that one is signed in at",
    "agency.view": "it stands on the sign-in screen",
    "provider.view": "where the money goes stands in the status bar; the key is never shown",
    "listening.poll": "the program's own doing, of its schedule",
    "provider.trouble": "it stands in the status bar, for everybody",
    "provider.take_up": "the key was entered with permission; opening the vault it is in asks for its own",
    "provider.try_key": "the program's own doing, of its schedule",
    "links.poll": "the program's own doing, of its schedule",
    "matching.fetch": "the program's own doing, of its schedule",
    "links.watch": "it only says how often the schedule reads",
    "links.unwatch": "it only says how often the schedule reads",
    "readers.poll": "the program's own doing, of its schedule",
    "till.standing": "it stands in the status bar, for everybody",
    "central.try_as_new": "the first start: nobody can sign in yet",
    "central.come_as_new": "the first start: nobody can sign in yet",
    "central.standing": "it stands in the status bar, for everybody",
    "readers.watch": "it only says how often the schedule reads",
    "readers.unwatch": "it only says how often the schedule reads",
    "payments.recover": "the program's own doing, of its schedule",
    "payout_runs.run_due": "the program's own doing, of its schedule, where the agency has switched it on",
    "exports.to_csv": "the list it writes was opened with the person's permission",
    "check.run": "reads only; of the command line, where whoever has the file has it all",
    "completing.complete_due": "the program's own doing, of its schedule",
    "options.remind_due": "the program's own doing, of its schedule",
    "waiting_list.keep_up": "the program's own doing, of its schedule",
    "upkeep.expire_holds": "the program's own doing, of its schedule",
    "upkeep.tell_again": "the program's own doing, of its schedule",
    "upkeep.note_told": "the program's own doing, of its schedule",
    "upkeep.clean_up": "the program's own doing, of its schedule",
    "neighbours.listen": "the program's own doing: what it hears are events, whose screens ask for themselves",
}

NOT_SERVICES = {"clock", "bus", "locale", "secrets", "authority", "of_vendor"}


def methods(services: Services) -> Iterator[str]:
    for field in fields(services):
        if field.name in NOT_SERVICES:
            continue
        service = type(getattr(services, field.name))
        for name, _ in inspect.getmembers(service, inspect.isfunction):
            if not name.startswith("_"):
                yield f"{field.name}.{name}"


def test_every_method_is_listed(desk: Desk) -> None:
    """A new method says here what it asks, or why it asks nothing."""
    assert set(methods(desk.services)) == set(ASKED) | set(NOBODY_IS_ASKED)
    assert not set(ASKED) & set(NOBODY_IS_ASKED)


def _actor(desk: Desk, role: Role) -> Actor:
    return Actor(uuid4(), "Somebody", role, desk.vendor_id if role is Role.VENDOR else None)


def _call(desk: Desk, method: str, actor: Actor) -> None:
    """With nothing in the form: who may not is refused before it is looked at."""
    service, name = method.split(".")
    function = getattr(getattr(desk.services, service), name)
    signature = inspect.signature(function)
    arguments = {
        parameter.name: None
        for parameter in list(signature.parameters.values())[1:]
        if parameter.default is parameter.empty
    }
    given = function(actor, **arguments)
    if hasattr(given, "close"):
        given.close()


@pytest.mark.parametrize("role", Role)
def test_a_role_without_the_permission_is_refused(role: Role, desk: Desk) -> None:
    actor = _actor(desk, role)
    for method, permissions in ASKED.items():
        if all(allowed(role, permission) for permission in permissions):
            continue
        with pytest.raises(NotPermitted):
            _call(desk, method, actor)


@pytest.mark.parametrize("role", Role)
def test_a_role_with_the_permission_is_not(role: Role, desk: Desk) -> None:
    """Whatever else is wrong with an empty form, it is not the person."""
    actor = _actor(desk, role)
    for method, permissions in ASKED.items():
        if not all(allowed(role, permission) for permission in permissions) or method in ABOUT_OTHERS:
            continue
        try:
            _call(desk, method, actor)
        except NotPermitted as refusal:
            pytest.fail(f"{method} refused {role}: {refusal}")
        except Exception:
            pass


ABOUT_OTHERS = {"users.find_by_id", "users.update"}
"""Of one's own account; of others' only with one more permission: in test_users."""


def test_every_permission_is_asked_somewhere() -> None:
    asked = {permission for permissions in ASKED.values() for permission in permissions}
    assert set(Permission) - asked == {
        P.USER_SIGN_IN,  # before it there is no actor
        P.TILL_BEYOND,  # by what is paid out of a till, and to where
        P.DISCOUNT_ABOVE,  # by what is sold, for more than the agency's limit
        P.POLICY_OVERRIDE,  # by a change that gives back more than the policy
        P.ADMIN_ANALYTICS,  # no analytics yet
    }


def test_a_vendors_person_sees_their_own_bookings_only(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure()).bookings[0].id
    own = Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)
    other = Actor(uuid4(), "Other", Role.VENDOR, uuid4())
    assert desk.services.bookings.detail(own, booking).id == booking
    with pytest.raises(NotFound):
        desk.services.bookings.detail(other, booking)
