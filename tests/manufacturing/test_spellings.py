"""Spellings of criteria and sorts, accepted and refused."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.manufacturing.conftest import messages

GROUPS = [
    ("filters[0][field]=name&filters[0][op]=like&filters[0][value]=%Kitchens", "AG"),
    ("filters[7][field]=name&filters[7][value]=Delta", "D"),
    ("filters[0][field]=cc_email&filters[0][op]=null", "BD"),
    (
        "filters[0][field]=name&filters[0][op]=like&filters[0][value]=%Kitchens"
        "&filters[1][field]=minimum_charge_amount&filters[1][op]=gt&filters[1][value]=10",
        "G",
    ),
    (
        "filter_groups[0][filters][0][field]=name&filter_groups[0][filters][0][value]=Delta"
        "&filter_groups[0][filters][1][field]=id&filter_groups[0][filters][1][value]={A}"
        "&filter_groups[0][filters][1][condition_type]=eq",
        "AD",
    ),
    (
        "filter_groups[0][filters][0][field]=name&filter_groups[0][filters][0][value]=Delta"
        "&filter_groups[1][filters][0][field]=id&filter_groups[1][filters][0][value]={A}",
        "",
    ),
    ("filter[id][gt]={A}&filter[id][lt]={G}", "B"),
    ("filter[name][like]=%kitchens&settings.is_beta=1", "A"),
    ("name=Delta&colour=red&colour[like]=%", "D"),
    ("filter[name][]=Delta", "D"),
    ("name[0]=Delta", "D"),
    ("filter[name][in][]=Delta&filter[name][in][]=Nobody", "D"),
    ("filters[0][field]=name&filters[0][op]=in&filters[0][value][0]=Delta", "D"),
]


@pytest.mark.parametrize(("query", "hits"), GROUPS)
def test_criteria_in_any_spelling_combine(portal, book, query, hits):
    for letter, one in book.items():
        query = query.replace(f"{{{letter}}}", str(one["id"]))
    assert portal.letters(query) == hits


UNUSABLE = [
    "filter[height]=3",
    "filter[]=3",
    "filter=3",
    "filters=3",
    "filter_groups[0]=3",
    "filter[name][eq][eq]=x",
    "filter[name][]=x&filter[name][]=y",
    "filters[0][field]=name&filters[0][value][]=x&filters[0][value][]=y",
    "name[like]=%",
    "name[]=x&name[]=y",
    "filter[name][EQ]=x",
    "filter[name][resembles]=x",
    "filter[name]=",
    "filter[name][like]=",
    "filter[name][in]=,",
    "filter[name]= ",
    "filter[cc_email][null]=perhaps",
    "filter[id][in]=1,x",
    "filter[id]=1.5",
    "filter[id]=1000000000",
    "filter[id]=¹",
    "filter[price_adjustment]=1.234",
    "filter[price_adjustment]=1e3",
    "filter[price_adjustment]=99999999999999",
    "filter[settings.is_beta]=perhaps",
    "filter[settings.is_beta][like]=t%",
    "filters[0][op]=eq&filters[0][value]=x",
    "filters[0][field]=name&filters[0][op]=eq",
    "filters[0][field]=name&filters[0][condition_type]=eq&filters[0][value]=x",
    "filters[x][field]=name&filters[x][value]=x",
    "filter_groups[0][filters][0][field]=name&filter_groups[0][filters][0][op]=eq",
    "filter_groups[0][filters][0][field]=height&filter_groups[0][filters][0][value]=x",
    "name=",
    "id=x",
    "name=a&name=b",
    "filter[name]=a&filter[name]=b",
    f"filter[name]={'x' * 1001}",
    "&".join(f"filters[{n}][field]=id&filters[{n}][value]=1" for n in range(51)),
    "filter[id][in]=" + ",".join("1" for _ in range(201)),
    "sort=height",
    "sort=",
    "sort=--name",
    "sort=name,id",
    "sort=name&sort=name",
]


@pytest.mark.parametrize("query", UNUSABLE, ids=lambda query: query[:60])
def test_invalid_criterion_is_refused(portal, query):
    assert messages(portal.search(query))


SORTS = [
    ("id", "ABGD"),
    ("-id", "DGBA"),
    ("manufacturer_id", "ABGD"),
    ("name", "ABDG"),
    ("-name", "GDBA"),
    ("email", "DABG"),
    ("phone", "DABG"),
    ("cc_email", "BDAG"),
    ("price_adjustment", "BADG"),
    ("-minimum_charge_amount", "GBAD"),
    ("-minimum_freight_amount", "GABD"),
    ("contact_address.street", "DGAB"),
    ("contact_address.suburb", "DGAB"),
    ("-contact_address.state", "AGBD"),
    ("contact_address.postcode", "DBAG"),
    ("-settings.is_beta", "ABGD"),
    ("settings.is_assembly_enabled", "AGDB"),
    ("settings.is_suspended", "ABDG"),
    ("-settings.is_suspended", "GABD"),
    ("customer_labels", "GDAB"),
]


@pytest.mark.parametrize(("sort", "order"), SORTS)
def test_every_field_sorts_and_ties_sort_by_id(portal, book, sort, order):
    assert portal.letters(f"sort={sort}") == order


def test_query_count_is_independent_of_results(portal, book):
    def queries(letters: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert portal.letters(f"filter[name][like]=%{letters}%&sort=-name") == hits[letters]
        return len(seen)

    hits = {"Delta": "D", "a": "GDBA"}
    queries("a")  # fills the caches
    assert queries("Delta") == queries("a") <= 4  # the key, its use, the count, the page
