"""What becomes of each field when two customers are merged.

Fields fall into four kinds: those that fill blanks of the survivor; those about which two customers may
disagree, so that somebody has to choose; those of which the stricter counts; and those that are combined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from customers.models import Customer
from stores.errors import Conflict, Invalid

SURVIVOR, LOSER = "survivor", "loser"
SIDES = (SURVIVOR, LOSER)
MAX_NOTES, MAX_REASON = 10_000, 500

Columns = tuple[str, ...]
# Columns that belong together go together.
FILLED: dict[str, Columns] = {
    "name": ("name", "first_name", "last_name"),
    "company": ("company",),
    "email": ("email", "email_key"),
    "phone": ("phone", "phone_dial_code", "phone_number", "phone_e164"),
    "mobile": ("mobile",),
    "fax": ("fax",),
    "website": ("website",),
    "cc_email": ("cc_email",),
    "gender": ("gender",),
    "birth_date": ("birth_date",),
    "tax_id": ("tax_id",),
    "preferred_shipping": ("preferred_shipping",),
    "default_depot": ("default_depot_id",),
    "external_id": ("external_id",),
}
# Of these, two different values need a choice, and so do all of the next.
IDENTIFYING = frozenset({"birth_date", "tax_id"})
TERMS: dict[str, Columns] = {
    name: (name,)
    for name in (
        "currency",
        "payment_terms",
        "discount_rate",
        "price_adjustment",
        "minimum_charge_amount",
        "minimum_freight_amount",
        "credit_limit",
    )
}
KEPT: dict[str, Columns] = {
    name: (name,) for name in ("is_active", "is_beta", "is_assembly_enabled")
}
CHOSEN: dict[str, Columns] = FILLED | TERMS | KEPT


@dataclass(frozen=True)
class FieldLine:
    """One field in a preview: its value on both sides, and what the survivor gets."""

    name: str
    survivor: Any
    loser: Any
    result: Any
    is_conflict: bool
    """Both sides have a value, they differ, and somebody has to choose."""


@dataclass(frozen=True)
class FieldPlan:
    """The values that the survivor gets, by column, and a line for each field."""

    values: dict[str, Any]
    lines: list[FieldLine]

    @property
    def conflicts(self) -> list[str]:
        return [line.name for line in self.lines if line.is_conflict]


def plan_fields(survivor: Customer, loser: Customer, choices: Mapping[str, str]) -> FieldPlan:
    """Plan the survivor's fields. Where nothing is chosen, its own value stands. Raises Invalid, Conflict."""
    require_known_choices(choices)
    require_one_currency(survivor, loser)
    values, lines = dict[str, Any](), list[FieldLine]()
    for name, columns in CHOSEN.items():
        side = choices.get(name) or default_side(name, survivor, loser)
        source = loser if side == LOSER else survivor
        values |= {column: getattr(source, column) for column in columns}
        is_conflict = needs_choice(name, survivor, loser)
        lines.append(line_of(name, survivor, loser, values[columns[0]], is_conflict=is_conflict))
    for name, combined in COMBINED.items():
        values[name] = combined(survivor, loser)
        lines.append(line_of(name, survivor, loser, values[name], is_conflict=False))
    return FieldPlan(values, lines)


def line_of(
    name: str, survivor: Customer, loser: Customer, result: Any, *, is_conflict: bool
) -> FieldLine:
    column = CHOSEN.get(name, (name,))[0]
    return FieldLine(name, getattr(survivor, column), getattr(loser, column), result, is_conflict)


def require_known_choices(choices: Mapping[str, str]) -> None:
    for name, side in choices.items():
        if name not in CHOSEN or side not in SIDES:
            raise Invalid("merge_choice", name, wanted=f"{name}={side}")


def require_one_currency(survivor: Customer, loser: Customer) -> None:
    """Refuse to add up amounts in two currencies."""
    if survivor.currency != loser.currency and has_money(survivor) and has_money(loser):
        raise Conflict("currency_conflict", one=survivor.currency, other=loser.currency)


def require_choices(plan: FieldPlan, choices: Mapping[str, str]) -> None:
    """Raise Conflict `merge_choices_needed` with the fields about which nobody chose."""
    if missing := [name for name in plan.conflicts if name not in choices]:
        raise Conflict("merge_choices_needed", fields=", ".join(missing))


def has_money(customer: Customer) -> bool:
    return bool(customer.account_balance or customer.orders_ever)


def default_side(name: str, survivor: Customer, loser: Customer) -> str:
    """Return whose value the survivor gets when nobody chooses."""
    if name in FILLED:
        return SURVIVOR if is_filled(survivor, name) else LOSER
    # Amounts keep the currency they were made in: `require_one_currency` has refused two.
    if name == "currency" and has_money(loser):
        return LOSER
    if name == "credit_limit" and loser.is_account_enabled and not survivor.is_account_enabled:
        return LOSER
    return SURVIVOR


def needs_choice(name: str, survivor: Customer, loser: Customer) -> bool:
    column = CHOSEN[name][0]
    if getattr(survivor, column) == getattr(loser, column):
        return False
    if name in IDENTIFYING:
        return is_filled(survivor, name) and is_filled(loser, name)
    if name == "currency":  # with money on either side there is nothing to choose
        return not (has_money(survivor) or has_money(loser))
    if name == "credit_limit":  # that of a disabled account says nothing
        return survivor.is_account_enabled == loser.is_account_enabled
    return name in TERMS


def is_filled(customer: Customer, name: str) -> bool:
    return any(getattr(customer, column) not in ("", None) for column in FILLED[name])


def joined(column: str, most: int, between: str) -> Callable[[Customer, Customer], Any]:
    """Return a rule that joins two texts. The loser's whole text stays with the loser."""

    def join(survivor: Customer, loser: Customer) -> Any:
        texts = [getattr(side, column) for side in (survivor, loser)]
        present = list(dict.fromkeys(text for text in texts if text))
        return between.join(present)[:most] if present else texts[0]

    return join


def either(column: str) -> Callable[[Customer, Customer], bool]:
    return lambda survivor, loser: getattr(survivor, column) or getattr(loser, column)


def earliest(column: str) -> Callable[[Customer, Customer], Any]:
    def first(survivor: Customer, loser: Customer) -> Any:
        moments = [getattr(side, column) for side in (survivor, loser)]
        return min((moment for moment in moments if moment is not None), default=None)

    return first


def may_get_marketing(survivor: Customer, loser: Customer) -> bool:
    """Return True only where both sides agreed, and neither restricts or objects."""
    sides = (survivor, loser)
    refuses = any(side.restricted_at or side.objected_at for side in sides)
    return all(side.marketing_opt_in for side in sides) and not refuses


COMBINED: dict[str, Callable[[Customer, Customer], Any]] = {
    "notes": joined("notes", MAX_NOTES, "\n\n"),
    "is_blacklisted": either("is_blacklisted"),
    "blacklist_reason": joined("blacklist_reason", MAX_REASON, " · "),
    "hold_reason": joined("hold_reason", MAX_REASON, " · "),
    "marketing_opt_in": may_get_marketing,
    "is_account_enabled": either("is_account_enabled"),
    "is_loyalty_enabled": either("is_loyalty_enabled"),
    "customer_since": earliest("customer_since"),
    "restricted_at": earliest("restricted_at"),
    "objected_at": earliest("objected_at"),
}
GROUPS: dict[str, Columns] = CHOSEN | {name: (name,) for name in COMBINED}
