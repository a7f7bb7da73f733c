#include "symphony/bench/quality/published_sets.h"

#include "symphony/base/error.h"
#include "symphony/base/sha256.h"
#include "symphony/score/score.h"

#include <algorithm>

namespace symphony::bench {
namespace {

namespace fs = std::filesystem;

base::Json read_set(const fs::path& path) {
    auto json = base::read_json_file(path);
    if (!json.ok())
        throw base::Error(base::ErrorKind::kInput, json.error().message, path,
                          "give the folder that holds polymusic and jsb-chorales with --sets DIR");
    return std::move(json).value();
}

}  // namespace

ChoraleSet chorale_set_from_json(const base::Json& json, const std::string& path) {
    const auto pieces_of = [&](const char* split) {
        auto pieces = json.at(split).get<std::vector<ChoralePiece>>();
        for (ChoralePiece& piece : pieces)
            for (tokens::ChoraleStep& step : piece)
                for (int& pitch : step) {
                    pitch = std::max(pitch, tokens::kSilentVoice);
                    if (pitch >= score::kPitches)
                        throw base::Error(
                            base::ErrorKind::kInput,
                            "got pitch " + std::to_string(pitch) + ", expected at most 127", path);
                }
        return pieces;
    };
    try {
        return {pieces_of("train"), pieces_of("valid"), pieces_of("test")};
    } catch (const base::Json::exception& e) {
        throw base::Error(base::ErrorKind::kInput,
                          std::string("expected {train, valid, test}: pieces > steps > four "
                                      "pitches, ") +
                              e.what(),
                          path);
    }
}

PublishedSets read_published_sets(const fs::path& folder) {
    const fs::path jsb = folder / "polymusic" / "JSB_Chorales.json",
                   nottingham = folder / "polymusic" / "Nottingham.json",
                   chorales = folder / "jsb-chorales" / "Jsb16thSeparated.json";
    PublishedSets sets{tokens::frame_set_from_json(read_set(jsb), jsb),
                       tokens::frame_set_from_json(read_set(nottingham), nottingham),
                       chorale_set_from_json(read_set(chorales), chorales),
                       {}};
    sets.hash =
        base::sha256_hex(base::sha256_hex_of_file(jsb) + base::sha256_hex_of_file(nottingham) +
                         base::sha256_hex_of_file(chorales));
    return sets;
}

}  // namespace symphony::bench
