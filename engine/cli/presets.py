"""What each preset of training is for; apart from the presets themselves, so that a help text needs no torch."""

PRESET_NOTES = {
    "tiny": "32×32, something to see within five minutes on two cores",
    "small-128": "128×128 with narrow layers, an evening or two on two cores; the embedded model's settings",
    "small-256": "256×256 with narrow layers, several days on two cores or an evening on a graphics card",
    "stylegan1-128": "the StyleGAN paper's network and schedule at 128×128, for one graphics card",
    "stylegan1-256": "the StyleGAN paper's network and schedule at 256×256, for one graphics card",
    "stylegan1-1024": "the StyleGAN paper's network and schedule at 1024×1024, for a large graphics card and weeks",
    "progan-128": "the ProGAN paper's network and schedule at 128×128, for one graphics card",
    "progan-1024": "the ProGAN paper's network and schedule at 1024×1024, for a large graphics card and weeks",
}


def listed() -> str:
    """All presets with their sentences, one a line."""
    return "\n".join(f"  {name:<15} {note}" for name, note in PRESET_NOTES.items())
