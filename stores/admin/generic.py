"""Typed base classes of the admin. Django's own can be subscripted by type checkers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.forms import BaseInlineFormSet, ModelForm

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyStackedInline = admin.StackedInline[Any, Any]
    AnyTabularInline = admin.TabularInline[Any, Any]
    AnyModelForm = ModelForm[Any]
    AnyInlineFormSet = BaseInlineFormSet[Any, Any, ModelForm[Any]]
    AnyPaginator = Paginator[Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyStackedInline = admin.StackedInline
    AnyTabularInline = admin.TabularInline
    AnyModelForm = ModelForm
    AnyInlineFormSet = BaseInlineFormSet
    AnyPaginator = Paginator
