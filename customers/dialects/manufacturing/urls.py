from customers.api.routing import routes
from customers.dialects.manufacturing.views import CustomerViewSet
from customers.dialects.manufacturing.wire import dialect

urlpatterns = routes(dialect, {"api/admin/customers": CustomerViewSet})
