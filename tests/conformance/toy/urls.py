from customers.api.routing import routes
from tests.conformance.toy.views import PersonViewSet
from tests.conformance.toy.wire import dialect

urlpatterns = routes(dialect, {"toy/people": PersonViewSet})
