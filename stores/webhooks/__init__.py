"""Webhooks: deliver a store's events to its endpoints.

`stores.outbox` writes an event and its deliveries in the transaction of the change. A worker
(`worker.py`) claims due deliveries under a lease (`claims.py`), sends them in threads (`runs.py`,
`senders.py`, `sending.py`) outside of any transaction, and stores the results (`results.py`). So each
event arrives at least once, every time with the same `webhook-id`, and a change that was rolled back
sends nothing.
"""
