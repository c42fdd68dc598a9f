"""Truncation in W: styles drawn towards the average (StyleGAN 2018, appendix B)."""

import torch
from torch import Tensor


def truncate(ws: Tensor, centre: Tensor, psi: float | Tensor, cutoff: int | None = None) -> Tensor:
    """w' = centre + psi (w - centre) for the rows below the cutoff (None: all rows).

    `ws` [N, rows, w_dim]; `centre` [w_dim], or [N, w_dim] where every picture has its own; `psi` one number or one per
    row [rows]. Rows whose psi is 1 come back bit by bit.
    """
    rows = ws.shape[1]
    factors = torch.ones(rows)
    factors[:cutoff] = psi[:cutoff].to(factors) if isinstance(psi, Tensor) else psi
    if bool((factors == 1).all()):
        return ws
    amount = factors.to(ws)[:, None]
    drawn = torch.lerp(centre.to(ws).unsqueeze(-2), ws, amount)
    return torch.where(amount == 1, ws, drawn)


def nearest(w: Tensor, centres: Tensor) -> Tensor:
    """The one of many centres [K, w_dim] that is nearest to each w [N, w_dim], [N, w_dim].

    (StyleGAN-XL, as its program draws with centres found by k-means; and for styles whose class nobody knows.)
    """
    return centres[torch.cdist(w.float(), centres.float(), compute_mode="donot_use_mm_for_euclid_dist").argmin(1)]
