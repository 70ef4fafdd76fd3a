"""Times torchvision's poolings of RoIs; driven over a pipe by the benchmark.

Reads from standard input one line of JSON with
    op: roi_align, ps_roi_align or roi_pool;  input, rois, gradient: files of float32;  input_shape, rois_shape, gradient_shape;
    size, scale, ratio (-1: adaptive), aligned;  backward;  rounds, threads
and afterwards a line "run" for each repetition to time. Answers a line of JSON: ready, then wall and cpu seconds of each repetition, of all its rounds.
"""
import ctypes, json, sys, time
import numpy as np, torch, torchvision
from torchvision.ops import ps_roi_align, roi_align, roi_pool

setup = json.loads(sys.stdin.readline())
torch.set_num_threads(setup['threads'])
ctypes.CDLL('libopenblas.so.0').openblas_set_num_threads(setup['threads'])


def load(name):
    return torch.from_numpy(np.fromfile(setup[name], np.float32).reshape(setup[name + '_shape']))


leaf, rois, gradient = load('input').requires_grad_(), load('rois'), load('gradient')
size, scale, ratio = setup['size'], setup['scale'], setup['ratio']
pool = dict(
    roi_align=lambda x: roi_align(x, rois, size, scale, ratio, setup['aligned']),
    ps_roi_align=lambda x: ps_roi_align(x, rois, size, scale, ratio),
    roi_pool=lambda x: roi_pool(x, rois, size, scale))[setup['op']]


def work():
    if not setup['backward']:
        with torch.no_grad():
            return pool(leaf)
    leaf.grad = None
    # A map inside a network: a leaf of the graph would copy its gradient, which is no part of the pooling.
    pool(leaf.view(leaf.shape)).backward(gradient)


print(json.dumps(dict(ready=True, torch=torch.__version__, torchvision=torchvision.__version__)), flush=True)
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(setup['rounds']):
        work()
    print(json.dumps(dict(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)), flush=True)
