#include "symphony/models/import/skytnt.h"

#include "symphony/models/import/llama.h"

namespace symphony::models {

namespace {

constexpr int kRowLength = 8, kPad = 0, kBegin = 1, kEnd = 2, kFirstEvent = 3;

// Events in the order of their ids with their parameters in theirs, as version 1 or 2 has them.
// What they mean: tokens/pretrained/skytnt_layout.h.
base::Json events_of(int version) {
    const base::Json note =
        version == 1
            ? base::Json{"time1", "time2", "track", "duration", "channel", "pitch", "velocity"}
            : base::Json{"time1", "time2", "track", "channel", "pitch", "velocity", "duration"};
    base::Json events{
        {"note", note},
        {"patch_change", {"time1", "time2", "track", "channel", "patch"}},
        {"control_change", {"time1", "time2", "track", "channel", "controller", "value"}},
        {"set_tempo", {"time1", "time2", "track", "bpm"}}};
    if (version == 2) {
        events["time_signature"] = {"time1", "time2", "track", "nn", "dd"};
        events["key_signature"] = {"time1", "time2", "track", "sf", "mi"};
    }
    return events;
}

// And how many values each parameter has, in the order of their ids.
base::Json parameters_of(int version) {
    base::Json sizes{{"time1", 128},
                     {"time2", 16},
                     {"duration", 2048},
                     {"track", 128},
                     {"channel", 16},
                     {"pitch", 128},
                     {"velocity", 128},
                     {"patch", 128},
                     {"controller", 128},
                     {"value", 128},
                     {"bpm", version == 1 ? 256 : 384}};
    if (version == 2) sizes.update(base::Json{{"nn", 16}, {"dd", 4}, {"sf", 15}, {"mi", 2}});
    return sizes;
}

// The vocabulary's size is given by what it is made of.
int vocabulary_of(int version) {
    int size = kFirstEvent + static_cast<int>(events_of(version).size());
    for (const base::Json& count : parameters_of(version)) size += count.get<int>();
    return size;
}

// Reads the description of the tokens, which must be one of the two that are known.
void read_tokenizer(ForeignConfig& json, SkytntModel& model) {
    const std::string name = json.text("version");
    if (name != "v1" && name != "v2")
        json.fail("\"version\" of the tokenizer is \"" + name + "\", expected v1 or v2");
    const int version = model.version = name == "v1" ? 1 : 2;
    json.expect("vocab_size", vocabulary_of(version));
    json.expect("events", events_of(version));
    json.expect("event_parameters", parameters_of(version));
    json.expect("max_token_seq", kRowLength);
    json.expect("pad_id", kPad);
    json.expect("bos_id", kBegin);
    json.expect("eos_id", kEnd);
    const bool optimised = json.flag("optimise_midi", false);
    json.finish();
    EventRowsConfig& config = model.config;
    config.row_length = kRowLength;
    config.pad = kPad;
    config.lengths = {{kBegin, 1}, {kEnd, 1}};
    int id = kFirstEvent;
    for (const base::Json& parameters : events_of(version))
        config.lengths[id++] = 1 + static_cast<int>(parameters.size());
    model.scheme = "skytnt-" + name + (optimised ? "o" : "");
}

ForeignConfig required(ForeignConfig& json, const char* key) {
    auto part = json.part(key);
    if (!part) json.fail("\"" + std::string(key) + "\" is missing");
    return *part;
}

}  // namespace

SkytntModel skytnt_config(ForeignConfig& json) {
    SkytntModel model;
    ForeignConfig tokenizer = required(json, "tokenizer"), net = required(json, "net_config"),
                  net_token = required(json, "net_token_config");
    read_tokenizer(tokenizer, model);
    model.config.net = llama_config(net, /*mistral=*/false);
    model.config.net_token = llama_config(net_token, /*mistral=*/false);
    // Three matrices of their own, whatever a Llama alone would share.
    model.config.net.tied = model.config.net_token.tied = false;
    model.config.net.start_token = model.config.net_token.start_token = kBegin;
    for (const TransformerConfig* part : {&model.config.net, &model.config.net_token})
        if (part->vocabulary_size != vocabulary_of(model.version) ||
            part->hidden_size != model.config.net.hidden_size)
            json.fail(
                "\"net_config\" and \"net_token_config\" differ in width, or in vocabulary "
                "from the tokenizer");
    json.expect("n_embd", model.config.net.hidden_size);
    json.ignore({"tie_word_embeddings"});
    json.ignore_bookkeeping();
    json.finish();
    return model;
}

Weights take_skytnt(ForeignWeights& weights, const EventRowsConfig& config) {
    auto moves = llama_moves(config.net, "net.", "net.");
    const auto inner = llama_moves(config.net_token, "net_token.", "net_token.");
    moves.insert(moves.end(), inner.begin(), inner.end());
    moves.push_back({"lm_head.weight",
                     {config.net.vocabulary_size, config.net.hidden_size},
                     {"lm_head.weight"}});
    Weights taken = weights.take_all(moves);
    weights.ignore(is_rope_buffer);
    weights.expect_all_taken();
    return taken;
}

}  // namespace symphony::models
