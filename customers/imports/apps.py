from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "customers.imports"
    label = "imports"
    verbose_name = "Imports"
