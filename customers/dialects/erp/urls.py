from customers.api.routing import routes
from customers.dialects.erp.dialect import dialect
from customers.dialects.erp.views import CustomerViewSet

urlpatterns = routes(dialect, {"api/customers": CustomerViewSet})
