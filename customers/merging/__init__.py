"""Merge two customers who are one, and take the merge apart again."""
