"""Rules of retention: for how long a store keeps something, and what becomes of it after that."""
