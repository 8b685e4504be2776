"""Statements of house accounts: what happened in a period, what is owed at its end, and how old that is."""
