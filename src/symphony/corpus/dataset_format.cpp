#include "symphony/corpus/dataset_format.h"

#include "symphony/base/error.h"
#include "symphony/base/json_line.h"
#include "symphony/base/sha256.h"
#include "symphony/corpus/piece_id.h"

#include <fmt/format.h>

namespace symphony::corpus {
namespace {

using base::Json;

Json piece_to_json(const PieceInfo& piece) {
    return Json{{"id", piece.id},
                {"path", id_of_name(piece.path)},
                {"group", piece.group},
                {"split", split_name(piece.split)},
                {"notes", piece.notes},
                {"key_sharps", piece.key.sharps},
                {"key_minor", piece.key.minor},
                {"key_given", piece.key_given},
                {"losses", piece.losses}};
}

PieceInfo piece_from_json(const Json& json) {
    PieceInfo piece;
    piece.id = json.at("id").get<std::string>();
    piece.path = name_of_id(json.at("path").get<std::string>());
    piece.group = json.at("group").get<std::string>();
    piece.split = split_from_name(json.at("split").get<std::string>());
    piece.notes = json.at("notes").get<std::int64_t>();
    piece.key.sharps = json.at("key_sharps").get<std::int8_t>();
    piece.key.minor = json.at("key_minor").get<bool>();
    piece.key_given = json.at("key_given").get<bool>();
    piece.losses = json.at("losses").get<std::map<std::string, std::int64_t>>();
    return piece;
}

void append_list(std::string& text, std::string_view name, const std::vector<std::string>& lines,
                 std::string_view after) {
    text += fmt::format("  \"{}\": [", name);
    for (std::size_t i = 0; i < lines.size(); ++i)
        text += fmt::format("{}\n    {}", i == 0 ? "" : ",", lines[i]);
    text += fmt::format("\n  ]{}\n", after);
}

}  // namespace

std::string shard_file(Split split) { return fmt::format("tokens-{}.npy", split_name(split)); }

std::string format_index(const DatasetIndex& index) {
    Json shards = Json::object();
    for (int s = 0; s < kSplits; ++s)
        shards[std::string(split_name(static_cast<Split>(s)))] = {
            {"ids", index.shard_ids[s]}, {"sha256", index.shard_sha256[s]}};
    std::string text = "{\n";
    text += fmt::format("  \"format\": {},\n  \"hash\": \"{}\",\n", kDatasetFormat, index.hash);
    text += fmt::format("  \"tokenizer_sha256\": \"{}\",\n", index.tokenizer_sha256);
    text += fmt::format("  \"vocabulary_size\": {},\n  \"end_token\": {},\n", index.vocabulary_size,
                        index.end_token);
    text += fmt::format("  \"shards\": {},\n", base::json_line(shards));
    text += fmt::format("  \"description\": {},\n", base::json_line(index.description));
    std::vector<std::string> lines;
    for (const PieceInfo& piece : index.pieces)
        lines.push_back(base::json_line(piece_to_json(piece)));
    append_list(text, "pieces", lines, ",");
    for (int s = 0; s < kSplits; ++s) {
        lines.clear();
        for (const SequenceInfo& q : index.sequences[s])
            lines.push_back(
                fmt::format("[{}, {}, {}, {}]", q.begin, q.length, q.piece, q.transposition));
        append_list(text, fmt::format("sequences_{}", split_name(static_cast<Split>(s))), lines,
                    s + 1 < kSplits ? "," : "");
    }
    return text + "}\n";
}

DatasetIndex parse_index(const Json& json, const std::string& path) {
    DatasetIndex index;
    try {
        const int format = json.at("format").get<int>();
        if (format != kDatasetFormat)
            throw base::Error(
                base::ErrorKind::kInput,
                fmt::format("data set of format {}, expected {}", format, kDatasetFormat), path,
                "prepare it again with this version");
        index.hash = json.at("hash").get<std::string>();
        index.tokenizer_sha256 = json.at("tokenizer_sha256").get<std::string>();
        index.vocabulary_size = json.at("vocabulary_size").get<int>();
        index.end_token = json.at("end_token").get<int>();
        index.description = json.at("description");
        for (const Json& piece : json.at("pieces")) index.pieces.push_back(piece_from_json(piece));
        for (int s = 0; s < kSplits; ++s) {
            const std::string name(split_name(static_cast<Split>(s)));
            const Json& shard = json.at("shards").at(name);
            index.shard_ids[s] = shard.at("ids").get<std::uint64_t>();
            index.shard_sha256[s] = shard.at("sha256").get<std::string>();
            for (const Json& q : json.at("sequences_" + name)) {
                const SequenceInfo sequence{.begin = q.at(0).get<std::uint64_t>(),
                                            .length = q.at(1).get<std::uint64_t>(),
                                            .piece = q.at(2).get<int>(),
                                            .transposition = q.at(3).get<int>()};
                if (sequence.piece < 0 || sequence.piece >= static_cast<int>(index.pieces.size()))
                    throw base::Error(
                        base::ErrorKind::kInput,
                        fmt::format("sequence of piece {}, expected 0 to {}", sequence.piece,
                                    static_cast<int>(index.pieces.size()) - 1),
                        path);
                PieceInfo& piece = index.pieces[static_cast<std::size_t>(sequence.piece)];
                if (piece.split != static_cast<Split>(s))
                    throw base::Error(base::ErrorKind::kInput,
                                      fmt::format("piece {} of split {} has a sequence in {}",
                                                  piece.id, split_name(piece.split), name),
                                      path);
                piece.sequences.push_back(static_cast<int>(index.sequences[s].size()));
                index.sequences[s].push_back(sequence);
            }
        }
    } catch (const Json::exception& e) {
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("not the index of a data set ({})", e.what()), path,
                          "prepare the data set again (symphony prepare DIR -o DATA)");
    }
    return index;
}

std::string dataset_hash(const DatasetIndex& index) {
    std::string text = index.tokenizer_sha256 + "\n";
    for (int s = 0; s < kSplits; ++s) {
        text += index.shard_sha256[s] + "\n";
        for (const SequenceInfo& q : index.sequences[s])
            text += fmt::format("{} {} {} {}\n", q.begin, q.length, q.piece, q.transposition);
    }
    for (const PieceInfo& piece : index.pieces)
        text += fmt::format("{} {} {} {}\n", piece.id, piece.group, split_name(piece.split),
                            piece.notes);
    return base::sha256_hex(text);
}

}  // namespace symphony::corpus
