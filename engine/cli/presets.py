"""What each preset of training is for; apart from the presets themselves, so that a help text needs no torch."""

PRESET_NOTES = {
    "tiny": "32×32, something to see within five minutes on two cores",
    "small-128": "128×128 with narrow layers, an evening or two on two cores; the embedded model's settings",
    "small-256": "256×256 with narrow layers, several days on two cores or an evening on a graphics card",
    "stylegan2-tiny": "StyleGAN2 at 32×32 with augmentation that adapts, something to see within ten minutes on two cores",
    "stylegan2-small-64": "StyleGAN2 at 64×64 with narrow layers, an evening on two cores; good for some hundred pictures",
    "stylegan2-small-128": "StyleGAN2 at 128×128 with narrow layers, a day on two cores or an hour or two on a graphics card",
    "stylegan3-tiny": "StyleGAN3-T at 32×32 with few layers, something to see within half an hour on two cores",
    "stylegan3-small-64": "StyleGAN3-T at 64×64 with few narrow layers, a day on two cores",
    "stylegan2-auto": "StyleGAN2 with settings for these pictures and this device; on a processor alone it stays small",
    "stylegan1-128": "the StyleGAN paper's network and schedule at 128×128, for one graphics card",
    "stylegan1-256": "the StyleGAN paper's network and schedule at 256×256, for one graphics card",
    "stylegan1-1024": "the StyleGAN paper's network and schedule at 1024×1024, for a large graphics card and weeks",
    "progan-128": "the ProGAN paper's network and schedule at 128×128, for one graphics card",
    "progan-1024": "the ProGAN paper's network and schedule at 1024×1024, for a large graphics card and weeks",
    "stylegan2-cifar": "StyleGAN2-ADA's settings for 32×32 pictures in classes, for one graphics card",
    "stylegan2-paper256": "StyleGAN2-ADA's network at 256×256, as its paper trained it, for one graphics card and a week",
    "stylegan2-paper512": "StyleGAN2-ADA's network at 512×512, as its paper trained it, for a graphics card and weeks",
    "stylegan2-paper1024": "StyleGAN2-ADA's network at 1024×1024, as its paper trained it, for a large graphics card and weeks",
    "stylegan2-1024": "the StyleGAN2 paper's network (configuration F) at 1024×1024, for a large graphics card and weeks",
    "stylegan3-t-256": "the StyleGAN3 paper's configuration T at 256×256, for one graphics card and a week or two",
    "stylegan3-t-512": "the StyleGAN3 paper's configuration T at 512×512, for a large graphics card and weeks",
    "stylegan3-t-1024": "the StyleGAN3 paper's configuration T at 1024×1024, for a large graphics card and months",
    "stylegan3-r-256": "the StyleGAN3 paper's configuration R at 256×256, for one graphics card and weeks",
    "stylegan3-r-512": "the StyleGAN3 paper's configuration R at 512×512, for a large graphics card and months",
    "stylegan3-r-1024": "the StyleGAN3 paper's configuration R at 1024×1024, for a large graphics card and months",
    "projected-tiny": "a projected discriminator and a light FastGAN at 64×64, something to see within half an hour on two cores",
    "projected-small-128": "a projected discriminator and a light FastGAN at 128×128 with narrow layers, a day on two cores",
    "projected-256": "Projected GAN's FastGAN at 256×256, for one graphics card and a day or two",
    "projected-light-256": "Projected GAN's light FastGAN at 256×256, for one graphics card and a day",
    "projected-1024": "Projected GAN's FastGAN at 1024×1024, for a large graphics card and days",
    "projected-stylegan2-256": "StyleGAN2 at 256×256 before a projected discriminator, for one graphics card and days",
    "stylegan-xl-tiny": "a small StyleGAN-XL stem at 32×32, something to see within an hour on two cores; then type grow",
    "stylegan-xl-small-16": "a small StyleGAN-XL stem at 16×16, an hour or two on two cores; then type grow",
    "stylegan-xl-small-32": "a narrow StyleGAN-XL stem at 32×32, a day on two cores; then type grow",
    "stylegan-xl-16": "StyleGAN-XL's stem at 16×16 as the paper has it, for several graphics cards; then type grow",
    "stylegan-xl-small-set-16": "StyleGAN-XL's narrower stem at 16×16 for small sets of pictures, for one graphics card",
    "stylegan-t-tiny": "a small StyleGAN-T at 32×32 of pictures, classes or captions, something to see within an hour on two cores",
    "stylegan-t-small-16": "a small StyleGAN-T at 16×16 that soon follows words, an hour or two on two cores; then type grow",
    "stylegan-t-small-64": "a small StyleGAN-T at 64×64, an evening or two on two cores",
    "stylegan-t-lite-64": "StyleGAN-T's lite network at 64×64 as the paper has it, for several graphics cards; then type grow",
    "stylegan-t-full-64": "StyleGAN-T's full network at 64×64 as the paper has it, for many graphics cards; then type grow",
}

FAMILIES = {
    "StyleGAN": ("tiny", "small-", "stylegan1-"),
    "StyleGAN2": ("stylegan2-",),
    "StyleGAN3": ("stylegan3-",),
    "Projected GAN": ("projected-",),
    "StyleGAN-XL": ("stylegan-xl-",),
    "StyleGAN-T": ("stylegan-t-",),
    "ProGAN": ("progan-",),
}  # how the names of their presets begin


def family_of(preset: str) -> str:
    """The family that a preset trains, as people call it."""
    return next(family for family, begins in FAMILIES.items() if preset.startswith(begins))


def listed() -> str:
    """All presets with their sentences, one a line."""
    return "\n".join(f"  {name:<23} {note}" for name, note in PRESET_NOTES.items())
