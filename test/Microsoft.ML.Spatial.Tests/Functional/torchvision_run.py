"""Calls a function of torchvision.ops in double precision: reads from standard input a JSON object with function, tensors (name: values and shape), options and the gradient
of the result; answers with a JSON object of the result (under "") and the gradient of each tensor that gets one.

What tests have stored is such a case together with its answer: `python3 torchvision_run.py --store < case.json`.
"""
import json, sys
import torch, torchvision

case = json.load(sys.stdin)
tensors = {name: torch.tensor(t['values'], dtype=torch.float64).reshape(t['shape']).requires_grad_() for name, t in case['tensors'].items()}
result = getattr(torchvision.ops, case['function'])(**tensors, **{name: tuple(v) if isinstance(v, list) else v for name, v in case['options'].items()})
result.backward(torch.tensor(case['gradient'], dtype=torch.float64).reshape(result.shape))
answer = {name: t.grad.flatten().tolist() for name, t in tensors.items() if t.grad is not None}
answer[''] = result.detach().flatten().tolist()
if sys.argv[1:] == ['--store']:
    answer = dict(case, torchvision=torchvision.__version__, expected=answer)
json.dump(answer, sys.stdout)
