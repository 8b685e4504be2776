"""Base classes of all back office pages: limited to the user's stores, changed through services."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import DecimalField, Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stores.actors import Actor
from stores.admin.error_messages import error_message
from stores.admin.generic import AnyModelAdmin
from stores.admin.lists.pages import ListPages
from stores.admin.number_fields import NumberField, set_store
from stores.admin.submissions import (
    SENT_BEFORE,
    DuplicateSubmission,
    SubmissionTokenField,
    submit_once,
)
from stores.admin.tenancy import narrowed, only_store, scope_of
from stores.currencies import MAX_DIGITS
from stores.database.connections import is_statement_timeout, without_prepared_statements
from stores.errors import DomainError
from stores.models.base import validate_moment

TOO_LONG = "The search took too long. Narrow the search or the filters."


class UnknownCount(int):
    """The number of rows when the database could not count them in time."""

    def __str__(self) -> str:
        return "an unknown number of"


class ScopedFields:
    """Offer and accept related rows of the user's stores only, without links that edit them."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, DecimalField):
            return number_field(db_field)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if field is not None and isinstance(field.widget, AdminSplitDateTime):
            label_parts(field)
            field.validators.append(validate_moment)
        return field

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any]:
        rows = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        if rows is None:
            rows = db_field.remote_field.model._default_manager.all()
        return narrowed(rows, request)


def number_field(column: Any) -> NumberField:
    """Return the form field of a column. Those with as many places as a currency may have are amounts."""
    field: NumberField = column.formfield(form_class=ColumnNumberField)
    return field


class ColumnNumberField(NumberField):
    def __init__(self, *, max_digits: int, decimal_places: int, **options: Any) -> None:
        digits = None if decimal_places == MAX_DIGITS else decimal_places
        super().__init__(digits=digits, **options)


def label_parts(field: Any) -> None:
    """Name the date and the time control for assistive technology: Django labels both together."""
    for widget, part in zip(field.widget.widgets, ("date", "time"), strict=True):
        widget.attrs["aria-label"] = f"{field.label}: {part}"


def has_timed_out(request: HttpRequest) -> bool:
    """Tell whether this request only says that its list took too long: nothing is looked up again."""
    return getattr(request, "query_timed_out", False)


class ScopedAdmin(ScopedFields, ListPages, AnyModelAdmin):
    """Pages of a model with the rows of the user's stores only; rows of other stores answer 404."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = narrowed(super().get_queryset(request), request)
        return rows.none() if has_timed_out(request) else rows

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show the store column only to people who work in several stores."""
        has_several = scope_of(request).has_several
        names = super().get_list_display(request)
        return [name for name in names if has_several or name != "store"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Set the full count of an unfiltered list, which then offers no “Show all”."""
        changelist = super().get_changelist_instance(request)
        if not request.GET:
            changelist.full_result_count = changelist.result_count
        return changelist

    def action_checkbox(self, obj: Model) -> SafeString:
        """Return Django's checkbox without its template, which takes a fifth of the time of a list."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select"'
            ' aria-label="Select {} for an action">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            obj,
        )

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> NoReturn:
        raise Http404(f"No {opts.verbose_name} {object_id} in your stores.")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Show the list; without rows when the query takes too long, so that it can be narrowed."""
        with without_prepared_statements():
            try:
                page: HttpResponseBase = super().changelist_view(request, extra_context)
                return page.render() if hasattr(page, "render") else page
            except OperationalError as error:
                if request.method == "POST" or not is_statement_timeout(error):
                    raise
            return self.empty_changelist(request, extra_context)

    def empty_changelist(
        self, request: HttpRequest, extra_context: dict[str, Any] | None
    ) -> TemplateResponse:
        request.query_timed_out = True
        self.message_user(request, TOO_LONG, messages.WARNING)
        page: TemplateResponse = super().changelist_view(request, extra_context)
        changelist: Any = (page.context_data or {})["cl"]
        changelist.result_count = UnknownCount()
        page.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return page

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """Show the form again with the refusal of a service as its error; nothing is saved then."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DuplicateSubmission as before:
            return self.redirect_duplicate(request, before)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        form.only_store = only_store(request)
        return form

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            self.message_user(request, error_message(refusal), messages.ERROR)
            return HttpResponseRedirect("../change/")

    def actor(self, request: HttpRequest) -> Actor:
        return Actor.staff(request.user)

    def form_page(
        self, request: HttpRequest, obj: Any, form: Form, title: str, button: str, hint: str
    ) -> TemplateResponse:
        """Return the page with the form that a button of one row leads to."""
        for field in form.fields.values():
            if isinstance(field.widget, AdminSplitDateTime):
                label_parts(field)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(obj),
            "opts": self.opts,
            "original": obj,
            "form": form,
            "button": button,
            "hint": hint,
            "back": self.page_of(obj),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/button_form.html", context)

    def missing_row(self, request: HttpRequest, object_id: str, page: str) -> HttpResponseBase:
        """Answer for a row that is not in the user's stores. `page` names the URL that was asked for."""
        self._get_obj_does_not_exist_redirect(request, self.opts, object_id)

    def page_of(self, obj: Any) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[obj.pk])

    def button_response(
        self, request: HttpRequest, obj: Any, text: str, change: Callable[[], Any]
    ) -> HttpResponseBase:
        """Carry out a button without a form, and return to the row's page with the message `text`."""
        try:
            change()
        except DomainError as refusal:
            return self.button_failed(request, obj, refusal)
        return self.button_done(request, obj, text)

    def button_done(self, request: HttpRequest, obj: Any, text: str) -> HttpResponseBase:
        self.log_change(request, obj, text)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.page_of(obj))

    def redirect_duplicate(
        self, request: HttpRequest, before: DuplicateSubmission
    ) -> HttpResponseBase:
        self.message_user(request, SENT_BEFORE, messages.WARNING)
        return HttpResponseRedirect(before.path)

    def button_failed(
        self, request: HttpRequest, obj: Any, refusal: DomainError
    ) -> HttpResponseBase:
        self.message_user(request, error_message(refusal), messages.ERROR)
        return HttpResponseRedirect(self.page_of(obj))

    def form_response(
        self,
        request: HttpRequest,
        obj: Any,
        form: Form,
        change: Callable[[dict[str, Any]], str],
        *,
        title: str,
        button: str,
        hint: str = "",
        finish: Callable[[HttpRequest, Any, str], HttpResponseBase] | None = None,
    ) -> HttpResponseBase:
        """Carry out a valid form once, or else show it, with its errors.

        `change` takes the form's data and returns the message that says what was done; `finish` takes this
        message and answers. Without `finish` the answer is a redirect to the row's page.
        """
        form.fields["once"] = SubmissionTokenField()
        set_store(form.fields.values(), getattr(obj, "store", None))
        if form.is_valid():
            try:
                with submit_once(form.cleaned_data["once"]) as sent:
                    text = change(form.cleaned_data)
                    sent.path = self.page_of(obj)
            except DuplicateSubmission as before:
                return self.redirect_duplicate(request, before)
            except DomainError as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, error_message(refusal)
                )
            else:
                return (finish or self.button_done)(request, obj, text)
        return self.form_page(request, obj, form, title, button, hint)

    def button_path(
        self, name: str, view: Callable[..., HttpResponseBase], permission: str
    ) -> URLPattern:
        """Return the URL pattern of a button, below the row's own URL.

        `permission`, such as `app.verb_noun`, is required. `view` takes the request and a row of the user's.
        """

        def checked_view(request: HttpRequest, object_id: str) -> HttpResponseBase:
            obj = self.get_object(request, object_id)
            if obj is None:
                return self.missing_row(request, object_id, f"admin:{url_name}")
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, obj)

        url_name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        wrapped = self.admin_site.admin_view(checked_view)
        return path(f"<path:object_id>/{name}/", wrapped, name=url_name)


class ReadOnly:
    """Mixed into pages of rows that only services write: nobody adds, changes or deletes them here."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, ScopedAdmin):
    """Read-only pages. They have no History link, for nobody changes the rows here."""

    change_form_template = "admin/read_only_page.html"
