from customers.api.routing import routes
from customers.dialects.manufacturing.dialect import dialect
from customers.dialects.manufacturing.views import CustomerViewSet

urlpatterns = routes(dialect, {"api/admin/customers": CustomerViewSet})
