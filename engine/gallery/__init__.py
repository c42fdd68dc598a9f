"""Favourites: a folder of PNGs that carry their recipes and marks, and an index beside them that can be made again. No torch."""
