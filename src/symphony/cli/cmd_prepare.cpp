// symphony prepare DIR -o DATA: a folder of music as tokens, split, ready to train on; and
// prepare --explain FILE: one piece as notes, tokens and notes again; --ids FILE: as ids.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/dataset_format.h"
#include "symphony/corpus/index_place.h"
#include "symphony/corpus/prepare.h"
#include "symphony/corpus/prepare_plan.h"
#include "symphony/corpus/shaping.h"
#include "symphony/io/midi_message_reader.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/score_file.h"
#include "symphony/score/roles.h"
#include "symphony/tokens/explain.h"
#include "symphony/tokens/message_encoder.h"
#include "symphony/tokens/subword_tokenizer.h"

#include <fmt/format.h>

#include <filesystem>

namespace symphony::cli {
namespace {

using corpus::PrepareResult;

void print_result(const PrepareResult& result, const Context& context) {
    context.print(result.account.sentence());
    context.print(fmt::format("{} tokens in the vocabulary of scheme {}, {} steps per quarter",
                              result.vocabulary_size, result.scheme, result.steps_per_quarter));
    for (int s = 0; s < corpus::kSplits; ++s) {
        const corpus::SplitCounts& c = result.splits[s];
        context.print(fmt::format("{:5}  {} pieces in {} groups, {} notes, {} sequences, {} tokens",
                                  corpus::split_name(static_cast<corpus::Split>(s)), c.pieces,
                                  c.groups, c.notes, c.sequences, c.ids));
    }
    for (const corpus::FileRecord& file : result.account.files)
        if (file.fate == corpus::FileFate::kFiltered)
            context.print(fmt::format("filtered: {}: {} {}", file.id, file.code, file.reason));
    for (const auto& [id, words] : result.mended)
        context.print(fmt::format("bars mended: {}: {}", id, words));
    for (const auto& [code, count] : result.losses)
        context.print(fmt::format("lost: {} {}", count, code));
    for (const std::string& remark : result.remarks) context.print("note: " + remark);
}

class Prepare : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& folder = table.add("music", music_, "folder of MIDI, MusicXML or ABC files");
        folder.positional = true;
        folder.value_name = "DIR";
        table.add("output", output_, "folder of the data set").value_name = "DATA";
        table.add("force", force_, "replace a data set that is there already");
        options_.describe(table);
        index_.describe(table);
        table.group("Instead");
        table.add("explain", explain_, "print this piece as notes, tokens and notes again")
            .value_name = "FILE";
        table.add("ids", ids_, "print the token ids of this piece").value_name = "FILE";
    }

    int run(const Context& context) override {
        std::vector<std::string> of_tokens{"scheme", "steps-per-quarter", "subwords",
                                           "subword-model"};
        base::OptionTable stream;
        options_.stream.describe(stream);
        for (const base::Option& option : stream.options()) of_tokens.push_back(option.name);
        for (const std::string& name : of_tokens)
            if (!options_.tokenizer_file.empty() && context.options->given(name))
                throw base::Error(base::ErrorKind::kUsage,
                                  fmt::format("--{} does not go with --tokenizer", name), {},
                                  "the tokenizer has its own; leave one of them out");
        if (options_.subwords == 0 && context.options->given("subword-model"))
            throw base::Error(base::ErrorKind::kUsage,
                              "--subword-model says how sub-words are learned, but none are asked "
                              "for",
                              {}, "add --subwords SIZE");
        if (!explain_.empty()) return explain(context);
        if (!ids_.empty()) return print_ids(context);
        if (music_.empty())
            throw base::Error(base::ErrorKind::kUsage, "prepare: which music?", {},
                              "symphony prepare DIR -o DATA");
        if (output_.empty())
            throw base::Error(base::ErrorKind::kUsage, "prepare: where to?", {},
                              "give the folder of the data set with -o DATA");
        if (!force_ && std::filesystem::exists(std::filesystem::path(output_) / corpus::kIndexFile))
            throw base::Error(base::ErrorKind::kUsage, "there is a data set already", output_,
                              "choose another folder, or replace it with --force");
        const PrepareResult result = corpus::prepare(
            music_, output_, options_, static_cast<std::uint64_t>(context.seed), context.threads,
            *context.progress, index_.place(music_, *context.progress));
        if (context.json) {
            base::Json json = corpus::to_json(result);
            json["folder"] = result.folder.string();
            json["hash"] = result.hash;
            context.print_json(json);
        } else {
            print_result(result, context);
        }
        return 0;
    }

  private:
    // With the tokenizer given, else the one of the data set that the folder would make, else one
    // learned from this piece alone.
    std::unique_ptr<tokens::Tokenizer> tokenizer_to_explain(const score::Score& score,
                                                            const Context& context) const {
        if (!options_.tokenizer_file.empty())
            return tokens::tokenizer_from_json(
                base::read_json_file(options_.tokenizer_file).value(), options_.tokenizer_file);
        if (!music_.empty())
            return corpus::tokenizer_for(music_, options_, static_cast<std::uint64_t>(context.seed),
                                         context.threads, *context.progress,
                                         index_.place(music_, *context.progress));
        auto tokenizer = tokens::learn_tokenizer(std::span(&score, 1),
                                                 corpus::tokenizer_options(options_, shaping()));
        if (options_.subwords == 0) return tokenizer;
        return tokens::with_subwords(std::move(tokenizer), std::span(&score, 1),
                                     options_.subword_options());
    }

    corpus::Shaping shaping() const {
        return {.mend_bars = options_.mend_bars, .free_timing = options_.timing == "free"};
    }

    // Roles assigned, and made into what prepare would make of it.
    score::Score read(const std::string& file) const {
        score::Score score = io::read_score_file(file).value().score;
        score::assign_roles(score);
        return corpus::shaped(std::move(score), shaping());
    }

    int explain(const Context& context) const {
        const score::Score score = read(explain_);
        const auto tokenizer = tokenizer_to_explain(score, context);
        const tokens::Explanation explanation = tokens::explain(*tokenizer, score);
        if (context.json)
            context.print_json(tokens::to_json(explanation));
        else
            context.print(tokens::to_text(explanation));
        return 0;
    }

    // Of a MIDI file a published scheme that reads messages gets them as they lie in the file.
    int print_ids(const Context& context) const {
        const score::Score score =
            corpus::shaped(io::read_score_file(ids_).value().score, shaping());
        const auto tokenizer = tokenizer_to_explain(score, context);
        const auto* reader = dynamic_cast<const tokens::MessageEncoder*>(tokenizer.get());
        const std::string bytes = reader ? base::read_file(ids_).value() : std::string();
        const tokens::Encoded encoded =
            reader && io::looks_like_midi(bytes)
                ? reader->encode_messages(io::parse_midi_messages(bytes, ids_).value())
                : tokenizer->encode(score);
        if (context.json)
            context.print_json({{"scheme", tokenizer->scheme()},
                                {"ids", encoded.ids},
                                {"losses", encoded.losses}});
        else
            context.print(fmt::format("{}", fmt::join(encoded.ids, " ")));
        return 0;
    }

    corpus::PrepareOptions options_;
    corpus::IndexOptions index_;
    std::string music_, output_, explain_, ids_;
    bool force_ = false;
};

}  // namespace

VerbEntry prepare_verb() {
    return {"prepare",
            "turn a folder of music into tokens, split into train, valid and test",
            {"symphony prepare my-midi-folder -o data",
             "symphony prepare songs -o data --scheme note --seed 7",
             "symphony prepare songs -o minor --only-mode minor --tokenizer data/tokenizer.json",
             "symphony prepare piano -o data --micro-timing 7 --pedal --velocity-bins 16",
             "symphony prepare --explain song.mid --scheme note"},
            [] { return std::make_unique<Prepare>(); }};
}

}  // namespace symphony::cli
