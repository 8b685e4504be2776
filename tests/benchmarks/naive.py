"""The naive server of the same rows: ModelSerializer, prefetch, icontains, offset pages."""

from __future__ import annotations

from rest_framework import filters, pagination, serializers, viewsets
from rest_framework.routers import DefaultRouter

from customers.models import Address, Customer, Tag


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["uid", "name", "color"]


class AddressSerializer(serializers.ModelSerializer):
    class Meta:
        model = Address
        exclude = ["store", "customer"]


class CustomerSerializer(serializers.ModelSerializer):
    addresses = AddressSerializer(many=True, read_only=True)
    tags = TagSerializer(many=True, read_only=True)

    class Meta:
        model = Customer
        exclude = ["search_text", "name_key"]


class Pages(pagination.LimitOffsetPagination):
    default_limit = 50


class CustomerViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = CustomerSerializer
    pagination_class = Pages
    filter_backends = [filters.SearchFilter]
    search_fields = ["first_name", "last_name", "company", "email", "phone"]  # icontains
    lookup_field = "uid"

    def get_queryset(self):
        customers = Customer.objects.filter(deleted_at=None).order_by("-created_at", "-id")
        customers = customers.filter(store=self.request.GET["store"])
        if "email" in self.request.GET:
            customers = customers.filter(email__iexact=self.request.GET["email"])
        return customers.prefetch_related("addresses", "tags")


router = DefaultRouter()
router.register("naive", CustomerViewSet, basename="naive")
urlpatterns = router.urls
