#include "symphony/models/import/foreign_config.h"

#include "symphony/base/error.h"

#include <fmt/format.h>

namespace symphony::models {

ForeignConfig::ForeignConfig(base::Json json, std::string path)
    : json_(std::move(json)), path_(std::move(path)) {
    if (!json_.is_object()) fail("got JSON of another sort, expected an object");
}

void ForeignConfig::fail(const std::string& message, const std::string& hint) const {
    throw base::Error(base::ErrorKind::kModel, message, path_, hint);
}

bool ForeignConfig::has(const std::string& key) const {
    return json_.contains(key) && !json_[key].is_null();
}

const base::Json* ForeignConfig::find(const std::string& key) {
    read_.insert(key);
    return has(key) ? &json_[key] : nullptr;
}

int ForeignConfig::integer(const std::string& key, int low, int high, std::optional<int> absent) {
    const base::Json* value = find(key);
    if (!value && absent) return *absent;
    if (!value) fail("\"" + key + "\" is missing");
    if (!value->is_number_integer() || value->get<double>() < low || value->get<double>() > high)
        fail(fmt::format("\"{}\" is {}, expected an integer from {} to {}", key, value->dump(), low,
                         high));
    return value->get<int>();
}

double ForeignConfig::number(const std::string& key, double low, double high,
                             std::optional<double> absent) {
    const base::Json* value = find(key);
    if (!value && absent) return *absent;
    if (!value) fail("\"" + key + "\" is missing");
    if (!value->is_number() || !(value->get<double>() >= low && value->get<double>() <= high))
        fail(fmt::format("\"{}\" is {}, expected a number from {} to {}", key, value->dump(), low,
                         high));
    return value->get<double>();
}

bool ForeignConfig::flag(const std::string& key, std::optional<bool> absent) {
    const base::Json* value = find(key);
    if (!value && absent) return *absent;
    if (!value) fail("\"" + key + "\" is missing");
    if (!value->is_boolean())
        fail(fmt::format("\"{}\" is {}, expected true or false", key, value->dump()));
    return value->get<bool>();
}

std::string ForeignConfig::text(const std::string& key, const std::optional<std::string>& absent) {
    const base::Json* value = find(key);
    if (!value && absent) return *absent;
    if (!value) fail("\"" + key + "\" is missing");
    if (!value->is_string()) fail(fmt::format("\"{}\" is {}, expected text", key, value->dump()));
    return value->get<std::string>();
}

std::optional<ForeignConfig> ForeignConfig::part(const std::string& key) {
    const base::Json* value = find(key);
    if (!value) return std::nullopt;
    if (!value->is_object())
        fail(fmt::format("\"{}\" is {}, expected an object", key, value->dump()));
    return ForeignConfig(*value, path_);
}

std::string ForeignConfig::first_of(std::initializer_list<const char*> keys) const {
    for (const char* key : keys)
        if (has(key)) return key;
    return *keys.begin();
}

void ForeignConfig::expect(const std::string& key, const base::Json& value) {
    const base::Json* found = find(key);
    if (found && *found != value)
        fail(fmt::format("\"{}\" is {}, which is not supported: only {} is", key, found->dump(),
                         value.dump()));
}

void ForeignConfig::ignore(std::initializer_list<const char*> keys) {
    for (const char* key : keys) read_.insert(key);
}

void ForeignConfig::ignore_bookkeeping() {
    ignore({"_attn_implementation_autoset",
            "_name_or_path",
            "architectures",
            "auto_map",
            "bos_token_id",
            "chunk_size_feed_forward",
            "cls_token_id",
            "cross_attention_hidden_size",
            "decoder_start_token_id",
            "dtype",
            "eos_token_id",
            "finetuning_task",
            "gradient_checkpointing",
            "id2label",
            "initializer_range",
            "is_decoder",
            "label2id",
            "model_type",
            "output_attentions",
            "output_hidden_states",
            "pad_token_id",
            "prefix",
            "problem_type",
            "return_dict",
            "sep_token_id",
            "task_specific_params",
            "tf_legacy_loss",
            "tie_encoder_decoder",
            "tokenizer_class",
            "torch_dtype",
            "torchscript",
            "transformers_version",
            "unsloth_version",
            "use_bfloat16",
            "use_cache"});
    // Settings of generation, which transformers 4 wrote here, too.
    ignore({"bad_words_ids",
            "begin_suppress_tokens",
            "diversity_penalty",
            "do_sample",
            "early_stopping",
            "encoder_no_repeat_ngram_size",
            "exponential_decay_length_penalty",
            "forced_bos_token_id",
            "forced_eos_token_id",
            "length_penalty",
            "max_length",
            "min_length",
            "no_repeat_ngram_size",
            "num_beam_groups",
            "num_beams",
            "num_return_sequences",
            "output_scores",
            "remove_invalid_values",
            "repetition_penalty",
            "return_dict_in_generate",
            "suppress_tokens",
            "temperature",
            "top_k",
            "top_p",
            "typical_p"});
    expect("pruned_heads", base::Json::object());
    expect("add_cross_attention", false);
    expect("is_encoder_decoder", false);
}

void ForeignConfig::finish() const {
    for (const auto& [key, value] : json_.items())
        if (!read_.contains(key))
            fail(fmt::format("\"{}\" is {}, a setting that is not known here and may change what "
                             "the model computes",
                             key, value.dump()),
                 "what can be imported: docs/pretrained.md");
}

}  // namespace symphony::models
