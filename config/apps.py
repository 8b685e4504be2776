from importlib import import_module

from axes.apps import AppConfig as AxesConfig
from django.contrib.admin.apps import AdminConfig


class ClienteleAdminConfig(AdminConfig):
    """Django's admin with Clientele's own site class."""

    default_site = "config.admin.site.ClienteleAdminSite"

    def ready(self) -> None:
        """Register the pages after the site exists, because the site imports modules of their packages."""
        super().ready()
        capabilities = ("imports", "matching", "merging", "privacy")
        apps = [f"customers.{name}" for name in capabilities]
        for app in ("stores", "customers", *apps, "orders", "config"):
            import_module(f"{app}.admin.registry")


class SignInsConfig(AxesConfig):  # type: ignore[misc]  # the library has no type hints
    """django-axes, under a name that staff understand."""

    verbose_name = "Sign-ins"
