"""Labels, inputs and errors are written without templates, as Django's templates write them."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from config.form_renderer import FormRenderer

ODD = '"><b>&amp; Ann\u2019s'


class OddForm(forms.Form):
    name = forms.CharField(label=ODD, widget=forms.TextInput({"class": ODD, "data-x": 0}))
    note = forms.CharField(required=False, disabled=True, initial=ODD)
    token = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(initial=True)
    chosen = forms.BooleanField(required=False)
    count = forms.IntegerField(min_value=0, help_text="How many")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


@pytest.mark.parametrize("data", [None, {}, {"name": ODD, "note": ODD, "count": "x"}])
def test_html_is_that_of_django_without_colons(data: Any) -> None:
    own = OddForm(data, renderer=FormRenderer())
    usual = OddForm(data, renderer=DjangoTemplates(), label_suffix="")
    assert own.render() == usual.render()
    for name in own.fields:
        assert str(own[name]) == str(usual[name])
        assert own[name].label_tag() == usual[name].label_tag()
        assert str(own[name].errors) == str(usual[name].errors)
