"""Models and latents written for other programs. To add a format: a writer beside this, and its name in `models.FORMATS`."""
