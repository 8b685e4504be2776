"""The admin site, and its pages that belong to no single app: the start page and "shown as"."""
