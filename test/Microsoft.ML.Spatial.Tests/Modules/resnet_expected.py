"""Makes resnet_expected.json: what torchvision's residual networks and feature pyramid give in double precision for weights and inputs that a formula makes of their names, and which names
their state dictionaries hold (made with torchvision 0.14).

    python3 resnet_expected.py > resnet_expected.json
"""
import hashlib, json, math
import numpy, torch, torchvision
from torchvision.ops import FrozenBatchNorm2d
from torchvision.ops.feature_pyramid_network import FeaturePyramidNetwork, LastLevelP6P7

CHANNELS = [512, 1024, 2048]


def uniforms(name, count):
    """Numbers of [0, 1) that follow from a name: FNV-1a of it and the place of each, mixed."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 & 0xffffffff
    mixed = (numpy.arange(count, dtype=numpy.uint64) * 2654435761 + seed) & 0xffffffff
    mixed ^= mixed >> 15
    mixed = mixed * 2246822519 & 0xffffffff
    mixed ^= mixed >> 13
    return mixed / 2.0 ** 32


def values(name, shape):
    u = uniforms(name, math.prod(shape))
    if len(shape) == 4:
        made = (2 * u - 1) * math.sqrt(3 / math.prod(shape[1:]))
    elif name.endswith(('weight', 'running_var')):
        made = 0.5 + u
    else:
        made = (2 * u - 1) * 0.1
    return torch.from_numpy(made).reshape(shape)


def fill(module, rename=lambda name: name):
    module.double().load_state_dict({name: values(rename(name), tuple(old.shape)) for name, old in module.state_dict().items() if 'num_batches' not in name}, strict=False)
    return module


def images(name, *shape):
    return torch.from_numpy(2 * uniforms(name, math.prod(shape)) - 1).reshape(shape)


def figures(output):
    flat = output.flatten()
    return dict(shape=list(output.shape), sum=flat.sum().item(), squares=flat.square().sum().item(), samples=[flat[i * (len(flat) - 1) // 7].item() for i in range(8)])


def dilate_basic(network):
    """What torchvision's networks do with replace_stride_with_dilation, which it does not offer where blocks are of two convolutions: those after the one of stride 2 are dilated."""
    for name, module in network.layer4.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            if module.stride == (2, 2):
                module.stride = (1, 1)
            elif module.kernel_size == (3, 3):
                module.dilation = module.padding = (2, 2)
    return network


def network(depth, dilated):
    make = getattr(torchvision.models, f'resnet{depth}')
    if dilated and depth < 50:
        return dilate_basic(make(norm_layer=FrozenBatchNorm2d))
    return make(norm_layer=FrozenBatchNorm2d, replace_stride_with_dilation=[False, False, dilated])


def outputs(depth, dilated):
    body = fill(network(depth, dilated))
    x = body.maxpool(body.relu(body.bn1(body.conv1(images('images', 1, 3, 65, 97)))))
    levels = [x := stage(x) for stage in (body.layer1, body.layer2, body.layer3, body.layer4)]
    return [figures(level) for level in (levels[3:] if dilated else levels[1:])]


def names(depth):
    """For each part the count of its tensors and a hash of their names and shapes."""
    parts = {}
    for name, value in getattr(torchvision.models, f'resnet{depth}')().state_dict().items():
        if not name.startswith('fc.'):
            part = '.'.join(name.split('.')[:2 if name.startswith('layer') else 1])
            parts.setdefault(part, []).append(f'{name} {"x".join(map(str, value.shape))}')
    return {part: f'{len(lines)} {hashlib.sha256(chr(10).join(sorted(lines)).encode()).hexdigest()[:16]}' for part, lines in parts.items()}


def pyramid():
    def rename(name):
        kind, place, *rest = name.split('.')
        return '.'.join([{'inner_blocks': 'lateral', 'layer_blocks': 'output', 'extra_blocks': 'coarser'}[kind], {'p6': '0', 'p7': '1'}.get(place, place), rest[-1]])
    made = fill(FeaturePyramidNetwork(CHANNELS, 16, LastLevelP6P7(16, 16)), rename)
    maps = {str(i): images(f'map {i}', 1, channels, height, width) for i, (channels, height, width) in enumerate(zip(CHANNELS, (9, 5, 3), (13, 7, 4)))}
    return [figures(level) for level in made(maps).values()]


with torch.no_grad():
    print(json.dumps(dict(
        torchvision=torchvision.__version__,
        outputs={f'{depth} {"dilated" if dilated else "pyramid"}': outputs(depth, dilated) for depth in (18, 34, 50, 101) for dilated in (False, True)},
        names={depth: names(depth) for depth in (18, 34, 50, 101)},
        pyramid=pyramid())))
