"""An OpenAPI 3 document for each dialect, made from the code that serves its requests.

Request bodies are described from the dialect's serializers, and errors from its `error_body`. Responses are
described from the dialect's representations of example rows. So no key is written twice. A dialect may have a
module `openapi` with `OPERATIONS`: by viewset and action, an `Operation` that adds what the code does not show.
Without it the document still has every path, scope and error.
"""
