from customers.api.routing import routes
from tests.conformance.toy.dialect import dialect
from tests.conformance.toy.views import PersonViewSet

urlpatterns = routes(dialect, {"toy/people": PersonViewSet})
