"""Times training epochs of the reference detector on scenes drawn beforehand; driven over a pipe by the benchmark.

Reads from standard input one line of JSON with
    pixels, boxes, labels: files of uint8 [n, 96, 96], float32 [n, 4, 4] and int64 [n, 4], labels -1 where there is no item;  n, batch, threads, last (plain or deform), impl (tv or gs)
and afterwards a line "run" for each epoch to time. Answers a line of JSON: ready, then wall and cpu seconds of each epoch.
"""
import json, sys, time
import numpy as np, torch
import detect_fashion as reference

setup = json.loads(sys.stdin.readline())
reference.threads(setup['threads'])
n, batch, side = setup['n'], setup['batch'], reference.S
x = torch.from_numpy(np.fromfile(setup['pixels'], np.uint8).reshape(n, side, side))
boxes = torch.from_numpy(np.fromfile(setup['boxes'], np.float32).reshape(n, 4, 4))
labels = torch.from_numpy(np.fromfile(setup['labels'], np.int64).reshape(n, 4))
torch.manual_seed(0)
net = reference.build(setup['last'], 64, setup['impl'])
opt = reference.optimiser(net, 2e-3)
print(json.dumps(dict(ready=True, torch=torch.__version__)), flush=True)
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    perm, total = torch.randperm(n), 0.0
    for s in range(0, n, batch):
        k = perm[s:s + batch]
        image, box = x[k].unsqueeze(1).float() / 255, boxes[k].clone()
        f = torch.rand(len(k)) < .5
        image[f] = image[f].flip(-1)
        box[f] = torch.stack((side - box[f][..., 2], box[f][..., 1], side - box[f][..., 0], box[f][..., 3]), -1)
        loss = reference.loss_fn(net(image), box, labels[k])
        opt.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        total += loss.item()
    print(json.dumps(dict(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)), flush=True)
