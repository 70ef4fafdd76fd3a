"""Times torchvision's deformable convolution with mask (v2); driven over a pipe by the benchmark.

Reads from standard input one line of JSON with the number of threads, then lines: a JSON object n, c, side, stride, dilation, groups makes the tensors of that case; "forward"
and "forward_backward" time one pass. Answers each with a line of JSON, wall and cpu seconds of a call (the mean of as many as take 20 ms).
"""
import ctypes, json, math, sys, time
import torch
from torchvision.ops import deform_conv2d

threads = json.loads(sys.stdin.readline())['threads']
torch.set_num_threads(threads)
ctypes.CDLL('libopenblas.so.0').openblas_set_num_threads(threads)
print(json.dumps(dict(ready=True, torch=torch.__version__)), flush=True)


def tensors(n, c, side, stride, dilation, groups):
    torch.manual_seed(0)
    out = (side - 1) // stride + 1
    inputs = [torch.randn(n, c, side, side), torch.randn(n, 18 * groups, out, out), torch.rand(n, 9 * groups, out, out), torch.randn(c, c, 3, 3) * 0.05]
    return [t.requires_grad_() for t in inputs], torch.randn(n, c, out, out), dict(stride=stride, padding=dilation, dilation=dilation)


def forward():
    with torch.no_grad():
        deform_conv2d(inputs[0], inputs[1], inputs[3], mask=inputs[2], **options)


def forward_backward():
    torch.autograd.grad(deform_conv2d(inputs[0], inputs[1], inputs[3], mask=inputs[2], **options), inputs, gradient)


for line in sys.stdin:
    line = line.strip()
    wall, cpu, rounds = 0, 0, 1
    if line.startswith('{'):
        inputs, gradient, options = tensors(**json.loads(line))
        counts = {}
    else:
        work = dict(forward=forward, forward_backward=forward_backward)[line]
        if line not in counts:
            work()
            wall = time.perf_counter()
            work()
            counts[line] = max(1, math.ceil(0.02 / (time.perf_counter() - wall)))
        rounds = counts[line]
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(rounds):
            work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps(dict(wall=wall / rounds, cpu=cpu / rounds)), flush=True)
