"""All models belong to a store, and all routes require a key and a scope."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import UniqueConstraint

from customers import dialects
from customers.api.auth import ApiKeyAuthentication, HasScope, KeyThrottle
from customers.api.views import DialectViewSet
from customers.models import Customer
from stores.scopes import SCOPES

# models without a store: the stores, their keys (an administrator's key has no store), and the records
# that keep requests of keys or staff from being done twice; saved views belong to a person
UNOWNED = {
    "Store",
    "ApiKey",
    "AuthenticatorApp",
    "IdempotentRequest",
    "SentForm",
    "SavedView",
}
OWNED = [
    model
    for label in ("stores", "customers", "orders")
    for model in apps.get_app_config(label).get_models()
    if model.__name__ not in UNOWNED
]
# constraints whose purpose is a rule over all stores
ACROSS_STORES = {"login_email_once"}
OPEN_TO_ANY_KEY = {"StoresViewSet.list", "OneStoreViewSet.retrieve", "WhoamiViewSet.list"}

ROUTES = [
    pattern
    for dialect in dialects.registered_dialects()
    for pattern in dialects.resolver_of(dialect).url_patterns
    if hasattr(pattern.callback, "cls")
]


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_every_model_has_a_store(model):
    field = model._meta.get_field("store")
    assert not field.null
    assert hasattr(model._default_manager.all(), "for_store")


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_unique_constraints_begin_with_the_store(model):
    constraints = [c for c in model._meta.constraints if isinstance(c, UniqueConstraint)]
    for constraint in constraints:
        assert constraint.name in ACROSS_STORES or constraint.fields[0] == "store", constraint.name
    assert not [
        f.name
        for f in model._meta.local_fields
        if f.unique and not f.primary_key and not f.is_relation
    ]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.pattern))
def test_every_route_needs_a_key_and_a_scope(route):
    view = route.callback.cls
    assert issubclass(view, DialectViewSet)
    assert view.authentication_classes == [ApiKeyAuthentication]
    assert HasScope in view.permission_classes
    assert KeyThrottle in view.throttle_classes
    for action in set(route.callback.actions.values()):
        open_to_all = f"{view.__name__}.{action}" in OPEN_TO_ANY_KEY
        assert open_to_all or view.scopes[action] in SCOPES, action


@pytest.mark.django_db
def test_for_store_filters_and_none_shows_all(store, other_store):
    for owner in (store, other_store):
        Customer.objects.create(store=owner, name=owner.name, currency="AUD")
    assert [c.store for c in Customer.objects.for_store(store)] == [store]
    assert Customer.objects.for_store(None).count() == 2
