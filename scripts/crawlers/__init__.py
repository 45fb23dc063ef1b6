"""The contestants of bench_crawl.py, each a program of its own, and the server they all crawl.

A contestant is started as `python -m crawlers.<name> OUTPUT START_URL...` and leaves JSON Lines with the fields title,
posted_at, view_count and body: 16 requests at one time, no delay.
"""
