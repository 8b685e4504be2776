from importlib import import_module

from axes.apps import AppConfig as AxesConfig
from django.contrib.admin.apps import AdminConfig


class ClienteleAdminConfig(AdminConfig):
    """The built-in admin on Clientele's own site class."""

    default_site = "config.admin.site.ClienteleAdminSite"

    def ready(self) -> None:
        """Register the pages last: the site imports modules of the packages that they are in."""
        super().ready()
        for app in ("stores", "customers", "orders"):
            import_module(f"{app}.admin.registry")
        import_module("config.admin.sign_ins")


class SignInsConfig(AxesConfig):  # type: ignore[misc]  # the library has no type hints
    """Its lists, by a name that staff know."""

    verbose_name = "Sign-ins"
