// What is heard in the report: excerpts made equal in everything but their notes, and sounds as
// data URIs with their WAV beside the page.
#pragma once

#include "symphony/io/audio.h"
#include "symphony/view/levelled.h"
#include "symphony/view/report/report_data.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace symphony::view {

// The instrument of all excerpts: that of the held-out pieces, else of the takes (usual_program).
int common_program(const ReportData& data);

// The tempo of all excerpts: the usual one of the held-out pieces, with the corpus's default where
// a piece gives none.
double common_tempo(const ReportData& data);

struct QuizItem {
    bool real = false;
    std::string source;  // the answer, text
    std::string model;   // empty for real music
    score::Score score;  // levelled
};

// Up to ten excerpts of eight bars, in random order by `seed`: real ones from held-out pieces, the
// rest from takes, every model in turn, the best first. Half of each begin at the start, half run
// to the end. Empty if one of the two kinds is missing.
std::vector<QuizItem> choose_quiz(const ReportData& data, std::uint64_t seed);

// Sounds, encoded for a page.
struct Clip {
    std::string uri;  // data:audio/ogg;base64,…
    double seconds = 0;
};

// What is heard beside other music is made equally loud: the level of EBU R128.
inline constexpr double kLoudnessLufs = -23, kPeakDbfs = -1;

// Renders at equal loudness, writes `wav` (with missing folders) and encodes.
Clip render_clip(const score::Score& score, const std::filesystem::path& wav);
// A take's WAV as it is; rendered from its MIDI where there is none.
Clip take_clip(const TakeFile& take);
Clip encode_clip(const io::Audio& audio);

}  // namespace symphony::view
