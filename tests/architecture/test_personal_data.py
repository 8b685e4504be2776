"""Every column that can hold a customer's data is in the registry of personal data, or excepted."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Model
from django.test.utils import isolate_apps

from customers.privacy.personal_data import (
    COPIES,
    NOT_PERSONAL,
    PERSONAL_TABLES,
    CopyTable,
    PersonalTable,
    must_be_classified,
)
from stores.models.base import TenantModel

MODELS = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
WHAT_TO_DO = """

The registry of personal data does not know {label}: {columns}.

If a customer's data can get into it, describe the table in customers/privacy/personal_data/ (a
`PersonalTable`, listed in its __init__.py): which rows are about a customer, and for each column `erased`
(what an erasure leaves) or `kept` (why it stays). An export of the customer then shows the rows too.

If it cannot, add each column with the reason to NOT_PERSONAL in
customers/privacy/personal_data/not_personal.py.
"""


def classified_columns() -> dict[str, set[str]]:
    """Return the classified columns of each table, by its label."""
    personal = {table.label: table.classified() for table in PERSONAL_TABLES}
    copies = {copy.label: {*copy.columns} for copy in COPIES}
    return personal | copies | {label: excepted(label) for label in NOT_PERSONAL}


def excepted(label: str) -> set[str]:
    columns = NOT_PERSONAL[label]
    if isinstance(columns, str):
        return {*must_be_classified(apps.get_model(label))}
    return {*columns}


def names_of(model: type[Model]) -> set[str]:
    return {column.attname for column in model._meta.concrete_fields}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_column_is_classified(model: type[Model]) -> None:
    assert not missing_columns(model), what_to_do(model)


def missing_columns(model: type[Model]) -> list[str]:
    known = classified_columns().get(model._meta.label, set())
    return [name for name in must_be_classified(model) if name not in known]


def what_to_do(model: type[Model]) -> str:
    return WHAT_TO_DO.format(label=model._meta.label, columns=", ".join(missing_columns(model)))


@isolate_apps("customers")
def test_a_forgotten_table_fails_with_instructions() -> None:
    class Diary(TenantModel):
        page = models.TextField()
        facts = models.JSONField()
        born_on = models.DateField()
        amount = models.DecimalField(max_digits=5, decimal_places=2)

        class Meta:
            app_label = "customers"

        def __str__(self) -> str:
            return self.page

    assert missing_columns(Diary) == ["page", "facts", "born_on"]
    assert "customers.Diary: page, facts, born_on" in what_to_do(Diary)


def test_no_table_is_described_twice() -> None:
    labels = [*(one.label for one in (*PERSONAL_TABLES, *COPIES)), *NOT_PERSONAL]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize("label", sorted(classified_columns()))
def test_only_present_columns_are_described(label: str) -> None:
    assert classified_columns()[label] - names_of(apps.get_model(label)) == set()


@pytest.mark.parametrize("table", PERSONAL_TABLES, ids=lambda table: table.label)
def test_a_column_is_either_erased_or_kept(table: PersonalTable) -> None:
    assert not {*table.erased} & {*table.kept}
    assert all(table.kept.values())
    assert not (table.deletes_rows and (table.erased or table.kept))


def reasons() -> list[str]:
    columns: list[Mapping[str, str] | str] = [*NOT_PERSONAL.values()]
    columns += [copy.columns for copy in COPIES if isinstance(copy, CopyTable)]
    texts = [[each] if isinstance(each, str) else [*each.values()] for each in columns]
    return [text for group in texts for text in group]


def test_every_exception_has_a_reason() -> None:
    assert all(len(reason.split()) > 1 and reason.endswith(".") for reason in reasons())


def test_only_tables_of_others_are_excepted_as_a_whole() -> None:
    whole = {
        label.partition(".")[0]
        for label, columns in NOT_PERSONAL.items()
        if isinstance(columns, str)
    }
    assert whole <= {"auth", "axes", "contenttypes", "otp_static", "otp_totp"}
