"""The back office; each module registers the admin of one noun."""
