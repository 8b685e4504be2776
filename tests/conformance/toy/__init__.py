"""A minimal sixth dialect. The conformance suite runs against it unchanged."""

from tests.conformance.probes import SCOPES, Probe

PROBE = Probe(
    name="toy",
    collection="/toy/people",
    body={"called": "Ann"},
    id_at="id",
    message_at="oops",
    update=("PUT", {"called": "Bob"}),
    name_field="called",
    scopes=SCOPES | {"delete": "customers:delete"},
    rows_at="",
    statements=(5, 8),  # it does not drop unchanged values
)
