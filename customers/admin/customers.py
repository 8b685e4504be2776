from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import flatten, flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.safestring import SafeString

from customers.admin import (
    actions,
    conflicts,
    customer_page,
    filters,
    forms,
    saving,
)
from customers.admin.buttons import CustomerButtons
from customers.admin.consent import ConsentPages
from customers.admin.inlines import BillingInline, ContactInline, DeliveryInline
from customers.admin.listing import CustomerColumns, fields_of, with_children
from customers.admin.looks_like import LikenessPages
from customers.admin.merged import CHANGE, HISTORY, SurvivorPages
from customers.admin.notes import NotePages
from customers.admin.privacy import PrivacyPages
from customers.admin.sections import EDIT, TERMS, section_of
from customers.admin.statements import StatementPages
from customers.admin.term_amounts import TERM_AMOUNTS, amounts_as_text
from customers.admin.word_search import CUSTOMER_SEARCH_HELP, with_words
from customers.models import Customer, Tag
from customers.models.customer_queryset import CustomerQuerySet
from orders.services.customers import delete_unused_customer
from stores.admin.base import ScopedAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator, LargeTableMixin, of_one_store
from stores.admin.submissions import submit_once
from stores.admin.tenancy import narrowed, scope_of


@admin.register(Customer)
class CustomerAdmin(
    CustomerButtons,
    ConsentPages,
    LikenessPages,
    NotePages,
    PrivacyPages,
    StatementPages,
    SurvivorPages,
    CustomerColumns,
    LargeTableMixin,
    ScopedAdmin,
):
    form = forms.CustomerForm
    change_form_template = "admin/customers/customer/page.html"
    delete_confirmation_template = "admin/customers/customer/delete.html"
    inlines = [DeliveryInline, BillingInline, ContactInline]
    autocomplete_fields = ["store"]
    list_display = [
        "customer_name",
        "contact",
        "tag_chips",
        "orders_placed",
        "spent",
        "owes",
        "last_order",
        "birthday",
        "since",
        "town",
        "store",
    ]
    usual_columns = (
        "customer_name",
        "contact",
        "tag_chips",
        "spent",
        "owes",
        "last_order",
        "store",
    )
    list_filter = [("store", ScopedRelatedFilter), *filters.LIST_FILTERS]
    search_fields = ["search_text"]  # how it is searched: get_search_results
    search_help_text = CUSTOMER_SEARCH_HELP
    date_hierarchy = "created_at"
    ordering = ["-id"]
    day_parameters = frozenset({"created_from", "created_to"})
    amounts = frozenset({"total_spent", "account_balance"})
    list_per_page = 50
    paginator = BoundedPaginator
    actions = actions.ACTIONS
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "store",
                    ("first_name", "last_name"),
                    "company",
                    ("email", "phone"),
                    ("mobile", "fax"),
                    "tag_list",
                    "notes",
                ]
            },
        ),
        (
            "More details",
            {
                "classes": ["collapse"],
                "fields": [
                    ("website", "cc_email"),
                    ("gender", "birth_date"),
                    ("tax_id", "external_id"),
                    "marketing_opt_in",
                    "customer_since",
                ],
            },
        ),
        ("Status", {"fields": ["is_active", "is_blacklisted", "blacklist_reason", "hold_reason"]}),
        (
            "Trade terms",
            {
                "classes": ["collapse"],
                "fields": [
                    ("is_account_enabled", "credit_limit"),
                    ("payment_terms", "currency"),
                    ("discount_rate", "price_adjustment"),
                    ("minimum_charge_amount", "minimum_freight_amount"),
                    ("default_depot", "preferred_shipping"),
                    ("is_loyalty_enabled", "is_beta", "is_assembly_enabled"),
                ],
            },
        ),
    ]

    # --- the list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        customers = cast(CustomerQuerySet, super().get_queryset(request))
        return customers.with_deleted().select_related("store")

    def indexed_orderings(self, request: HttpRequest) -> set[str]:
        balance = {"account_balance"} if "owing" in request.GET else set()
        return {"name_key", "total_spent", "last_order_at"} | balance

    def ordering_for_filters(self, request: HttpRequest) -> list[str]:
        by_balance = request.GET.get("owing") in ("near", "over")  # few, in all stores together too
        if by_balance or ("owing" in request.GET and of_one_store(request)):
            return ["-account_balance", "-id"]
        by_order = "last_order" in request.GET and of_one_store(request)
        return ["-last_order_at", "-id"] if by_order else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.live()
        return with_words(queryset, search_term, request), False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        rows = with_children(changelist.result_list, changelist.columns)
        changelist.result_list = rows.only(*fields_of(changelist.columns))
        return changelist

    # --- rights

    def has_change_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        is_live = obj is None or obj.deleted_at is None
        return is_live and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        is_live = obj is None or obj.deleted_at is None
        return is_live and super().has_delete_permission(request, obj)

    def has_restore_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("customers.change_deletedcustomer")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("customers.export_customer")

    def get_readonly_fields(self, request: HttpRequest, obj: Customer | None = None) -> list[str]:
        names = [*(["store"] if obj else []), *TERM_AMOUNTS.values()]
        return names if self.may_change_terms(request) else [*names, *TERMS]

    # --- one customer

    @admin.display(description="Tags")
    def tag_list(self, customer: Customer) -> SafeString:
        """Return the tags for people who may not change the customer, in place of the form's field."""
        return self.tag_chips(customer)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.section_fields = set(flatten_fieldsets(self.get_fieldsets(request, obj)))
        form.conflict = getattr(request, "conflict", None)
        form.offered_tags = narrowed(Tag.objects.all(), request)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        stores = scope_of(request).stores()[:2]
        only = {"store": stores[0], "currency": stores[0].currency} if len(stores) == 1 else {}
        return only | super().get_changeform_initial_data(request)

    def get_inline_formsets(self, *args: Any) -> list[Any]:
        inlines = super().get_inline_formsets(*args)
        for inline in inlines:
            errors = {name: error for form in inline.formset for name, error in form.errors.items()}
            inline.fieldsets = expand_invalid(inline.fieldsets, errors)
        return inlines

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Show the customer for reading; with `?edit=` in the URL, a form of that section."""
        customer = self.get_object(request, object_id)
        if customer is None:
            return self.missing_row(request, object_id, CHANGE)
        may_change = self.has_change_permission(request, customer)
        if request.method == "POST" and may_change:
            conflicts.merge_posted(self, request, customer)
        if request.method == "POST" or (may_change and EDIT in request.GET):
            return super().change_view(request, object_id, *args, **kwargs)
        if not self.has_view_or_change_permission(request, customer):
            raise PermissionDenied
        return customer_page.read(self, request, customer)

    def get_fieldsets(self, request: HttpRequest, obj: Customer | None = None) -> Any:
        section = section_of(request) if obj else None
        fieldsets: Any = super().get_fieldsets(request, obj)
        fieldsets = fieldsets if self.may_change_terms(request) else amounts_as_text(fieldsets)
        if section is None:
            return fieldsets
        unfolded = [(name, {**options, "classes": []}) for name, options in fieldsets]
        return [unfolded[index] for index in section.fieldsets]

    def get_inlines(self, request: HttpRequest, obj: Customer | None) -> Any:
        section = section_of(request) if obj else None
        return self.inlines if section is None else section.inlines

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponseBase:
        """Return to the page for reading after a save."""
        text = f"The customer “{obj}” was changed successfully."
        self.message_user(request, text, messages.SUCCESS)
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, self.page_of(obj)))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        is_new = context.get("original") is None
        context |= {"show_save_and_continue": False, "show_save_and_add_another": is_new}
        context["section"] = (request.POST or request.GET).get(EDIT, "")
        adminform = context["adminform"]
        adminform.fieldsets = expand_invalid(adminform.fieldsets, adminform.form.errors)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save nothing yet: `save_related` saves the customer and its rows as one change."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.new_objects, formset.changed_objects, formset.deleted_objects = (
                saving.children_changed(formset)
            )
        if change:
            saving.update(form.instance, form, formsets, self.actor(request))
        else:
            with submit_once(form.cleaned_data["once"]) as sent:
                form.instance.pk = saving.create(form, formsets, self.actor(request))
                form.instance.refresh_from_db(fields=["name"])  # which the message has
                sent.path = self.page_of(form.instance)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the customer alone: deletion only marks it, and nothing else is deleted."""
        return [str(obj) for obj in objs], {"customer": len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Customer) -> None:
        delete_unused_customer(obj.as_queryset(), self.actor(request))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponseBase:
        customer = self.get_object(request, object_id)
        if customer is None:
            return self.missing_row(request, object_id, HISTORY)
        if not self.has_view_or_change_permission(request, customer):
            raise PermissionDenied
        return customer_page.history(self, request, customer)


def expand_invalid(fieldsets: Any, errors: Any) -> list[tuple[str | None, dict[str, Any]]]:
    """Open collapsed fieldsets with an error; Django misses fields that share a line."""
    expanded = []
    for name, options in fieldsets:
        classes = options.get("classes", ())
        if not errors.keys().isdisjoint(flatten(options["fields"])):
            classes = [name for name in classes if name != "collapse"]
        expanded.append((name, {**options, "classes": classes}))
    return expanded
