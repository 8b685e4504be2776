"""Choices of the columns of a customer."""

from __future__ import annotations

from django.db import models


class Source(models.TextChoices):
    API = "api"
    APP = "app"
    WEB = "web"
    POS = "pos"
    IMPORT = "import"
    ADMIN = "admin"


class Gender(models.IntegerChoices):
    MALE = 1
    FEMALE = 2
