"""The start page: what needs a person, who has it, and the figures of a store."""
