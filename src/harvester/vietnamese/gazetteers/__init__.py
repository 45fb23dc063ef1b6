"""Word lists, each with its source in its head; loaded by the rooms beside this one."""
