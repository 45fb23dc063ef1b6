"""The job: walk a portal's listings, fetch what is new, keep records and raw answers, and know where it stood."""
