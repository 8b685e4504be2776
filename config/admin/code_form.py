"""The field for a code of the second factor."""

from __future__ import annotations

from django import forms


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autofocus": True}),
        help_text="Six digits of the app on your phone, or one of your recovery codes.",
    )
