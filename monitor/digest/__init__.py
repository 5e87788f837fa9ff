"""The day in one message: what was found, what was read, and whether a quiet day was a blind one."""
