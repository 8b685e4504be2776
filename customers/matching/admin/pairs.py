from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from customers.matching.admin.comparison import lines
from customers.matching.levels import Level
from customers.matching.models import Decision, DuplicatePair
from customers.matching.services.deciding import decide_different, reopen
from customers.matching.words import in_words, ranked, summary
from stores.admin.base import ReadOnlyAdmin
from stores.admin.query import whole_number
from stores.errors import NotFound

SHOWN = 50  # pairs beside the one that is compared
CHANGE = "customers.change_customer"
DECIDED = "Somebody has decided about this pair meanwhile."


@admin.register(DuplicatePair)
class DuplicatePairAdmin(ReadOnlyAdmin):
    """One pair a page, with the others beside it. Whoever sees customers sees their pairs."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("first__store", "second__store", "store")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("customers.view_customer")

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("different", require_POST(self.different), CHANGE),
            self.button_path("reopen", require_POST(self.reopen), CHANGE),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Compare the most likely pair that is open."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.compare(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        pair = self.get_object(request, object_id)
        if pair is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.compare(request, pair)

    def compare(self, request: HttpRequest, pair: DuplicatePair | None) -> HttpResponseBase:
        level = least_level(request)
        rows = self.open_pairs(request).at_least(level)
        shown = list(rows.order_by("-score", "pk")[:SHOWN])
        pair = pair or next(iter(shown), None)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        context = {
            **self.admin_site.each_context(request),
            "title": "Duplicates",
            "opts": self.opts,
            "pairs": [(row, self.page_of(row) + query, summary(row.reasons)) for row in shown],
            "count": rows.count(),
            "level": level,
            "query": query,
            **({} if pair is None else self.comparison(request, pair, shown, query)),
        }
        return TemplateResponse(request, "admin/matching/duplicatepair/compare.html", context)

    def comparison(
        self, request: HttpRequest, pair: DuplicatePair, shown: list[DuplicatePair], query: str
    ) -> dict[str, Any]:
        place = next((place for place, row in enumerate(shown) if row.pk == pair.pk), None)
        before = shown[place - 1] if place else None
        after = shown[place + 1] if place is not None and place + 1 < len(shown) else None
        former = {reason["code"] for reason in pair.decided_reasons}
        return {
            "pair": pair,
            "place": None if place is None else place + 1,
            "previous": before and self.page_of(before) + query,
            "next": after and self.page_of(after) + query,
            "lines": lines(pair.first, pair.second),
            "reasons": [(in_words(one), one["bits"] >= 0) for one in ranked(pair.reasons)],
            "news": [in_words(one) for one in ranked(pair.reasons) if one["code"] not in former],
            "is_open": pair.decision == Decision.OPEN,
            "may_decide": request.user.has_perm(CHANGE),
        }

    def open_pairs(self, request: HttpRequest) -> Any:
        store = whole_number(request.GET.get("store__id__exact", ""))
        rows: Any = self.get_queryset(request).open()
        return rows if store is None else rows.filter(store=store)

    def different(self, request: HttpRequest, pair: DuplicatePair) -> HttpResponseBase:
        """Remember that the two are different people, and go on with the next pair."""
        try:
            decide_different(pair.as_queryset(), self.actor(request))
        except NotFound:
            self.message_user(request, DECIDED, messages.WARNING)
        else:
            text = f"{pair.first} and {pair.second} are kept as different people."
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(f"{list_url()}?{request.GET.urlencode()}")

    def reopen(self, request: HttpRequest, pair: DuplicatePair) -> HttpResponseBase:
        try:
            reopen(pair.as_queryset())
        except NotFound:
            self.message_user(request, DECIDED, messages.WARNING)
        return HttpResponseRedirect(self.page_of(pair))


def least_level(request: HttpRequest) -> Level:
    """Return the level in the URL; likely pairs and better without one."""
    text = request.GET.get("least", "")
    return Level(text) if text in {level.value for level in Level} else Level.LIKELY


def list_url() -> str:
    return reverse("admin:matching_duplicatepair_changelist")
