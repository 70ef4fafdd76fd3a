"""Prints the numbers of BoxOpsTests and NmsTests: what torchvision's box operators give (made with torchvision 0.14, PyTorch 1.13).

    python3 boxes_expected.py

The boxes are multiples of 1/4, which single precision holds exactly; scores repeat, so that ties are in the cases.
"""
import torch
from torchvision.models.detection._utils import BoxCoder
from torchvision.ops import batched_nms, box_convert, box_iou, clip_boxes_to_image, generalized_box_iou, nms


def boxes(count, shift, dtype=torch.float32):
    rows = [
        [(37 * i + 11 * shift) % 101 / 4, (53 * i + 7 * shift) % 97 / 4, (37 * i + 11 * shift) % 101 / 4 + 5 + (29 * i + 13 * shift) % 41 / 2, (53 * i + 7 * shift) % 97 / 4 + 4 + (31 * i + 5 * shift) % 37 / 2]
        for i in range(count)
    ]
    return torch.tensor(rows, dtype=dtype).reshape(count, 4)


def scores(count):
    return torch.tensor([(17 * i) % 23 / 32 for i in range(count)], dtype=torch.float32)


def numbers(tensor):
    return ", ".join(repr(round(value, 12)) for value in tensor.flatten().tolist())


for threshold in (0, 0.1, 0.3, 0.5, 0.75, 1):
    print(f"    [DataRow({threshold}, new long[] {{ {numbers(nms(boxes(60, 0), scores(60), threshold))} }})]")
for threshold in (0.1, 0.5):
    classes = torch.tensor([i % 3 for i in range(60)])
    print(f"    [DataRow({threshold}, new long[] {{ {numbers(batched_nms(boxes(60, 0), scores(60), classes, threshold))} }})]")

few, others = boxes(3, 0, torch.float64), boxes(4, 3, torch.float64)
print("IoUMatrix", numbers(box_iou(few, others)))
print("GeneralizedIoUMatrix", numbers(generalized_box_iou(few, others)))
print("ClipToImage 20 x 25", numbers(clip_boxes_to_image(boxes(3, 2, torch.float64) - 4, (20, 25))))
print("CornerAndSize", numbers(box_convert(few, "xyxy", "xywh")))
print("CentreAndSize", numbers(box_convert(few, "xyxy", "cxcywh")))
coder = BoxCoder(weights=(10.0, 10.0, 5.0, 5.0))
print("EncodeDeltas", numbers(coder.encode_single(boxes(4, 0, torch.float64), others)))
deltas = torch.tensor([[1.5, -2, 3, 40], [0.25, 0, -7, 1], [-30, 12, 0, 22], [0.5, 0.5, 0.5, 0.5]], dtype=torch.float64)
print("DecodeDeltas", numbers(coder.decode_single(deltas, others)))
