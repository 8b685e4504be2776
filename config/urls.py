from django.contrib import admin
from django.urls import path

from config.health import healthz, readyz
from customers import dialects

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("admin/", admin.site.urls),
    *dialects.routes(),
]
