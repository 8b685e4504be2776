from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from customers.privacy.admin.retention_facts import facts_of
from customers.privacy.models import RetentionRule
from customers.privacy.models.retention_rule import MAX_MONTHS
from customers.privacy.services.retention.rules import (
    create_rule,
    disable_rule,
    enable_rule,
    update_rule,
)
from customers.privacy.words import sentence
from stores.admin.base import ReadOnly, ScopedAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import ServiceForm
from stores.admin.paging import BoundedPaginator

RIGHT = "privacy.change_retentionrule"


class MonthsForm(forms.Form):
    after_months = forms.IntegerField(
        label="After months", min_value=1, max_value=MAX_MONTHS, help_text="36 are three years."
    )


class RuleForm(ServiceForm):
    class Meta:
        model = RetentionRule
        fields = "__all__"


@admin.register(RetentionRule)
class RetentionRuleAdmin(ReadOnly, ScopedAdmin):
    """Rules of retention. A page shows what the next run would do, and lets it be switched on."""

    form = RuleForm
    change_form_template = "admin/privacy/retention.html"
    list_display = ["what", "after_months", "is_enabled", "next_run_on", "would_do", "store"]
    list_filter = [("store", ScopedRelatedFilter), "is_enabled"]
    list_select_related = ["store"]
    ordering = ["id"]
    list_per_page = 50
    paginator = BoundedPaginator
    fields = ["store", "what", "after_months"]

    @admin.display(description="Preview")
    def would_do(self, rule: RetentionRule) -> str:
        return sentence(rule)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("privacy.add_retentionrule"))

    def save_model(self, request: HttpRequest, obj: RetentionRule, form: Any, change: bool) -> None:
        data = form.cleaned_data
        rule = create_rule(data["store"], self.actor(request), data["what"], data["after_months"])
        obj.pk = rule.pk

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("edit", self.edit, RIGHT),
            self.button_path("enable", require_POST(self.enable), RIGHT),
            self.button_path("disable", require_POST(self.disable), RIGHT),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponseBase:
        rule = options.get("obj")
        if rule is not None:
            context |= facts_of(rule)
        return super().render_change_form(request, context, *args, **options)

    def edit(self, request: HttpRequest, rule: RetentionRule) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            update_rule(rule.as_queryset(), self.actor(request), data["after_months"])
            return "Changed. Look at the new preview, then switch the rule on."

        form = MonthsForm(request.POST or None, initial={"after_months": rule.after_months})
        return self.form_response(
            request,
            rule,
            form,
            change,
            title="Change the time",
            button="Change",
            hint="The rule is switched off until you have seen its new preview.",
        )

    def enable(self, request: HttpRequest, rule: RetentionRule) -> HttpResponseBase:
        text = "Switched on. The start page says two weeks before what will be done."
        return self.button_response(
            request, rule, text, lambda: enable_rule(rule.as_queryset(), self.actor(request))
        )

    def disable(self, request: HttpRequest, rule: RetentionRule) -> HttpResponseBase:
        return self.button_response(
            request,
            rule,
            "Switched off. Nothing is done any more.",
            lambda: disable_rule(rule.as_queryset(), self.actor(request)),
        )
