// miditok_ids TOKENIZER.json FILE...: the ids that our MidiTok schemes give, one line of JSON a
// file: a list of streams, each a list of ids (or of rows), or {"error": ...}. For comparing with
// MidiTok's own; see miditok_parity.py.
// miditok_ids --learn SIZE [--unigram] TOKENIZER.json FILE...: the tokenizer.json with sub-words
// learned from the files instead.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/json.h"
#include "symphony/io/midi_message_reader.h"
#include "symphony/tokens/miditok/miditok_tokenizer.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using symphony::base::Json;
namespace miditok = symphony::tokens::miditok;

Json json_of(const miditok::IdStream& stream) {
    if (stream.row_sizes.empty()) return stream.ids;
    Json rows = Json::array();
    std::size_t at = 0;
    for (const int size : stream.row_sizes) {
        Json row = Json::array();
        for (int i = 0; i < size && at < stream.ids.size(); ++i) row.push_back(stream.ids[at++]);
        rows.push_back(std::move(row));
    }
    return rows;
}

Json ids_of(const miditok::MidiTokTokenizer& tokenizer, const std::string& file) {
    const auto bytes = symphony::base::read_file(file);
    if (!bytes.ok()) return {{"error", bytes.error().message}};
    const auto messages = symphony::io::parse_midi_messages(bytes.value(), file);
    if (!messages.ok()) return {{"error", messages.error().message}};
    miditok::Losses lost;
    Json streams = Json::array();
    for (const auto& stream : tokenizer.encode_streams(miditok::piece_of(messages.value()), &lost))
        streams.push_back(json_of(stream));
    if (lost.contains("no-token")) return {{"error", "no token"}};
    return streams;
}

// From the messages of the files, as MidiTok takes them; those that cannot be read are left out.
Json learned(const miditok::MidiTokTokenizer& tokenizer,
             const symphony::tokens::SubwordOptions& options,
             const std::vector<std::string>& files) {
    std::vector<std::vector<int>> sequences;
    for (const std::string& file : files) {
        const auto bytes = symphony::base::read_file(file);
        if (!bytes.ok()) continue;
        const auto messages = symphony::io::parse_midi_messages(bytes.value(), file);
        if (!messages.ok()) continue;
        for (auto& sequence : tokenizer.subword_sequences(miditok::piece_of(messages.value())))
            sequences.push_back(std::move(sequence));
    }
    return tokenizer.with_subwords(sequences, options)->to_json();
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    symphony::tokens::SubwordOptions options;
    if (arguments.size() > 2 && arguments[0] == "--learn") {
        options.vocabulary_size = std::atoi(arguments[1].c_str());
        arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    if (!arguments.empty() && arguments[0] == "--unigram") {
        options.model = symphony::tokens::SubwordModel::kUnigram;
        arguments.erase(arguments.begin());
    }
    if (arguments.size() < 2) {
        std::fputs("usage: miditok_ids [--learn SIZE [--unigram]] TOKENIZER.json FILE...\n",
                   stderr);
        return 2;
    }
    try {
        const auto tokenizer = miditok::MidiTokTokenizer::from_json(
            symphony::base::read_json_file(arguments[0]).value(), arguments[0]);
        const std::vector<std::string> files(arguments.begin() + 1, arguments.end());
        if (options.vocabulary_size > 0) {
            std::puts(symphony::base::format_json(learned(*tokenizer, options, files)).c_str());
            return 0;
        }
        for (const std::string& file : files) std::puts(ids_of(*tokenizer, file).dump().c_str());
    } catch (const symphony::base::Error& error) {
        std::fprintf(stderr, "%s\n", error.format().c_str());
        return 1;
    }
    return 0;
}
