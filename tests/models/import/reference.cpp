#include "models/import/reference.h"

#include "models/import/reference_parts.h"

namespace symphony::models {

using namespace reference;

Logits reference_gpt2(const ForeignModel& model, const std::vector<int>& ids, Mistake mistake) {
    const Tensors tensors(model.tensors);
    const std::string p = model.tensors.contains("transformer.wte.weight") ? "transformer." : "";
    const base::Json& c = model.config;
    const int heads = c["n_head"], width = c["n_embd"];
    const double epsilon = c["layer_norm_epsilon"];
    const bool is_new =
        (c["activation_function"] == "gelu_new") != (mistake == Mistake::kOtherGelu);
    const bool inverse =
        c["scale_attn_by_inverse_layer_idx"].get<bool>() && mistake != Mistake::kNoInverseLayer;
    const auto conv = [&](const std::string& name, const Row& x) {
        return added(mistake == Mistake::kNoTranspose ? tensors.misread(name + ".weight", x)
                                                      : tensors.from_columns(name + ".weight", x),
                     tensors.row(name + ".bias"));
    };
    const auto norm = [&](const std::string& name, const Row& x) {
        return normed(tensors, name, x, epsilon, mistake);
    };
    std::vector<Row> x;
    for (std::size_t t = 0; t < ids.size(); ++t)
        x.push_back(added(tensors.row_of(p + "wte.weight", ids[t]),
                          tensors.row_of(p + "wpe.weight", static_cast<int>(t))));
    for (int k = 0; k < c["n_layer"].get<int>(); ++k) {
        const std::string at = p + "h." + std::to_string(k) + ".";
        std::vector<Row> q, key, value;
        for (const Row& row : x) {
            const Row qkv = conv(at + "attn.c_attn", norm(at + "ln_1", row));
            q.push_back(part(qkv, 0, width));
            key.push_back(part(qkv, width, width));
            value.push_back(part(qkv, 2 * width, width));
        }
        if (mistake == Mistake::kSwappedKeysAndValues) std::swap(key, value);
        AttentionSizes sizes{heads, heads, width / heads};
        if (inverse) sizes.divisor = k + 1;
        const auto attended = attention(sizes, q, key, value, mistake);
        for (std::size_t t = 0; t < x.size(); ++t) {
            x[t] = added(x[t], conv(at + "attn.c_proj", attended[t]));
            Row inner = conv(at + "mlp.c_fc", norm(at + "ln_2", x[t]));
            for (double& value_ : inner) value_ = is_new ? gelu_new(value_) : gelu(value_);
            x[t] = added(x[t], conv(at + "mlp.c_proj", inner));
        }
    }
    Logits logits;
    const bool tied = c.value("tie_word_embeddings", true) || mistake == Mistake::kTiedHead;
    for (const Row& row : x)
        logits.push_back(
            tensors.times(tied ? p + "wte.weight" : "lm_head.weight", norm(p + "ln_f", row)));
    return logits;
}

Logits reference_llama(const ForeignModel& model, const std::vector<int>& ids, Mistake mistake) {
    const Tensors tensors(model.tensors);
    const base::Json& c = model.config;
    std::vector<Row> x;
    for (const int id : ids) x.push_back(tensors.row_of("model.embed_tokens.weight", id));
    x = llama_stack(tensors, c, "model.", std::move(x), mistake);
    Logits logits;
    const bool tied = c["tie_word_embeddings"].get<bool>() || mistake == Mistake::kTiedHead;
    for (const Row& row : x)
        logits.push_back(tensors.times(tied ? "model.embed_tokens.weight" : "lm_head.weight", row));
    return logits;
}

Logits reference_aria(const ForeignModel& model, const std::vector<int>& ids, Mistake mistake) {
    const Tensors tensors(model.tensors);
    const base::Json& c = model.config;
    const int heads = c["num_attention_heads"], width = c["hidden_size"];
    const double theta = mistake == Mistake::kOtherTheta ? 10000 : 500000;
    const auto norm = [&](const std::string& name, const Row& x) {
        return normed(tensors, name, x, 1e-5, mistake);
    };
    std::vector<Row> x;
    for (const int id : ids) x.push_back(tensors.row_of("model.tok_embeddings.weight", id));
    for (int k = 0; k < c["num_hidden_layers"].get<int>(); ++k) {
        const std::string at = "model.encode_layers." + std::to_string(k) + ".";
        std::vector<Row> q, key, value;
        for (std::size_t t = 0; t < x.size(); ++t) {
            const Row qkv = tensors.times(at + "mixed_qkv.weight", norm(at + "norm1", x[t]));
            q.push_back(turned(part(qkv, 0, width), heads, t, theta, mistake));
            key.push_back(turned(part(qkv, width, width), heads, t, theta, mistake));
            value.push_back(part(qkv, 2 * width, width));
        }
        if (mistake == Mistake::kSwappedKeysAndValues) std::swap(key, value);
        const auto attended = attention({heads, heads, width / heads}, q, key, value, mistake);
        for (std::size_t t = 0; t < x.size(); ++t) {
            x[t] = added(x[t], tensors.times(at + "att_proj_linear.weight", attended[t]));
            const Row n = norm(at + "norm2", x[t]);
            x[t] = added(x[t], tensors.times(at + "ff_down_proj.weight",
                                             gated(tensors.times(at + "ff_gate_proj.weight", n),
                                                   tensors.times(at + "ff_up_proj.weight", n))));
        }
    }
    Logits logits;
    for (const Row& row : x)
        logits.push_back(tensors.times(
            mistake == Mistake::kTiedHead ? "model.tok_embeddings.weight" : "lm_head.weight",
            norm("model.out_layer_norm", row)));
    return logits;
}

Logits reference_skytnt(const ForeignModel& model, const std::vector<std::vector<int>>& rows,
                        Mistake mistake) {
    const Tensors tensors(model.tensors);
    std::vector<Row> x;
    for (const std::vector<int>& row : rows) {
        Row sum(model.config["n_embd"].get<std::size_t>());
        for (const int id : row)
            if (id != 0 || mistake != Mistake::kPadsOmitted)
                sum = added(sum, tensors.row_of("net.embed_tokens.weight", id));
        x.push_back(sum);
    }
    const auto hidden =
        llama_stack(tensors, model.config["net_config"], "net.", std::move(x), mistake);
    const std::string embedding = mistake == Mistake::kOneEmbedding
                                      ? "net.embed_tokens.weight"
                                      : "net_token.embed_tokens.weight";
    Logits logits;
    std::vector<Row> before;  // of earlier events, with the mistake
    for (std::size_t event = 0; event + 1 < rows.size(); ++event) {
        std::vector<Row> inner = before;
        inner.push_back(hidden[event]);
        for (std::size_t k = 0; k + 1 < rows[event + 1].size(); ++k)
            inner.push_back(tensors.row_of(embedding, rows[event + 1][k]));
        if (mistake == Mistake::kEventsNotApart) before = inner;
        const auto said = llama_stack(tensors, model.config["net_token_config"], "net_token.",
                                      std::move(inner), mistake);
        for (std::size_t k = said.size() - rows[event + 1].size(); k < said.size(); ++k)
            logits.push_back(tensors.times(
                mistake == Mistake::kTiedHead ? "net.embed_tokens.weight" : "lm_head.weight",
                said[k]));
    }
    return logits;
}

}  // namespace symphony::models
