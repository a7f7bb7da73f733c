// ModelLikelihood <-> JSON. Sums are written too, for readers; only the pieces are read back.
#include "symphony/base/error.h"
#include "symphony/evaluate/likelihood.h"

namespace symphony::evaluate {

namespace {

using base::Json;

Json to_json(const Accuracy& accuracy) {
    return {{"tokens", accuracy.tokens},
            {"top1", accuracy.top1},
            {"top5", accuracy.top5},
            {"top1_share", accuracy.top1_share()},
            {"top5_share", accuracy.top5_share()}};
}

Accuracy accuracy_from_json(const Json& json) {
    return {json.at("tokens").get<std::int64_t>(), json.at("top1").get<std::int64_t>(),
            json.at("top5").get<std::int64_t>()};
}

template <class T>
Json by_kind(const std::array<T, tokens::kTokenKinds>& values) {
    Json json = Json::object();
    for (int k = 0; k < tokens::kTokenKinds; ++k)
        json[std::string(tokens::token_kind_name(static_cast<tokens::TokenKind>(k)))] =
            values[static_cast<std::size_t>(k)];
    return json;
}

template <class T>
std::array<T, tokens::kTokenKinds> kinds_from_json(const Json& json) {
    std::array<T, tokens::kTokenKinds> values{};
    for (int k = 0; k < tokens::kTokenKinds; ++k)
        values[static_cast<std::size_t>(k)] =
            json.at(std::string(tokens::token_kind_name(static_cast<tokens::TokenKind>(k))))
                .get<T>();
    return values;
}

Json to_json(const PieceLikelihood& piece) {
    return {{"id", piece.id},
            {"group", piece.group},
            {"notes", piece.notes},
            {"bits", by_kind(piece.bits)},
            {"tokens", by_kind(piece.tokens)},
            {"accuracy", to_json(piece.all)},
            {"pitch_accuracy", to_json(piece.pitch)}};
}

PieceLikelihood piece_from_json(const Json& json) {
    PieceLikelihood piece;
    piece.id = json.at("id").get<std::string>();
    piece.group = json.at("group").get<std::string>();
    piece.notes = json.at("notes").get<std::int64_t>();
    piece.bits = kinds_from_json<double>(json.at("bits"));
    piece.tokens = kinds_from_json<std::int64_t>(json.at("tokens"));
    piece.all = accuracy_from_json(json.at("accuracy"));
    piece.pitch = accuracy_from_json(json.at("pitch_accuracy"));
    return piece;
}

}  // namespace

Json to_json(const ModelLikelihood& result) {
    std::array<double, tokens::kTokenKinds> per_note{};
    for (int k = 0; k < tokens::kTokenKinds; ++k)
        per_note[static_cast<std::size_t>(k)] =
            result.bits_per_note(static_cast<tokens::TokenKind>(k));
    Json json = {{"name", result.name},
                 {"folder", result.folder},
                 {"family", result.family},
                 {"scheme", result.scheme},
                 {"steps_per_quarter", result.steps_per_quarter},
                 {"vocabulary_size", result.vocabulary_size},
                 {"context_length", result.context_length},
                 {"parameters", result.parameters},
                 {"weights_sha256", result.weights_sha256},
                 {"data_hash", result.data_hash},
                 {"split", result.split},
                 {"losses", result.losses},
                 {"notes", result.notes()},
                 {"tokens", result.tokens()},
                 {"bits_per_note", result.bits_per_note()},
                 {"bits_per_note_by_kind", by_kind(per_note)},
                 {"nats_per_token", result.nats_per_token()},
                 {"accuracy", to_json(result.accuracy())},
                 {"pitch_accuracy", to_json(result.pitch_accuracy())},
                 {"pieces", Json::array()}};
    for (const PieceLikelihood& piece : result.pieces) json["pieces"].push_back(to_json(piece));
    return json;
}

ModelLikelihood likelihood_from_json(const Json& json) {
    try {
        ModelLikelihood result;
        result.name = json.at("name").get<std::string>();
        result.folder = json.at("folder").get<std::string>();
        result.family = json.at("family").get<std::string>();
        result.scheme = json.at("scheme").get<std::string>();
        result.steps_per_quarter = json.at("steps_per_quarter").get<int>();
        result.vocabulary_size = json.at("vocabulary_size").get<int>();
        result.context_length = json.at("context_length").get<int>();
        result.parameters = json.at("parameters").get<std::int64_t>();
        result.weights_sha256 = json.at("weights_sha256").get<std::string>();
        result.data_hash = json.at("data_hash").get<std::string>();
        result.split = json.at("split").get<std::string>();
        result.losses = json.at("losses").get<std::map<std::string, std::int64_t>>();
        for (const Json& piece : json.at("pieces")) result.pieces.push_back(piece_from_json(piece));
        return result;
    } catch (const Json::exception& e) {
        throw base::Error(base::ErrorKind::kInput,
                          std::string("not an evaluation of a model: ") + e.what());
    }
}

}  // namespace symphony::evaluate
