from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "customers.matching"
    label = "matching"
    verbose_name = "Duplicates"
    default_auto_field = "django.db.models.BigAutoField"
