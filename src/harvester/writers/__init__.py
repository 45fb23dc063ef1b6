"""Records out: JSON Lines and WARC files. Writers see records only."""
