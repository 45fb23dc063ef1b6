"""Where captures come from. A fetcher yields captures and parses nothing."""
