from importlib import import_module

from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "stores"

    def ready(self) -> None:
        import_module("stores.database.replica.checks")
