"""Why the hub took nothing of an op, in plain words: what it says itself of its rules names tables and columns."""

from __future__ import annotations

from travellr_desktop.services.central.faults import Fault, FaultKind
from travellr_desktop.services.central.fields import FieldWords, label_of
from travellr_desktop.services.central.said import EntrySaid


def why_words(one: EntrySaid, words: FieldWords) -> str:
    """A sentence; the hub's own where it is one for people, or where nothing better is known."""
    fault = one.fault
    if fault is None:
        return one.reason
    fields = _listed([label_of(field) for field in fault.fields])
    thing = words.thing(fault.table, fault.row_id, one.fields) if fault.table else ""
    said = _plain(fault, fields, thing, words)
    return said or one.reason


def _plain(fault: Fault, fields: str, thing: str, words: FieldWords) -> str:
    other = words.thing(fault.other_table, fault.other_row, {}) if fault.other_table else ""
    if fault.kind is FaultKind.TAKEN and fields:
        return (
            f"{other or 'Something else'} has the same {_inner(fields)} already, and there is one of it only."
        )
    if fault.kind is FaultKind.MISSING and fields:
        return f"The {_inner(fields)} that {thing} is of is not there."
    if fault.kind is FaultKind.USED and thing:
        return (
            f"{thing} was removed, and something else is of it: {other}." if other else f"{thing} is in use."
        )
    if fault.kind is FaultKind.GONE and thing:
        return f"{thing} is not there any more."
    if fault.kind is FaultKind.CHANGED and thing:
        return f"{thing} was removed, and another desk had changed it."
    if fault.kind is FaultKind.EMPTY and fields:
        return f"{fields} of {thing} has to be there."
    if fault.kind in (FaultKind.VALUE, FaultKind.UNREADABLE) and fields:
        return f"{fields} of {thing} cannot be this."
    if fault.kind is FaultKind.UNKNOWN:
        return "The central database does not know all that was written: the desk's program is newer."
    return ""


def where_words(one: EntrySaid, words: FieldWords) -> str:
    """Which fields of which row it is about: `Code of Promo code SUMMER10`; empty where the hub named none."""
    fields = one.fault.fields if one.fault is not None else ()
    named = [label_of(field) for field in fields] or ([label_of(one.field)] if one.field else [])
    if not named:
        return ""
    return f"{_listed(named)} of {words.thing(one.table, one.row_id, one.fields)}"


def fields_of(one: EntrySaid) -> tuple[str, ...]:
    """The fields that the op wrote and that may be given another value."""
    named = one.fault.fields if one.fault is not None and one.fault.row_id == one.row_id else ()
    return tuple(field for field in (named or (one.field,)) if field in one.fields)


def _listed(labels: list[str]) -> str:
    first, *rest = labels or [""]
    return ", ".join([first, *(_inner(label) for label in rest)])


def _inner(label: str) -> str:
    """A label within a sentence; IBAN stays IBAN."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
