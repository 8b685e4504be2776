"""The back office's pages of privacy."""
