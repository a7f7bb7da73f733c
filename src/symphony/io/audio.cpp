// Rendering through the fluidsynth program (https://www.fluidsynth.org, its manual page).
#include "symphony/io/audio.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/temporary_folder.h"
#include "symphony/io/midi_writer.h"
#include "symphony/score/time_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::io {
namespace {

constexpr const char* kSoundfont = "/usr/share/sounds/sf3/FluidR3Mono_GM.sf3";
constexpr double kMaxSeconds = 30 * 60;
// How long the synthesiser goes on after the last note; what is silent is cut away again.
constexpr double kTailSeconds = 8;
constexpr double kSilenceDbfs = -66;
constexpr double kFadeSeconds = 0.05;

// The player stops with the last event, so a silent one lies where the tail has died away.
score::Score with_room_for_tail(const score::Score& score) {
    score::Score longer = score;
    const score::TimeMap time(score);
    const score::Seconds end = time.seconds(score.end());
    const score::Ticks at = time.ticks(end + score::Seconds(kTailSeconds));
    longer.texts.push_back({at, score::TextKind::kText, " "});
    // Bars of an unusual length would be spelled out as metres; the sound does not need them.
    longer.bars.clear();
    return longer;
}

// Cuts what follows the last audible frame, but never before `least_seconds`, and fades the edge.
void cut_silent_end(Audio& audio, double least_seconds) {
    const double loudest = audio.samples.empty()
                               ? 0
                               : std::abs(*std::max_element(
                                     audio.samples.begin(), audio.samples.end(),
                                     [](float a, float b) { return std::abs(a) < std::abs(b); }));
    const double threshold = loudest * std::pow(10.0, kSilenceDbfs / 20);
    std::size_t last = audio.samples.size();
    while (last > 0 && std::abs(audio.samples[last - 1]) <= threshold) --last;
    const auto rate = static_cast<double>(audio.sample_rate_hz);
    const auto channels = static_cast<std::size_t>(audio.channels);
    const auto fade = static_cast<std::size_t>(kFadeSeconds * rate);
    const std::size_t least = static_cast<std::size_t>(least_seconds * rate) + fade;
    const std::size_t frames =
        std::min(audio.frames(), std::max(last / channels + 1 + fade, least));
    audio.samples.resize(frames * channels);
    for (std::size_t i = 0; i < std::min(fade, frames); ++i)
        for (std::size_t c = 0; c < channels; ++c)
            audio.samples[(frames - 1 - i) * channels + c] *=
                static_cast<float>(i) / static_cast<float>(fade);
}

}  // namespace

bool can_render_audio() {
    return !base::find_program("fluidsynth").empty() && std::filesystem::exists(kSoundfont);
}

Audio render(const score::Score& score, const RenderOptions& options) {
    if (base::find_program("fluidsynth").empty())
        throw base::Error(base::ErrorKind::kInput, "the synthesiser is not installed", "fluidsynth",
                          "apt-get install fluidsynth");
    const std::filesystem::path soundfont =
        options.soundfont.empty() ? std::filesystem::path(kSoundfont) : options.soundfont;
    if (!std::filesystem::exists(soundfont))
        throw base::Error(base::ErrorKind::kInput, "the sound font is not there",
                          soundfont.string(), "apt-get install fluidr3mono-gm-soundfont");
    const double seconds = score::duration_of(score).value;
    if (!(seconds <= kMaxSeconds))
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("too long to render, got {:.0f} s, expected at most {:.0f} s",
                                      seconds, kMaxSeconds));

    const base::TemporaryFolder folder;
    const auto midi_path = folder.path() / "in.mid", wav_path = folder.path() / "out.wav";
    base::write_file_atomically(midi_path, format_midi(with_room_for_tail(score)).value());
    // A room of moderate size, no chorus (it detunes organs and voices), gain low enough that the
    // float samples keep their headroom; the level is set afterwards.
    const base::ProcessResult result =
        base::run_process({"fluidsynth",
                           "-n",
                           "-i",
                           "-q",
                           "-F",
                           wav_path.string(),
                           "-T",
                           "wav",
                           "-O",
                           "float",
                           "-r",
                           std::to_string(options.sample_rate_hz),
                           "-g",
                           "0.4",
                           "-R",
                           "1",
                           "-C",
                           "0",
                           "-o",
                           "synth.reverb.room-size=0.55",
                           "-o",
                           "synth.reverb.damp=0.35",
                           "-o",
                           "synth.reverb.width=0.8",
                           "-o",
                           "synth.reverb.level=0.6",
                           "-o",
                           "synth.dynamic-sample-loading=1",
                           "-o",
                           "synth.cpu-cores=1",
                           soundfont.string(),
                           midi_path.string()},
                          {.timeout = std::chrono::seconds(60 + static_cast<int>(seconds)),
                           .max_memory_bytes = std::size_t{3} << 30});
    base::throw_if_stop_requested();
    if (result.timed_out || result.exit_code != 0 || !std::filesystem::exists(wav_path))
        throw base::Error(
            base::ErrorKind::kInput,
            result.timed_out ? std::string("the synthesiser took too long and was stopped")
                             : fmt::format("the synthesiser failed with exit code {}: {}",
                                           result.exit_code, result.errors.substr(0, 300)),
            "fluidsynth", "check free disk space in the temporary folder and the sound font");
    Audio audio = read_audio_file(wav_path);
    cut_silent_end(audio, seconds);
    set_peak(audio, options.peak_dbfs);
    return audio;
}

}  // namespace symphony::io
