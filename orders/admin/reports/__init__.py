"""Reports about a store's money in the back office."""
