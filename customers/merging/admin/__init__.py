"""The pages on which staff merge customers and take merges apart."""
