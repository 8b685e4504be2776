"""What every page of the back office shares: the stores of its user, and changes made by services."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from stores.actors import Actor
from stores.admin.error_messages import error_message
from stores.admin.generic import AnyModelAdmin
from stores.admin.submissions import DuplicateSubmission, SubmissionTokenField, submit_once
from stores.admin.tenancy import narrowed, scope_of
from stores.database.connections import is_statement_timeout, without_prepared_statements
from stores.errors import DomainError
from stores.models.base import validate_moment

TOO_LONG = "This took too long to find. Narrow the search or the filters."


class UnknownCount(int):
    """Shown as the number of rows where the database could not count them in time."""

    def __str__(self) -> str:
        return "an unknown number of"


class ScopedFields:
    """Offers and accepts related rows of the user's stores only, and edits none of them in passing."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
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


def label_parts(field: Any) -> None:
    """Names the two controls of a time, which Django does in words beside them only."""
    for widget, part in zip(field.widget.widgets, ("date", "time"), strict=True):
        widget.attrs["aria-label"] = f"{field.label}: {part}"


class ListTitle:
    """Names a list after its rows, where Django says “Select … to change”."""

    opts: Any

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        return super().changelist_view(request, context)  # type: ignore[misc]


class ScopedAdmin(ScopedFields, ListTitle, AnyModelAdmin):
    """A model's pages, of the user's stores only: lists, search, autocomplete, history, by id (404)."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = narrowed(super().get_queryset(request), request)
        return rows.none() if getattr(request, "query_timed_out", False) else rows

    def get_list_display(self, request: HttpRequest) -> Any:
        """The store of each row stands in the lists of people who work in several."""
        several = scope_of(request).has_several
        names = super().get_list_display(request)
        return [name for name in names if several or name != "store"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """A list of which nothing is left out does not offer to show all of it."""
        changelist = super().get_changelist_instance(request)
        if not request.GET:
            changelist.full_result_count = changelist.result_count
        return changelist

    def action_checkbox(self, obj: Model) -> SafeString:
        """As Django's, which renders a template for each row: a fifth of the time of a list."""
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
        """When the query takes too long, shows the page without rows, where the search can be narrowed."""
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
        """A refusal of the services comes back as an error of the form, with nothing saved."""
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
        """The page that asks for what a button of one row needs."""
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

    def page_of(self, obj: Any) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[obj.pk])

    def button_response(
        self, request: HttpRequest, obj: Any, done: str, change: Callable[[], Any]
    ) -> HttpResponseBase:
        """A button without a form: calls a service, and goes back to the row's page with a message."""
        try:
            change()
        except DomainError as refusal:
            return self.button_failed(request, obj, refusal)
        return self.button_done(request, obj, done)

    def button_done(self, request: HttpRequest, obj: Any, text: str) -> HttpResponseBase:
        self.log_change(request, obj, text)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.page_of(obj))

    def redirect_duplicate(
        self, request: HttpRequest, before: DuplicateSubmission
    ) -> HttpResponseBase:
        text = "This form was sent before: it counts once."
        self.message_user(request, text, messages.WARNING)
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
        if form.is_valid():
            try:
                with submit_once(form.cleaned_data["once"]) as sent:
                    done = change(form.cleaned_data)
                    sent.path = self.page_of(obj)
            except DuplicateSubmission as before:
                return self.redirect_duplicate(request, before)
            except DomainError as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, error_message(refusal)
                )
            else:
                return (finish or self.button_done)(request, obj, done)
        return self.form_page(request, obj, form, title, button, hint)

    def button_path(
        self, name: str, view: Callable[..., HttpResponseBase], permission: str
    ) -> URLPattern:
        """The address of a button under a row's own, for people with a permission such as `app.verb_noun`.

        `view` takes the request and the row, which is one of the user's stores.
        """

        def inner(request: HttpRequest, object_id: str) -> HttpResponseBase:
            obj = self.get_object(request, object_id)
            if obj is None:
                raise Http404
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, obj)

        url_name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(f"<path:object_id>/{name}/", self.admin_site.admin_view(inner), name=url_name)


class ReadOnly:
    """Shown, never changed here: services write it."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, ScopedAdmin):
    """Pages of rows that only services write; without a History link, for nobody changes them here."""

    change_form_template = "admin/read_only_page.html"
