from __future__ import annotations

from typing import Any

from django import forms

from stores.names import clean_name


class NameField(forms.CharField):
    """A name, without bidirectional controls; one that nobody can see is blank."""

    def to_python(self, value: Any) -> str:
        return clean_name(super().to_python(value) or "")
