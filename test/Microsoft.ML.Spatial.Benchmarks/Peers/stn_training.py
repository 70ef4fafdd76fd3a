"""Times training epochs of a reference model on pictures distorted beforehand; driven over a pipe by the benchmark.

Reads from standard input one line of JSON with
    pixels, labels: files of uint8 [n, S, S] and uint8 [n];  n, side, model, batch, threads, lr, locmul
and afterwards a line "run" for each epoch to time. Answers a line of JSON: ready, then wall and cpu seconds of each epoch.
"""
import json, sys, time
import numpy as np, torch, torch.nn.functional as F
import distorted_fashion as reference

setup = json.loads(sys.stdin.readline())
reference.threads(setup['threads'])
n, side, batch = setup['n'], setup['side'], setup['batch']
x = torch.from_numpy(np.fromfile(setup['pixels'], np.uint8).reshape(n, side, side))
y = torch.from_numpy(np.fromfile(setup['labels'], np.uint8).astype(np.int64))
torch.manual_seed(0)
net = reference.build(setup['model'], side)
opt = reference.optimiser(net, setup['lr'], setup['locmul'])
print(json.dumps(dict(ready=True, torch=torch.__version__)), flush=True)
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    perm, loss_sum = torch.randperm(n), 0.0
    for s in range(0, n, batch):
        b = perm[s:s + batch]
        loss = F.cross_entropy(net(x[b].unsqueeze(1).float() / 255), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
        loss_sum += loss.item()
    print(json.dumps(dict(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)), flush=True)
