from django.contrib.admin.apps import AdminConfig


class ClienteleAdminConfig(AdminConfig):
    """The built-in admin on Clientele's own site class."""

    default_site = "customers.admin.site.ClienteleAdminSite"
