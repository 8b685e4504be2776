from customers.api.routing import routes
from customers.dialects.bakery.views import CustomerViewSet
from customers.dialects.bakery.wire import dialect

urlpatterns = routes(dialect, {"api/v1/customers": CustomerViewSet})
