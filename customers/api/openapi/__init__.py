"""One OpenAPI 3 document for each dialect, made from the code that serves its requests.

Request bodies are described from the dialect's serializers, errors from its own `error_body`, and responses
from its own representations: these get example rows, and their output is described. So no key is written twice.
A dialect may have a module `openapi` with `OPERATIONS`: by viewset and action, an `Operation` for what
cannot be seen from outside. Without it the document still has every path, scope and refusal.
"""
