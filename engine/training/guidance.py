"""A classifier guides StyleGAN-XL's generator towards the classes that it was asked for (Sauer et al. 2022, section 3.3)."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F

from engine.feature_networks.reassembled import ImageNetNorm

SIDE = 224  # pixels a side that classifiers of ImageNet take


def seen_by_classifier(pictures: Tensor) -> Tensor:
    """Pictures [N, 3, H, W] in [-1, 1] as a classifier of ImageNet takes them, [N, 3, 224, 224]."""
    norm = ImageNetNorm().to(pictures.device)
    return F.interpolate(norm(pictures), (SIDE, SIDE), mode="bilinear", align_corners=False)


def guidance(classifier: Callable[[Tensor], Tensor], pictures: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy of a classifier's logits with the classes [N, K] that pictures were asked for, a mean over the batch.

    The pictures are neither blurred nor augmented.
    """
    return F.cross_entropy(classifier(seen_by_classifier(pictures)), labels.argmax(1))
