from importlib import import_module

from django.apps import AppConfig

from stores.errors import register_constraints


class StoresConfig(AppConfig):
    name = "stores"

    def ready(self) -> None:
        # Imported here: models can be imported only once Django has loaded the apps.
        from stores.models.constraints import CONSTRAINT_REFUSALS

        import_module("stores.database.replica.checks")
        register_constraints(CONSTRAINT_REFUSALS)
