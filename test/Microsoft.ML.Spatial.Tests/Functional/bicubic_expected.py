"""Prints the numbers of BicubicSampleTests: what PyTorch's grid_sample(mode="bicubic") and its gradients give (made with PyTorch 1.13, float64).

    python3 bicubic_expected.py
"""
import torch
import torch.nn.functional as F

H, W, POINTS = 3, 4, 6
INPUT = torch.tensor([(7 * i % 11) / 10 - 0.4 for i in range(2 * H * W)], dtype=torch.float64).reshape(1, 2, H, W)
GRID = torch.tensor([0.1, -0.3, -0.85, 0.7, 1.35, 0.2, 0.55, -1.6, -2.3, -0.05, 3.1, 2.7], dtype=torch.float64).reshape(1, 1, POINTS, 2)
WEIGHT = torch.tensor([(5 * i % 7) / 4 - 0.7 for i in range(2 * POINTS)], dtype=torch.float64).reshape(1, 2, 1, POINTS)


def numbers(tensor):
    return ", ".join(repr(round(value, 15)) for value in tensor.flatten().tolist())


for padding in ("zeros", "border", "reflection"):
    for align in (False, True):
        image, grid = INPUT.clone().requires_grad_(), GRID.clone().requires_grad_()
        output = F.grid_sample(image, grid, mode="bicubic", padding_mode=padding, align_corners=align)
        (output * WEIGHT).sum().backward()
        name = f"PaddingMode.{padding.capitalize()}, {str(align).lower()}"
        print(f"        [({name})] = (")
        for tensor in (output, image.grad, grid.grad):
            print(f"            [{numbers(tensor)}]{')' if tensor is grid.grad else ''},")
