from __future__ import annotations

import pytest


@pytest.mark.parametrize("walks", [(1, 2), (2, 3), (3, 9), (1_000, 20_000)])
@pytest.mark.parametrize("sort", ["createdAt", "updatedAt", "name", "email"])
def test_search_pages_are_equal_for_every_strategy(shop, monkeypatch, walks, sort):
    monkeypatch.setattr("customers.api.search_listing.SCAN_DEPTHS", walks)
    for n in range(9):  # two match, three do not
        name = f"{'Walk' if n % 5 < 2 else 'Sit'}{n}"
        shop.customer(name=name, email=f"n{n}@example.com")
    pages = [
        shop.ok("GET", f"/customers?search=walk&sortBy={sort}&limit=3&offset={start}")
        for start in range(5)
    ]
    expected = ["Walk6", "Walk5", "Walk1", "Walk0"]
    shown = [[item["name"] for item in page["items"]] for page in pages]
    assert shown == [expected[start : start + 3] for start in range(5)]
    assert [page["total"] for page in pages] == [4] * 5


@pytest.mark.parametrize("walks", [(1, 2), (2, 3), (1_000, 20_000)])
@pytest.mark.parametrize("sort", ["createdAt", "name", "email"])
def test_pages_of_words_in_any_order_are_counted(shop, monkeypatch, walks, sort):
    monkeypatch.setattr("customers.api.search_listing.SCAN_DEPTHS", walks)
    for n in range(5):
        shop.customer(name=f"Brett Baker{n}", email=f"n{n}@example.com")
        shop.customer(name=f"Brett Miller{n}", email=f"m{n}@example.com")
    path = f"/customers?search=baker%20brett&sortBy={sort}&limit=2&offset="
    pages = [shop.ok("GET", f"{path}{start}") for start in (0, 2, 4)]
    shown = [item["name"] for page in pages for item in page["items"]]
    assert shown == [f"Brett Baker{n}" for n in range(4, -1, -1)]
    assert [page["total"] for page in pages] == [5] * 3


@pytest.mark.parametrize("sort", ["createdAt", "name"])
def test_pages_from_both_ends_make_up_the_list(shop, sort):
    for n in range(9):
        shop.customer(name=f"Walk{n}", email=f"n{n}@example.com")
    query = f"/customers?sortBy={sort}&limit=4&offset="
    pages = [shop.ok("GET", f"{query}{start}") for start in range(12)]
    shown = [[item["name"] for item in page["items"]] for page in pages]
    everyone = [f"Walk{n}" for n in range(8, -1, -1)]
    assert shown == [everyone[start : start + 4] for start in range(12)]
    assert [page["total"] for page in pages] == [9] * 12
