#!/usr/bin/env python3
"""peft_logits.py read BASE ADAPTER IDS...: logits of Hugging Face's transformers with an adapter that peft opened, not
merged, after each id, as JSON.
peft_logits.py make BASE ADAPTER TARGETS IDS...: the same with an adapter that peft made (TARGETS: names with commas) and
wrote to the folder ADAPTER.
"""
import json
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
torch.manual_seed(5)
what, base, adapter = sys.argv[1:4]
model = AutoModelForCausalLM.from_pretrained(base, attn_implementation="eager", dtype=torch.float32)
if what == "read":
    ids = sys.argv[4:]
    model = PeftModel.from_pretrained(model, adapter)
else:
    ids = sys.argv[5:]
    settings = LoraConfig(r=4, lora_alpha=6, target_modules=sys.argv[4].split(","), task_type="CAUSAL_LM")
    model = get_peft_model(model, settings)
    for name, weight in model.named_parameters():
        if "lora_B" in name:  # zero at the start, when an adapter changes nothing
            torch.nn.init.normal_(weight, std=0.2)
    model.save_pretrained(adapter)
with torch.no_grad():
    logits = model.eval()(torch.tensor([[int(i) for i in ids]])).logits[0]
json.dump(logits.tolist(), sys.stdout)
