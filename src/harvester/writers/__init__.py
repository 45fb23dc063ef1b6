"""Records out: JSON Lines, WARC files and pages to look at. Writers see records only."""
