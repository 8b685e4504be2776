"""How the back office writes dates and times: the same wherever they stand, and the day before the month."""
