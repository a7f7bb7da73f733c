#include "models/import/foreign_models.h"

#include "symphony/models/random_weights.h"

#include <cmath>

namespace symphony::models {

namespace {

class Maker {
  public:
    Maker(ForeignModel& model, const ForeignSizes& sizes) : model_(model), sizes_(sizes) {}

    void matrix(const std::string& name, int rows, int columns) {
        add_random(model_.tensors, name, {rows, columns},
                   sizes_.spread / std::sqrt(double(sizes_.width)));
    }
    void embedding(const std::string& name, int rows) {
        add_random(model_.tensors, name, {rows, sizes_.width}, sizes_.embedding_spread);
    }
    void vector(const std::string& name, int size) {
        add_random(model_.tensors, name, {size}, 1.0);
    }
    void conv(const std::string& name, int in, int out) {
        matrix(name + ".weight", in, out);
        vector(name + ".bias", out);
    }
    void norm(const std::string& name) {
        vector(name + ".weight", sizes_.width);
        vector(name + ".bias", sizes_.width);
    }

  private:
    ForeignModel& model_;
    const ForeignSizes& sizes_;
};

// The tensors of a LlamaModel.
void add_llama(ForeignModel& model, const ForeignSizes& s, const std::string& prefix,
               int head_dim) {
    Maker make(model, s);
    make.embedding(prefix + "embed_tokens.weight", s.vocabulary);
    for (int k = 0; k < s.layers; ++k) {
        const std::string at = prefix + "layers." + std::to_string(k) + ".";
        make.vector(at + "input_layernorm.weight", s.width);
        make.matrix(at + "self_attn.q_proj.weight", s.heads * head_dim, s.width);
        make.matrix(at + "self_attn.k_proj.weight", s.key_heads * head_dim, s.width);
        make.matrix(at + "self_attn.v_proj.weight", s.key_heads * head_dim, s.width);
        make.matrix(at + "self_attn.o_proj.weight", s.width, s.heads * head_dim);
        make.vector(at + "post_attention_layernorm.weight", s.width);
        make.matrix(at + "mlp.gate_proj.weight", s.inner, s.width);
        make.matrix(at + "mlp.up_proj.weight", s.inner, s.width);
        make.matrix(at + "mlp.down_proj.weight", s.width, s.inner);
    }
    make.vector(prefix + "norm.weight", s.width);
}

ForeignModel llama_like(const ForeignSizes& s, const std::string& architecture,
                        const std::string& type, int head_dim) {
    ForeignModel model;
    model.config = {{"architectures", {architecture}},
                    {"model_type", type},
                    {"vocab_size", s.vocabulary},
                    {"hidden_size", s.width},
                    {"intermediate_size", s.inner},
                    {"num_hidden_layers", s.layers},
                    {"num_attention_heads", s.heads},
                    {"num_key_value_heads", s.key_heads},
                    {"max_position_embeddings", s.positions},
                    {"hidden_act", "silu"},
                    {"rms_norm_eps", 1e-6},
                    {"rope_theta", 10000.0},
                    {"attention_dropout", 0.0},
                    {"tie_word_embeddings", false},
                    {"bos_token_id", 1},
                    {"eos_token_id", 2},
                    {"use_cache", true},
                    {"torch_dtype", "float32"},
                    {"transformers_version", "4.40.0"}};
    add_llama(model, s, "model.", head_dim);
    Maker(model, s).matrix("lm_head.weight", s.vocabulary, s.width);
    return model;
}
void write_config(const ForeignModel& model, const std::filesystem::path& folder) {
    base::write_json_file(folder / "config.json", model.config);
}

}  // namespace

ForeignModel random_gpt2(const ForeignSizes& s, const std::string& prefix) {
    ForeignModel model;
    model.config = {{"architectures", {"GPT2LMHeadModel"}},
                    {"model_type", "gpt2"},
                    {"vocab_size", s.vocabulary},
                    {"n_positions", s.positions},
                    {"n_embd", s.width},
                    {"n_layer", s.layers},
                    {"n_head", s.heads},
                    {"n_inner", s.inner},
                    {"activation_function", "gelu_new"},
                    {"layer_norm_epsilon", 1e-5},
                    {"attn_pdrop", 0.1},
                    {"resid_pdrop", 0.1},
                    {"embd_pdrop", 0.1},
                    {"scale_attn_weights", true},
                    {"scale_attn_by_inverse_layer_idx", false},
                    {"reorder_and_upcast_attn", false},
                    {"bos_token_id", 50256},
                    {"eos_token_id", 50256},
                    {"transformers_version", "4.29.2"}};
    Maker make(model, s);
    make.embedding(prefix + "wte.weight", s.vocabulary);
    make.embedding(prefix + "wpe.weight", s.positions);
    for (int k = 0; k < s.layers; ++k) {
        const std::string at = prefix + "h." + std::to_string(k) + ".";
        make.norm(at + "ln_1");
        make.conv(at + "attn.c_attn", s.width, 3 * s.width);
        make.conv(at + "attn.c_proj", s.width, s.width);
        make.norm(at + "ln_2");
        make.conv(at + "mlp.c_fc", s.width, s.inner);
        make.conv(at + "mlp.c_proj", s.inner, s.width);
    }
    make.norm(prefix + "ln_f");
    return model;
}

ForeignModel random_llama(const ForeignSizes& s) {
    ForeignModel model = llama_like(s, "LlamaForCausalLM", "llama", s.width / s.heads);
    model.config["attention_bias"] = model.config["mlp_bias"] = false;
    model.config["pretraining_tp"] = 1;
    model.config["rope_scaling"] = nullptr;
    return model;
}

ForeignModel random_mistral(const ForeignSizes& s, int window, int head_dim) {
    ForeignModel model = llama_like(s, "MistralForCausalLM", "mistral", head_dim);
    model.config["sliding_window"] = window;
    model.config["head_dim"] = head_dim;
    return model;
}

ForeignModel random_aria(const ForeignSizes& s) {
    ForeignModel model;
    model.config = {{"model_type", "aria"},           {"hidden_size", s.width},
                    {"intermediate_size", s.inner},   {"num_hidden_layers", s.layers},
                    {"num_attention_heads", s.heads}, {"max_seq_len", s.positions},
                    {"vocab_size", s.vocabulary}};
    Maker make(model, s);
    make.embedding("model.tok_embeddings.weight", s.vocabulary);
    for (int k = 0; k < s.layers; ++k) {
        const std::string at = "model.encode_layers." + std::to_string(k) + ".";
        make.norm(at + "norm1");
        make.matrix(at + "mixed_qkv.weight", 3 * s.width, s.width);
        make.matrix(at + "att_proj_linear.weight", s.width, s.width);
        make.norm(at + "norm2");
        make.matrix(at + "ff_gate_proj.weight", s.inner, s.width);
        make.matrix(at + "ff_up_proj.weight", s.inner, s.width);
        make.matrix(at + "ff_down_proj.weight", s.width, s.inner);
    }
    make.norm("model.out_layer_norm");
    make.matrix("lm_head.weight", s.vocabulary, s.width);
    return model;
}

ForeignModel random_skytnt(const ForeignSizes& sizes, int version) {
    ForeignSizes s = sizes, inner = sizes;
    s.vocabulary = inner.vocabulary = version == 1 ? 3239 : 3406;
    inner.layers = 1;
    inner.heads = inner.key_heads = 1;
    inner.inner = s.inner / 2;
    ForeignModel model;
    const base::Json note =
        version == 1
            ? base::Json{"time1", "time2", "track", "duration", "channel", "pitch", "velocity"}
            : base::Json{"time1", "time2", "track", "channel", "pitch", "velocity", "duration"};
    base::Json events{
        {"note", note},
        {"patch_change", {"time1", "time2", "track", "channel", "patch"}},
        {"control_change", {"time1", "time2", "track", "channel", "controller", "value"}},
        {"set_tempo", {"time1", "time2", "track", "bpm"}}};
    base::Json sizes_of{{"time1", 128},      {"time2", 16},  {"duration", 2048}, {"track", 128},
                        {"channel", 16},     {"pitch", 128}, {"velocity", 128},  {"patch", 128},
                        {"controller", 128}, {"value", 128}, {"bpm", 256}};
    if (version == 2) {
        events["time_signature"] = {"time1", "time2", "track", "nn", "dd"};
        events["key_signature"] = {"time1", "time2", "track", "sf", "mi"};
        sizes_of["bpm"] = 384;
        sizes_of.update(base::Json{{"nn", 16}, {"dd", 4}, {"sf", 15}, {"mi", 2}});
    }
    const auto llama = [](const ForeignSizes& of) {
        return base::Json{{"vocab_size", of.vocabulary},
                          {"hidden_size", of.width},
                          {"intermediate_size", of.inner},
                          {"num_hidden_layers", of.layers},
                          {"num_attention_heads", of.heads},
                          {"num_key_value_heads", of.heads},
                          {"max_position_embeddings", of.positions},
                          {"hidden_act", "silu"},
                          {"rms_norm_eps", 1e-6},
                          {"rope_theta", 10000.0},
                          {"pruned_heads", base::Json::object()},
                          {"top_k", 50},
                          {"use_cache", false},
                          {"model_type", "llama"}};
    };
    model.config = {{"model_type", "midi_model"},
                    {"n_embd", s.width},
                    {"tokenizer",
                     {{"version", version == 1 ? "v1" : "v2"},
                      {"optimise_midi", version == 2},
                      {"vocab_size", s.vocabulary},
                      {"events", events},
                      {"event_parameters", sizes_of},
                      {"max_token_seq", 8},
                      {"pad_id", 0},
                      {"bos_id", 1},
                      {"eos_id", 2}}},
                    {"net_config", llama(s)},
                    {"net_token_config", llama(inner)}};
    add_llama(model, s, "net.", s.width / s.heads);
    add_llama(model, inner, "net_token.", inner.width / inner.heads);
    Maker(model, s).matrix("lm_head.weight", s.vocabulary, s.width);
    return model;
}

void write_foreign(const ForeignModel& model, const std::filesystem::path& folder, bool as_bf16) {
    write_config(model, folder);
    Weights copy = model.tensors;
    write_weights(folder / "model.safetensors", std::move(copy), as_bf16);
}

void write_sharded(const ForeignModel& model, const std::filesystem::path& folder) {
    write_config(model, folder);
    const std::string names[] = {"model-00001-of-00002.safetensors",
                                 "model-00002-of-00002.safetensors"};
    Weights shards[2];
    base::Json map = base::Json::object();
    std::size_t i = 0;
    for (const auto& [name, tensor] : model.tensors) {
        map[name] = names[i % 2];
        shards[i++ % 2][name] = tensor;
    }
    for (std::size_t shard = 0; shard < 2; ++shard)
        write_weights(folder / names[shard], shards[shard]);
    base::write_json_file(folder / "model.safetensors.index.json",
                          {{"metadata", {{"total_size", 0}}}, {"weight_map", map}});
}

}  // namespace symphony::models
