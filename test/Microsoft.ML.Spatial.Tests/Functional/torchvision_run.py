"""Calls a function of torchvision.ops in double precision: reads from standard input a JSON object with function, tensors (name: values, shape and, where they are whole numbers,
isWhole), options and the gradient of the result, null where it has none; answers with a JSON object of the result (under "") and the gradient of each tensor that gets one.

What tests have stored is such a case together with its answer: `python3 torchvision_run.py --store < case.json`.
"""
import json, sys
import torch, torchvision

case = json.load(sys.stdin)
def tensor(values, shape, isWhole=False):
    made = torch.tensor(values, dtype=torch.float64).reshape(shape)
    return made.long() if isWhole else made.requires_grad_(case['gradient'] is not None)
tensors = {name: tensor(**t) for name, t in case['tensors'].items()}
result = getattr(torchvision.ops, case['function'])(**tensors, **{name: tuple(v) if isinstance(v, list) else v for name, v in case['options'].items()})
if case['gradient'] is not None:
    result.backward(torch.tensor(case['gradient'], dtype=torch.float64).reshape(result.shape))
answer = {name: t.grad.flatten().tolist() for name, t in tensors.items() if t.grad is not None}
answer[''] = result.detach().flatten().tolist()
if sys.argv[1:] == ['--store']:
    answer = dict(case, torchvision=torchvision.__version__, expected=answer)
json.dump(answer, sys.stdout)
