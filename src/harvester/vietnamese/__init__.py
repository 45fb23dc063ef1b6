"""Vietnamese text in, facts out: no markup, no network, no files of the user's."""
