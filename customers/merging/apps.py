from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "customers.merging"
    label = "merging"
    verbose_name = "Merges"
    default_auto_field = "django.db.models.BigAutoField"
