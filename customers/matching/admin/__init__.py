"""The back office page on which staff compare customers who may be one."""
