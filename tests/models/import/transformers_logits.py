#!/usr/bin/env python3
"""transformers_logits.py FOLDER IDS...: logits of Hugging Face's transformers after each id, as JSON.

Eager attention: the fused ones left out the inverse-layer scale for a while.
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], attn_implementation="eager", dtype=torch.float32).eval()
with torch.no_grad():
    logits = model(torch.tensor([[int(i) for i in sys.argv[2:]]])).logits[0]
json.dump(logits.tolist(), sys.stdout)
