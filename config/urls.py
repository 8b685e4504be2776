from django.contrib import admin
from django.urls import path

from customers import dialects

urlpatterns = [
    path("admin/", admin.site.urls),
    *dialects.routes(),
]
