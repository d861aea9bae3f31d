"""The file for the bank: held against the schema of ISO 20022, and against figures reckoned by hand."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.money import Money
from travellr_desktop.services.payouts.bank_file import FORM, FileOrder, FilePayment, csv_of, pain_001

SPACE = {"p": f"urn:iso:std:iso:20022:tech:xsd:{FORM}"}
MINE, THEIRS = "ME25505000012345678951", "DE89370400440532013000"
KUWAIT = "KW81CBKU0000000000001234560101"


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / f"{FORM}.xsd"))


def payment(minor: int = 125_000, currency: str = "EUR", iban: str = THEIRS, bic: str = "") -> FilePayment:
    return FilePayment(
        "01a1fa6919767b5a9c1091eecf85014c",
        "Đorđe Müller & Söhne",
        iban,
        bic,
        Money(minor, currency),
        "Statement ST-2026-000107, PB-2026-000025",
    )


def order(*payments: FilePayment) -> FileOrder:
    return FileOrder(
        message_id="PB-2026-000025-EUR-1",
        made_at=datetime(2026, 6, 18, 8, 42, tzinfo=UTC),
        payer="Kotor Riva",
        iban=MINE,
        bic="CKBCMEPG",
        execute_on=date(2026, 6, 19),
        payments=payments or (payment(),),
    )


def texts(content: str, path: str) -> list[str | None]:
    return [found.text for found in ET.fromstring(content).iterfind(path, SPACE)]


def test_a_transfer_in_euros_is_one_of_sepa() -> None:
    content = pain_001(order())
    schema().validate(content)
    assert texts(content, ".//p:SvcLvl/p:Cd") == ["SEPA"]
    assert texts(content, ".//p:ChrgBr") == ["SLEV"]
    assert texts(content, ".//p:GrpHdr/p:MsgId") == ["PB-2026-000025-EUR-1"]
    assert texts(content, ".//p:GrpHdr/p:CreDtTm") == ["2026-06-18T08:42:00Z"]
    assert texts(content, ".//p:ReqdExctnDt/p:Dt") == ["2026-06-19"]
    assert texts(content, ".//p:DbtrAcct/p:Id/p:IBAN") == [MINE]
    assert texts(content, ".//p:DbtrAgt//p:BICFI") == ["CKBCMEPG"]
    assert texts(content, ".//p:CdtrAcct/p:Id/p:IBAN") == [THEIRS]
    assert texts(content, ".//p:Cdtr/p:Nm") == ["Dorde Mueller + Soehne"]
    assert texts(content, ".//p:InstdAmt") == ["1250.00"]
    assert texts(content, ".//p:CdtrAgt") == []
    assert texts(content, ".//p:EndToEndId") == ["01a1fa6919767b5a9c1091eecf85014c"]


def test_a_bank_that_was_not_named_knows_itself() -> None:
    content = pain_001(replace(order(), bic=""))
    schema().validate(content)
    assert texts(content, ".//p:DbtrAgt/p:FinInstnId/p:Othr/p:Id") == ["NOTPROVIDED"]


@pytest.mark.parametrize(
    ("minor", "currency", "written", "twice"),
    [
        (9001, "JPY", "9001", "18002"),
        (1250, "KWD", "1.250", "2.500"),
        (5, "KWD", "0.005", "0.010"),
        (5, "CHF", "0.05", "0.10"),
        (123_456_789_012, "USD", "1234567890.12", "2469135780.24"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    minor: int, currency: str, written: str, twice: str
) -> None:
    pay = payment(minor, currency, KUWAIT, "CBKUKWKW")
    content = pain_001(order(pay, pay))
    schema().validate(content)
    assert texts(content, ".//p:InstdAmt") == [written, written]
    assert texts(content, ".//p:CtrlSum") == [twice, twice]
    assert texts(content, ".//p:NbOfTxs") == ["2", "2"]
    assert texts(content, ".//p:SvcLvl") == []
    assert texts(content, ".//p:ChrgBr") == ["SHAR"]


def test_euros_to_a_bank_outside_of_sepa_stand_in_a_part_of_their_own() -> None:
    """Sums are of each part, and of the whole."""
    content = pain_001(order(payment(100), payment(250, iban=KUWAIT, bic="CBKUKWKW"), payment(1000)))
    schema().validate(content)
    assert texts(content, ".//p:CtrlSum") == ["13.50", "11.00", "2.50"]
    assert texts(content, ".//p:NbOfTxs") == ["3", "2", "1"]
    assert texts(content, ".//p:PmtInfId") == ["PB-2026-000025-EUR-1-S", "PB-2026-000025-EUR-1-X"]
    assert texts(content, ".//p:ChrgBr") == ["SLEV", "SHAR"]
    assert texts(content, ".//p:SvcLvl/p:Cd") == ["SEPA"]


@given(st.text(min_size=1, max_size=200), st.text(max_size=300), st.integers(1, 10**12))
def test_whatever_stands_in_names_the_schema_takes_the_file(name: str, text: str, minor: int) -> None:
    content = pain_001(order(replace(payment(minor), name=f"A {name}", text=f"T {text}")))
    assert schema().is_valid(content)


def test_the_schema_sees_what_banks_refuse() -> None:
    """What keeps the tests above from passing whatever is written."""
    assert not schema().is_valid(pain_001(order(payment(iban="no account"))))
    assert not schema().is_valid(pain_001(replace(order(), message_id="x" * 36)))
    assert not schema().is_valid(pain_001(order(replace(payment(), name=""))))


def test_the_same_order_is_the_same_file() -> None:
    assert pain_001(order(payment(), payment(7))) == pain_001(order(payment(), payment(7)))


def test_the_same_payments_stand_in_the_csv() -> None:
    dinars = replace(payment(1250, "KWD", KUWAIT, "CBKUKWKW"), name="=1+1 Tours, Kotor", text="-2")
    lines = list(csv.reader(io.StringIO(csv_of(pain_001(order(dinars))), newline="")))
    assert lines == [
        ["payment", "name", "iban", "bic", "amount", "currency", "text", "execute_on"],
        [
            *("01a1fa6919767b5a9c1091eecf85014c", ".1+1 Tours, Kotor", KUWAIT, "CBKUKWKW", "1.250", "KWD"),
            *("2", "2026-06-19"),
        ],
    ]
    mixed = csv_of(pain_001(order(payment(100), payment(250, iban=KUWAIT, bic="CBKUKWKW"), payment(1000))))
    assert [line["amount"] for line in csv.DictReader(io.StringIO(mixed))] == ["1.00", "10.00", "2.50"]
