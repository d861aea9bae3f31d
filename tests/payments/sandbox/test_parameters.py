"""Wrong parameters fail as they fail at Stripe, told by the library's own types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from travellr_desktop.paths import resource
from travellr_desktop.payments.sandbox import schema
from travellr_desktop.payments.sandbox.form import read_form
from travellr_desktop.payments.sandbox.operations import ROUTES, Operation
from travellr_desktop.payments.sandbox.parameters import ParameterCheck
from travellr_desktop.payments.sandbox.wire import ApiError

CREATE = Operation.INTENT_CREATE


@pytest.fixture(scope="module")
def check() -> ParameterCheck:
    return ParameterCheck(schema.read_library())


def checked(check: ParameterCheck, operation: Operation, text: str) -> dict[str, Any]:
    return check.check(operation, read_form(text))


def refused(check: ParameterCheck, operation: Operation, text: str) -> tuple[str | None, str | None, str]:
    with pytest.raises(ApiError) as caught:
        checked(check, operation, text)
    assert (caught.value.status, caught.value.kind) == (400, "invalid_request_error")
    return caught.value.code, caught.value.param, caught.value.message


def test_texts_become_what_the_types_ask_for(check: ParameterCheck) -> None:
    text = (
        "amount=1000&currency=eur&confirm=true&metadata[a]=1&metadata[b c]=&allowed_payment_method_types[0]=card"
        "&expand[]=latest_charge&expand[]=customer&description=Caf%C3%A9+%26+more&off_session=one_off"
    )
    assert checked(check, CREATE, text) == {
        "amount": 1_000,
        "currency": "eur",
        "confirm": True,
        "metadata": {"a": "1", "b c": ""},
        "allowed_payment_method_types": ["card"],
        "expand": ["latest_charge", "customer"],
        "description": "Café & more",
        "off_session": "one_off",
    }


def test_one_of_several_types_is_told_by_its_shape(check: ParameterCheck) -> None:
    assert checked(check, Operation.EVENT_LIST, "created=5") == {"created": 5}
    assert checked(check, Operation.EVENT_LIST, "created[gte]=5") == {"created": {"gte": 5}}
    assert checked(check, Operation.REFUND_CREATE, "metadata=") == {"metadata": ""}
    assert checked(check, CREATE, "amount=1&currency=eur&off_session=true")["off_session"] is True


def test_an_index_orders_a_list(check: ParameterCheck) -> None:
    text = "&".join(f"types[{n}]=t{n}" for n in (10, 9, 2, 0, 1))
    assert checked(check, Operation.EVENT_LIST, text) == {"types": ["t0", "t1", "t2", "t9", "t10"]}


@pytest.mark.parametrize(
    ("text", "param", "message"),
    [
        ("amount=1&currency=eur&amout=1", "amout", "Received unknown parameter: amout"),
        (
            "amount=1&currency=eur&payment_method_types[0]=card",
            "payment_method_types",
            "payment_method_types",
        ),
        ("amount=1&currency=eur&a=1&b=2", "a", "Received unknown parameters: a, b"),
        ("amount=1&currency=eur&idempotency_key=x", "idempotency_key", "idempotency_key"),
        (
            "amount=1&currency=eur&shipping[name]=x&shipping[address][line9]=y",
            "shipping[address][line9]",
            "line9",
        ),
        (
            "amount=1&currency=eur&payment_method_options[card][instalments]=x",
            "payment_method_options[card][instalments]",
            "instalments",
        ),
        ("amout=1", "amout", "amout"),  # told before what is missing
    ],
)
def test_a_name_that_stripe_does_not_know_is_told(
    check: ParameterCheck, text: str, param: str, message: str
) -> None:
    code, at, said = refused(check, CREATE, text)
    assert (code, at) == ("parameter_unknown", param)
    assert message in said


@pytest.mark.parametrize(
    ("text", "param"),
    [
        ("currency=eur", "amount"),
        ("amount=1", "currency"),
        ("amount=1&currency=eur&shipping[name]=x", "shipping[address]"),
    ],
)
def test_what_is_missing_is_told(check: ParameterCheck, text: str, param: str) -> None:
    assert refused(check, CREATE, text) == ("parameter_missing", param, f"Missing required param: {param}.")


@pytest.mark.parametrize("value", ["10.5", "1e3", "10.0", "ten", "", "0x1", "١", " 1"])
def test_an_amount_that_is_not_a_whole_number_is_told(check: ParameterCheck, value: str) -> None:
    code, param, _ = refused(check, CREATE, f"amount={value}&currency=eur")
    assert (code, param) == ("parameter_invalid_integer", "amount")


@pytest.mark.parametrize(
    ("operation", "text", "param", "message"),
    [
        (CREATE, "amount=1&currency=eur&confirm=yes", "confirm", "Invalid boolean: yes"),
        (CREATE, "amount=1&currency=eur&expand=charge", "expand", "Invalid array"),
        (CREATE, "amount[a]=1&currency=eur", "amount", "Invalid integer"),
        (CREATE, "amount=1&currency=eur&description[a]=1", "description", "Invalid string"),
        (Operation.REFUND_CREATE, "origin=elsewhere", "origin", "must be one of"),
        (Operation.REFUND_CREATE, "metadata[a][b]=1", "metadata[a]", "Invalid string"),
        (Operation.EVENT_LIST, "created[gte]=x", "created[gte]", "Invalid integer"),
    ],
)
def test_a_value_of_another_kind_is_told(
    check: ParameterCheck, operation: Operation, text: str, param: str, message: str
) -> None:
    _, at, said = refused(check, operation, text)
    assert at == param
    assert message in said


@pytest.mark.parametrize("text", ["a=1&a[b]=2", "a[b]=2&a=1", "a[b]=1&a[b][c]=2", "[a]=1", "a[=1", "a]b=1"])
def test_a_form_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        read_form(text)
    assert caught.value.status == 400


# the schema


def test_the_schema_that_ships_is_that_of_the_installed_library() -> None:
    fresh = schema.read_library()
    path = resource(*schema.RESOURCE.split("/"))
    assert schema.load_prepared(path) == fresh, (
        "make it anew: python -m travellr_desktop.payments.sandbox.schema"
    )
    assert path.read_text(encoding="utf-8") == schema.dumps(fresh)


def test_every_call_has_its_types_and_every_type_is_there() -> None:
    fresh = schema.read_library()
    assert (
        set(fresh["operations"]) == {operation.value for operation in Operation} == {o.value for o in ROUTES}
    )
    assert set(fresh["operations"].values()) <= set(fresh["types"])
    assert fresh["types"]["RefundCreateParams"]["optional"]["amount"] == "int"
    assert fresh["types"]["PaymentIntentCreateParams"]["required"] == {"amount": "int", "currency": "str"}
    options = {"api_key", "idempotency_key", "stripe_account", "max_network_retries"}
    assert not any(options & set(fields["optional"]) for fields in fresh["types"].values())


def test_without_the_librarys_sources_the_prepared_schema_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_library_folder", lambda: tmp_path)
    with pytest.raises(schema.SchemaUnavailable):
        schema.read_library()
    prepared = ParameterCheck.of_library(resource(*schema.RESOURCE.split("/")))
    assert checked(prepared, CREATE, "amount=1&currency=eur") == {"amount": 1, "currency": "eur"}
    assert refused(prepared, CREATE, "amount=1&currency=eur&nope=1")[0] == "parameter_unknown"
    with pytest.raises(schema.SchemaUnavailable):
        ParameterCheck.of_library(tmp_path / "none.json")


def test_the_schema_is_written_as_it_is_read(tmp_path: Path) -> None:
    target = tmp_path / "made" / "params.json"
    schema.write_prepared(target)
    assert schema.load_prepared(target) == schema.read_library()
