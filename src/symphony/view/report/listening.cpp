#include "symphony/view/report/listening.h"

#include "symphony/base/file.h"
#include "symphony/base/rng.h"
#include "symphony/score/transform.h"
#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace symphony::view {
namespace {

constexpr std::size_t kQuizItems = 10;
constexpr int kQuizBars = 8;
constexpr double kOggQuality = 0.2;
constexpr double kLongestTakeSeconds = 90;

// Eight bars from the start or up to the end, and which they are.
std::pair<score::Score, std::string> cut(const score::Score& score, bool from_the_end) {
    const std::size_t bars = score::bars_of(score).size();
    if (bars <= kQuizBars) return {score, "whole"};
    const std::size_t first = from_the_end ? bars - kQuizBars : 0;
    return {score::excerpt(score, first, first + kQuizBars),
            from_the_end ? "the last eight bars" : "the first eight bars"};
}

}  // namespace

int common_program(const ReportData& data) {
    std::vector<const score::Score*> scores;
    for (const HeldOutPiece& piece : data.held_out) scores.push_back(&piece.score);
    if (scores.empty())
        for (const TakeFile& take : data.takes) scores.push_back(&take.score);
    return usual_program(scores);
}

double common_tempo(const ReportData& data) {
    const double usual = data.dataset ? data.dataset->default_tempo_bpm().value_or(0) : 0;
    std::vector<double> tempos;
    for (const HeldOutPiece& piece : data.held_out)
        if (!piece.score.tempos.empty())
            tempos.push_back(piece.score.tempos[0].quarters_per_minute);
        else if (usual > 0)
            tempos.push_back(usual);
    return usual_tempo(std::move(tempos));
}

std::vector<QuizItem> choose_quiz(const ReportData& data, std::uint64_t seed) {
    const std::vector<std::string> models = data.composing_models();
    if (models.empty() || data.held_out.empty()) return {};
    base::Rng rng(seed, "bach-or-bot");
    std::vector<std::size_t> order(data.held_out.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    rng.shuffle(std::span(order));

    const std::size_t real =
        std::min(order.size(), models.size() >= 4 ? std::size_t{4} : kQuizItems / 2);
    const double tempo = common_tempo(data);
    const int program = common_program(data);
    std::vector<QuizItem> items;
    for (std::size_t i = 0; i < real; ++i) {
        const HeldOutPiece& piece = data.held_out[order[i]];
        const auto [score, where] = cut(piece.score, i % 2 == 1);
        items.push_back(
            {true, fmt::format("a human wrote it: {}, {}, held out from training", piece.id, where),
             "", levelled(score, program, tempo)});
    }
    // Round by round: the first take of each model, then the second, …
    for (int round = 1; round <= 20 && items.size() < kQuizItems; ++round)
        for (const std::string& model : models)
            for (const TakeFile& take : data.takes) {
                if (take.model != model || take.number != round || items.size() == kQuizItems)
                    continue;
                const auto [score, where] = cut(take.score, items.size() % 2 == 1);
                items.push_back({false,
                                 fmt::format("composed by the {}, take {}, {}", model_title(model),
                                             take.number, where),
                                 model, levelled(score, program, tempo)});
            }
    rng.shuffle(std::span(items));
    return items;
}

Clip encode_clip(const io::Audio& audio) {
    return {data_uri("audio/ogg", io::encode_audio(audio, ".ogg", kOggQuality)), audio.seconds()};
}

Clip render_clip(const score::Score& score, const std::filesystem::path& wav) {
    io::Audio audio = io::render(score);
    io::set_loudness(audio, kLoudnessLufs, kPeakDbfs);
    base::make_folder(wav.parent_path());
    io::write_audio_file(wav, audio);
    return encode_clip(audio);
}

Clip take_clip(const TakeFile& take) {
    io::Audio audio =
        std::filesystem::exists(take.wav) ? io::read_audio_file(take.wav) : io::render(take.score);
    const auto most = static_cast<std::size_t>(kLongestTakeSeconds * audio.sample_rate_hz) *
                      static_cast<std::size_t>(audio.channels);
    if (audio.samples.size() > most) audio.samples.resize(most);
    return encode_clip(audio);
}

}  // namespace symphony::view
