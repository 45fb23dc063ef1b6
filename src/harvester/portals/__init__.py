"""The catalogue: who publishes where and when, read from TOML files."""
