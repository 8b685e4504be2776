"""One OpenAPI 3 document a dialect, made from what serves its requests.

Requests come from the dialect's serializers, refusals from its own `error_body`, and answers from its own
shapes: they are shown specimens of rows, and what they give is described. So no key is written down twice.
A dialect may have a module `openapi` with `OPERATIONS`: by viewset and action, an `Operation` for what
cannot be seen from outside. Without it the document still has every path, scope and refusal.
"""
