"""Prints the numbers of SceneGeneratorTests: scenes as the reference program draws them (needs NumPy and Fashion-MNIST).

    python3 scenes_expected.py
"""
import hashlib, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Microsoft.ML.Spatial.Benchmarks/Peers"))
from detect_fashion import load, scene


def line(split, index, seed, data):
    image, boxes, labels = scene(*data, index, split, seed)
    objects = " ".join(f"{label}:{x0},{y0},{x1},{y1}" for label, (x0, y0, x1, y1) in zip(labels, boxes))
    digest = hashlib.sha256(image.tobytes()).hexdigest()[:16]
    print(f'    [DataRow("{split}", {index}, {seed}, {int(image.astype(int).sum())}, "{digest}", "{objects}")]')


for split in ("train", "test"):
    data = load(split)
    for index, seed in ((0, 0), (1, 0), (2, 0), (7, 0), (1234, 0), (1999, 0), (0, 1), (77, 123456789)):
        line(split, index, seed, data)

# One digest over many scenes of both splits, pixels and objects.
for split in ("train", "test"):
    data, digest, count = load(split), hashlib.sha256(), 0
    for index in range(300):
        image, boxes, labels = scene(*data, index, split)
        digest.update(image.tobytes())
        for label, box in zip(labels, boxes):
            digest.update(bytes((label, *box)))
            count += 1
    print(f'    [DataRow("{split}", 300, {count}, "{digest.hexdigest()}")]')
