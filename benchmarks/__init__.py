"""How long people wait, as ratios: `make bench`."""
