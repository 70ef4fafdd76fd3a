"""Prints the numbers of RoITorchvisionTests: torchvision's poolings of RoIs and their gradients (made with torchvision 0.14, float64).

    python3 roi_expected.py
"""
import torch
from torchvision.ops import ps_roi_align, ps_roi_pool, roi_align, roi_pool

N, C, H, W = 2, 4, 5, 6
INPUT = torch.tensor([(7 * i % 23) / 10 - 0.9 for i in range(N * C * H * W)], dtype=torch.float64).reshape(N, C, H, W)
ROIS = torch.tensor([[0, 1.3, 0.7, 9.1, 7.6], [1, -2.2, 3.1, 6.4, 12.4], [1, 4.0, 2.0, 4.3, 2.2], [0, 30, 40, 50, 60]], dtype=torch.float64)
OUTPUT, SCALE = (2, 2), 0.5
CASES = dict(
    align=lambda x: roi_align(x, ROIS, OUTPUT, SCALE),
    align2=lambda x: roi_align(x, ROIS, OUTPUT, SCALE, 2),
    aligned=lambda x: roi_align(x, ROIS, OUTPUT, SCALE, -1, True),
    aligned3=lambda x: roi_align(x, ROIS, OUTPUT, SCALE, 3, True),
    pool=lambda x: roi_pool(x, ROIS, OUTPUT, SCALE),
    psalign=lambda x: ps_roi_align(x, ROIS, OUTPUT, SCALE),
    psalign2=lambda x: ps_roi_align(x, ROIS, OUTPUT, SCALE, 2),
    pspool=lambda x: ps_roi_pool(x, ROIS, OUTPUT, SCALE),
)


def numbers(values):
    lines, line = [], ''
    for value in values.flatten().tolist():
        text = repr(round(value, 13) + 0.0).removesuffix('.0')
        if len(line) + len(text) > 130:
            lines.append(line.rstrip())
            line = ''
        line += text + ', '
    return '\n             '.join(lines + [line.rstrip(', ')])


for name, pool in CASES.items():
    image = INPUT.clone().requires_grad_()
    output = pool(image)
    weight = torch.tensor([(5 * i % 7) / 4 - 0.7 for i in range(output.numel())], dtype=torch.float64).reshape(output.shape)
    (output * weight).sum().backward()
    # torchvision's backward pass of ps_roi_pool is not the gradient of its forward pass: it lets bins reach one pixel further.
    gradient = numbers(image.grad) if name != 'pspool' else ''
    print(f'        ["{name}"] = (\n            [{numbers(output)}],\n            [{gradient}]),')
