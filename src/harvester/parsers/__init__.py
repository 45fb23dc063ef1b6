"""Captures in, articles and listings out. `page` makes text and tree, `families` know the CMSes, `reading` chooses."""
