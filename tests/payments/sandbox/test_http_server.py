"""The sandbox behind a port: Stripe's wire over a real socket, faults that happen to the connection, and the pages."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import stripe

from helpers.stripe_side import VISA, link, paid
from travellr_desktop.errors import InvalidInput, StorageRefusal
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.sandbox.cards import sandbox_cards
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.http_server import HttpSandbox
from travellr_desktop.payments.sandbox.operations import Operation

Connect = Callable[..., stripe.V1Services]
NO_FUNDS = "pm_card_visa_chargeDeclinedInsufficientFunds"


def test_a_sale_over_a_socket_is_kept_in_the_file(over_http: Connect, outside: SandboxControl) -> None:
    api = over_http()
    intent = paid(api, 5_000, metadata={"payment_id": "p1"})
    api.refunds.create({"payment_intent": intent.id, "amount": 100})
    counts = outside.counts()
    assert (counts.charged, counts.refunded) == ({"eur": 5_000}, {"eur": 100})
    assert outside.succeeded_intents("p1") == 1


def test_many_at_once_are_answered_and_one_key_has_one_effect(
    over_http: Connect, outside: SandboxControl
) -> None:
    api = over_http()
    seen: list[str] = []

    def pay() -> None:
        try:
            seen.append(
                api.payment_intents.create(
                    {"amount": 500, "currency": "eur", "payment_method": VISA, "confirm": True},
                    {"idempotency_key": "one", "max_network_retries": 5},
                ).id
            )
        except stripe.StripeError as error:
            seen.append(str(error.http_status))

    threads = [threading.Thread(target=pay) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8 and len({ref for ref in seen if ref.startswith("pi_")}) == 1
    assert outside.counts().charges == 1


# faults, on the connection itself


@pytest.mark.parametrize("kind", [FaultKind.UNREACHABLE, FaultKind.REPLY_LOST_BEFORE])
def test_a_lost_request_has_no_effect(kind: FaultKind, over_http: Connect, outside: SandboxControl) -> None:
    outside.arm(Operation.INTENT_CREATE, kind, times=1)
    with pytest.raises(stripe.APIConnectionError):
        paid(over_http())
    assert outside.counts().charges == 0


def test_a_lost_reply_is_of_an_effect_and_the_library_finds_it_by_its_key(
    over_http: Connect, outside: SandboxControl
) -> None:
    outside.arm(Operation.INTENT_CREATE, FaultKind.REPLY_LOST_AFTER, times=1)
    with pytest.raises(stripe.APIConnectionError):
        paid(over_http())
    assert outside.counts().charges == 1
    outside.arm(Operation.INTENT_CREATE, FaultKind.REPLY_LOST_AFTER, times=2)
    assert paid(over_http(retries=2)).status == "succeeded"
    assert outside.counts().charges == 2


def test_a_late_reply_comes_when_nobody_waits_any_more(over_http: Connect, outside: SandboxControl) -> None:
    outside.arm(Operation.INTENT_CREATE, FaultKind.LATE, times=1)
    with pytest.raises(stripe.APIConnectionError, match=r"(?i)timed? ?out"):
        paid(over_http(timeout=0.2))
    assert outside.counts().charges == 1


def test_a_late_reply_does_come_to_who_has_the_patience(over_http: Connect, outside: SandboxControl) -> None:
    outside.arm(Operation.BALANCE_RETRIEVE, FaultKind.LATE, times=1)
    began = time.monotonic()
    assert over_http(timeout=10).balance.retrieve().object == "balance"
    assert time.monotonic() - began >= 1.0


def test_a_cut_reply_is_a_200_that_cannot_be_read(over_http: Connect, outside: SandboxControl) -> None:
    outside.arm(Operation.INTENT_CREATE, FaultKind.TRUNCATED, times=1)
    with pytest.raises(stripe.APIError) as caught:
        paid(over_http())
    assert caught.value.http_status == 200
    assert outside.counts().charges == 1


def test_every_reply_takes_as_long_as_it_is_told_to(over_http: Connect, outside: SandboxControl) -> None:
    outside.set_latency(300)
    began = time.monotonic()
    over_http().balance.retrieve()
    assert time.monotonic() - began >= 0.3


# the socket


def test_it_is_bound_to_this_machine_alone(served: HttpSandbox) -> None:
    assert urlsplit(served.address).hostname == "127.0.0.1"
    with closing(socket.create_connection(("127.0.0.1", served.port))) as there:
        assert there.getpeername()[0] == "127.0.0.1"


def test_without_a_key_nothing_is_answered(served: HttpSandbox) -> None:
    assert requests.get(served.address + "/v1/balance", timeout=5).status_code == 401
    unknown = requests.delete(
        served.address + "/v1/customers/cus_1", headers={"Authorization": f"Bearer {SANDBOX_KEY}"}, timeout=5
    )
    assert (unknown.status_code, unknown.json()["error"]["type"]) == (404, "invalid_request_error")


def test_a_page_elsewhere_cannot_have_a_browser_ask(served: HttpSandbox) -> None:
    for host in ("agency.example", f"agency.example:{served.port}", ""):
        reply = requests.get(served.address + "/v1/balance", headers={"Host": host}, timeout=5)
        assert reply.status_code == 421


@pytest.mark.parametrize("length", ["2000000", "-1", "many"])
def test_a_body_that_is_too_long_or_has_no_length_is_refused(served: HttpSandbox, length: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)) as connection:
        connection.putrequest("POST", "/v1/refunds")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_a_port_that_is_taken_is_refused_in_words(served: HttpSandbox, tmp_path: Path) -> None:
    for port in (served.port, 70_000):
        with pytest.raises(InvalidInput, match="cannot be used"):
            HttpSandbox(tmp_path / "other.db", port)


def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sandbox.db").write_bytes(b"no database" * 100)
    with pytest.raises(StorageRefusal):
        HttpSandbox(tmp_path / "sandbox.db")


def test_closing_waits_for_nobody_who_says_nothing(sandbox_file: Path, outside: SandboxControl) -> None:
    server = HttpSandbox(sandbox_file)
    server.start()
    idle = socket.create_connection(("127.0.0.1", server.port))
    outside.arm(Operation.BALANCE_RETRIEVE, FaultKind.LATE, times=1)
    asking = threading.Thread(
        target=lambda: requests.get(
            server.address + "/v1/balance", headers={"Authorization": f"Bearer {SANDBOX_KEY}"}, timeout=20
        )
    )
    asking.start()
    until = time.monotonic() + 10
    while outside.faults():  # until it is being answered, late
        assert time.monotonic() < until
    began = time.monotonic()
    server.close()
    asking.join()
    assert time.monotonic() - began < 5
    with closing(idle):
        assert idle.recv(1) == b""


def test_one_that_was_never_started_is_closed_too(sandbox_file: Path) -> None:
    HttpSandbox(sandbox_file).close()


# the page of a link


def page(address: str) -> requests.Response:
    return requests.get(address, timeout=5)


def test_the_page_shows_what_is_asked_for_and_every_card(served: HttpSandbox, over_http: Connect) -> None:
    made = link(over_http(), 4_250, payment_intent_data={"description": "Lagoon & <b>cave</b>"})
    assert made.url == f"{served.address}/c/pay/{made.id}"
    shown = page(made.url)
    assert shown.status_code == 200 and shown.headers["Content-Type"].startswith("text/html")
    assert "script" not in shown.text.lower()
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "Lagoon &amp; &lt;b&gt;cave" in shown.text and "42.50 EUR" in shown.text
    for card in sandbox_cards():
        assert f'value="{card.payment_method}"' in shown.text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (12_345, "jpy", "12,345 JPY"),
        (10_500, "kwd", "10.500 KWD"),
        (5, "eur", "0.05 EUR"),
        (500, "isk", "5 ISK"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    over_http: Connect, amount: int, currency: str, text: str
) -> None:
    assert text in page(link(over_http(), amount, currency).url).text


def test_a_person_is_declined_takes_another_card_and_pays(
    over_http: Connect, outside: SandboxControl
) -> None:
    api = over_http()
    made = link(api)
    declined = requests.post(made.url, data={"card": NO_FUNDS}, timeout=5)
    assert "Your card has insufficient funds." in declined.text and "<form" in declined.text
    done = requests.post(made.url, data={"card": VISA}, timeout=5)
    assert "Paid." in done.text and "<form" not in done.text
    assert f"https://agency.example/thanks?of={made.id}" in done.text
    again = requests.post(made.url, data={"card": VISA}, timeout=5)
    assert "Paid." in again.text
    assert api.checkout.sessions.retrieve(made.id).payment_status == "paid"
    assert outside.counts().charges == 1


def test_the_page_of_a_link_that_has_ended_takes_nothing(over_http: Connect, outside: SandboxControl) -> None:
    api = over_http()
    made = link(api)
    api.checkout.sessions.expire(made.id)
    assert "has run out" in requests.post(made.url, data={"card": VISA}, timeout=5).text
    assert outside.counts().charges == 0


def test_what_is_no_link_or_no_card_is_said(served: HttpSandbox, over_http: Connect) -> None:
    none = f"{served.address}/c/pay/cs_test_none"
    assert page(none).status_code == 404
    assert requests.post(none, data={"card": VISA}, timeout=5).status_code == 404
    assert requests.post(link(over_http()).url, data={"card": "pm_none"}, timeout=5).status_code == 400


def test_a_page_of_several_lines_lists_them(over_http: Connect) -> None:
    lines = [
        {
            "price_data": {"currency": "eur", "unit_amount": each, "product_data": {"name": name}},
            "quantity": many,
        }
        for name, each, many in (("Adult", 4_000, 2), ("Child", 1_550, 1))
    ]
    shown = page(link(over_http(), line_items=lines).url).text
    for text in ("<td>Adult</td><td>80.00 EUR</td>", "<td>Child</td><td>15.50 EUR</td>", "95.50 EUR"):
        assert text in shown


def test_a_reason_that_nobody_knows_is_a_plain_decline(over_http: Connect) -> None:
    shown = page(link(over_http()).url + "?declined=%3Cb%3E").text
    assert "Your card was declined." in shown and "<b>" not in shown


def test_an_address_that_is_none_is_not_led_to(over_http: Connect) -> None:
    made = link(over_http(), cancel_url="javascript:alert(1)")
    assert "javascript" not in page(made.url).text


def test_links_lead_to_a_server_only_while_it_serves(sandbox_file: Path, connect: Connect) -> None:
    with HttpSandbox(sandbox_file) as server:
        assert link(connect()).url.startswith(server.address)
    assert link(connect()).url.startswith("https://checkout.sandbox.invalid/c/pay/cs_test_")
