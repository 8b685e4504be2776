"""Keep requests from entering more functions and files than today.

`python -m tests.architecture.count_stops --names` prints the functions.
"""

from __future__ import annotations

import pytest

from tests.architecture.stops import REQUESTS, Shop, Stops

# The larger figures of the two engines: PostgreSQL's connection and its JSON make some calls more.
# Lower a ceiling when the figures fall. Raise one only with a reason in the commit message.
CEILINGS = {
    "bakery GET": Stops(functions=45, files=15, calls=51),
    "bakery create with address": Stops(functions=218, files=52, calls=430),
    "ERP PUT of a whole object": Stops(functions=129, files=33, calls=238),
}


@pytest.mark.django_db(transaction=True)  # code that runs after a commit counts too
@pytest.mark.parametrize("request_name", REQUESTS)
def test_request_stays_below_its_ceilings(
    request_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("customers.api.auth.CACHE_SECONDS", 3600)
    stops, ceiling = REQUESTS[request_name](Shop()).stops(), CEILINGS[request_name]
    assert stops.functions <= ceiling.functions
    assert stops.files <= ceiling.files
    assert stops.calls <= ceiling.calls
