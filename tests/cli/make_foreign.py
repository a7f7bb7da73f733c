#!/usr/bin/env python3
"""Writes a small model with random weights as others publish it: make_foreign.py FOLDER FAMILY VOCABULARY [PART...].

FAMILY is llama, gpt2, aria or skytnt (tokens of version 2). PARTs are key=value settings that go into config.json as JSON.
"""
import json
import pathlib
import random
import struct
import sys

WIDTH, INNER, LAYERS, HEADS, POSITIONS = 16, 24, 2, 2, 256


def llama(vocabulary):
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": vocabulary, "hidden_size": WIDTH,
              "intermediate_size": INNER, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
              "max_position_embeddings": POSITIONS, "hidden_act": "silu", "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
              "tie_word_embeddings": False}
    shapes = {"model.embed_tokens.weight": [vocabulary, WIDTH], "model.norm.weight": [WIDTH], "lm_head.weight": [vocabulary, WIDTH]}
    for k in range(LAYERS):
        at = f"model.layers.{k}."
        shapes |= {at + f"self_attn.{n}_proj.weight": [WIDTH, WIDTH] for n in "qkvo"}
        shapes |= {at + f"{n}.weight": [WIDTH] for n in ("input_layernorm", "post_attention_layernorm")}
        shapes |= {at + f"mlp.{n}_proj.weight": [INNER, WIDTH] for n in ("gate", "up")}
        shapes[at + "mlp.down_proj.weight"] = [WIDTH, INNER]
    return config, shapes


def gpt2(vocabulary):
    config = {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": vocabulary, "n_embd": WIDTH, "n_layer": LAYERS,
              "n_head": HEADS, "n_positions": POSITIONS, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5,
              "bos_token_id": 50256}
    shapes = {"transformer.wte.weight": [vocabulary, WIDTH], "transformer.wpe.weight": [POSITIONS, WIDTH]}

    def pair(name, *shape):
        shapes[name + ".weight"] = list(shape)
        shapes[name + ".bias"] = [shape[-1]]

    for k in range(LAYERS):
        at = f"transformer.h.{k}."
        for norm in ("ln_1", "ln_2"):
            pair(at + norm, WIDTH)
        pair(at + "attn.c_attn", WIDTH, 3 * WIDTH)
        pair(at + "attn.c_proj", WIDTH, WIDTH)
        pair(at + "mlp.c_fc", WIDTH, 4 * WIDTH)
        pair(at + "mlp.c_proj", 4 * WIDTH, WIDTH)
    pair("transformer.ln_f", WIDTH)
    return config, shapes


def aria(vocabulary):
    config = {"model_type": "aria", "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
              "max_seq_len": POSITIONS}
    shapes = {"model.tok_embeddings.weight": [vocabulary, WIDTH], "lm_head.weight": [vocabulary, WIDTH]}
    norms = ["model.out_layer_norm"]
    for k in range(LAYERS):
        at = f"model.encode_layers.{k}."
        norms += [at + "norm1", at + "norm2"]
        shapes |= {at + "mixed_qkv.weight": [3 * WIDTH, WIDTH], at + "att_proj_linear.weight": [WIDTH, WIDTH],
                   at + "ff_gate_proj.weight": [INNER, WIDTH], at + "ff_up_proj.weight": [INNER, WIDTH],
                   at + "ff_down_proj.weight": [WIDTH, INNER]}
    shapes |= {f"{norm}.{part}": [WIDTH] for norm in norms for part in ("weight", "bias")}
    return config, shapes


def skytnt(vocabulary):
    config, net = llama(vocabulary)
    shapes = {f"{part}.{name[6:]}": shape for part in ("net", "net_token") for name, shape in net.items() if name != "lm_head.weight"}
    shapes["lm_head.weight"] = [vocabulary, WIDTH]
    place = ["time1", "time2", "track"]
    events = {"note": place + ["channel", "pitch", "velocity", "duration"], "patch_change": place + ["channel", "patch"],
              "control_change": place + ["channel", "controller", "value"], "set_tempo": place + ["bpm"],
              "time_signature": place + ["nn", "dd"], "key_signature": place + ["sf", "mi"]}
    sizes = {"time1": 128, "time2": 16, "duration": 2048, "track": 128, "channel": 16, "pitch": 128, "velocity": 128, "patch": 128,
             "controller": 128, "value": 128, "bpm": 384, "nn": 16, "dd": 4, "sf": 15, "mi": 2}
    tokenizer = {"version": "v2", "optimise_midi": True, "vocab_size": vocabulary, "events": events, "event_parameters": sizes,
                 "max_token_seq": 8, "pad_id": 0, "bos_id": 1, "eos_id": 2}
    return {"model_type": "midi_model", "tokenizer": tokenizer, "net_config": config, "net_token_config": config}, shapes


def safetensors(shapes):
    rng, header, data = random.Random(1), {}, []
    offset = 0
    for name, shape in shapes.items():
        count = 1
        for size in shape:
            count *= size
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + 4 * count]}
        offset += 4 * count
        data.append(struct.pack(f"<{count}f", *(rng.gauss(0, 0.3) for _ in range(count))))
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(data)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    config, shapes = globals()[sys.argv[2]](int(sys.argv[3]))
    for setting in sys.argv[4:]:
        key, value = setting.split("=", 1)
        config[key] = json.loads(value)
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes(safetensors(shapes))


if __name__ == "__main__":
    main()
