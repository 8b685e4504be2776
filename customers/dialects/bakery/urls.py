from customers.api.routing import routes
from customers.dialects.bakery.dialect import dialect
from customers.dialects.bakery.views import CustomerViewSet

urlpatterns = routes(dialect, {"api/v1/customers": CustomerViewSet})
