from importlib import import_module

from axes.apps import AppConfig as AxesConfig
from django.contrib.admin.apps import AdminConfig


class ClienteleAdminConfig(AdminConfig):
    """The built-in admin on Clientele's own site class."""

    default_site = "customers.admin.site.ClienteleAdminSite"

    def ready(self) -> None:
        """Registers the pages last: those of customers stand in one package with the site they need."""
        super().ready()
        for app in ("stores", "customers", "orders"):
            import_module(f"{app}.admin.registry")


class SignInsConfig(AxesConfig):
    """Its lists, by a name that staff know."""

    verbose_name = "Sign-ins"
