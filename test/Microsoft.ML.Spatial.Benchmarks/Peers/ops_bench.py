"""Deformable convolution (v2) composed from grid_sample and a matrix product; detect_fashion.py takes it from here."""
import torch
import torch.nn.functional as F


def gs_deform(x, off, w, mask, stride, pad, dil, groups):
    """deform_conv2d as grid_sample + matmul (square kernel)."""
    N, C, H, W = x.shape
    Co, _, k, _ = w.shape
    Ho, Wo = off.shape[2:]
    K, G = k * k, groups
    ky = (torch.arange(K) // k * dil).float().view(1, 1, K, 1, 1)
    kx = (torch.arange(K) % k * dil).float().view(1, 1, K, 1, 1)
    oy = (torch.arange(Ho) * stride - pad).float().view(1, 1, 1, Ho, 1)
    ox = (torch.arange(Wo) * stride - pad).float().view(1, 1, 1, 1, Wo)
    o = off.view(N, G, K, 2, Ho, Wo)
    y = o[:, :, :, 0] + ky + oy
    xx = o[:, :, :, 1] + kx + ox
    grid = torch.stack((xx * (2.0 / (W - 1)) - 1, y * (2.0 / (H - 1)) - 1), -1).view(N * G, K * Ho, Wo, 2)
    col = F.grid_sample(x.reshape(N * G, C // G, H, W), grid, 'bilinear', 'zeros', True)
    col = col.view(N, G, C // G, K, Ho * Wo)
    if mask is not None:
        col = col * mask.view(N, G, 1, K, Ho * Wo)
    return (w.view(Co, C * K) @ col.reshape(N, C * K, Ho * Wo)).view(N, Co, Ho, Wo)
