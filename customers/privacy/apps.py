from django.apps import AppConfig

from stores.errors import register_constraints


class PrivacyConfig(AppConfig):
    name = "customers.privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        # Imported here: models can be imported only once Django has loaded the apps.
        from customers.privacy.models.constraints import CONSTRAINT_REFUSALS

        register_constraints(CONSTRAINT_REFUSALS)
