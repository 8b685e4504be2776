from django.apps import AppConfig

from stores.errors import register_constraints


class PrivacyConfig(AppConfig):
    name = "customers.privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        # Imported here: models can be imported only once Django has loaded the apps.
        from customers.imports.services.returning import register_finder
        from customers.privacy.models.constraints import CONSTRAINT_REFUSALS
        from customers.privacy.services.marks import erased_rows

        register_constraints(CONSTRAINT_REFUSALS)
        register_finder(erased_rows)
