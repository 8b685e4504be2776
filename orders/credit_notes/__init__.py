"""Credit notes as documents: what an order was credited, for the customer, with a number of its own."""
