"""The back office of stores and what they own; `base` is what all its pages share."""
