from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from config import openapi
from config.admin import passwords
from config.admin.move_in import move_in
from config.admin.shown_as import shown_as
from customers import dialects
from customers.dialects.storefront.webhooks.representations import body_of

handler400 = "config.admin.error_pages.bad_request"
handler403 = "config.admin.error_pages.forbidden"
handler404 = "config.admin.error_pages.not_found"
handler500 = "config.server_error.failed"
admin.site.dialects = [(dialect.name, dialect.title) for dialect in dialects.registered_dialects()]
admin.site.webhook_body = body_of

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/move-in/", admin.site.admin_view(move_in), name="move_in"),
    path("admin/as/<str:name>/<int:pk>/", admin.site.admin_view(shown_as), name="shown_as"),
    *passwords.urlpatterns,
    path("admin/", admin.site.urls),
    *openapi.urlpatterns,
]
