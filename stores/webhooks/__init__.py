"""Events on their way to the endpoints of a store: who gets them, how they are signed and sent.

An event and its deliveries are written by `stores.outbox` in the transaction of the change. A worker
(`worker.py`) claims what is due under a lease (`claims.py`), sends it (`sending.py`) while it holds no
transaction, and writes down what came of it (`results.py`). So each event arrives at least once, with
the same `webhook-id` every time, and nothing arrives of a change that was rolled back.
"""
