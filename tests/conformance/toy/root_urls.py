from config.urls import urlpatterns as project
from tests.conformance.toy.urls import urlpatterns as toy

urlpatterns = [*project, *toy]
