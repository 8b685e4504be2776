from customers.api.routing import routes
from customers.dialects.erp.views import CustomerViewSet
from customers.dialects.erp.wire import dialect

urlpatterns = routes(dialect, {"api/customers": CustomerViewSet})
