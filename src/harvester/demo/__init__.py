"""A small Long Biên portal in the markup of the founding family, composed anew and served on loopback."""
