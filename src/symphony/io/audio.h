// Score -> sound: the fluidsynth program as a child process with limits, levelled and encoded with
// libsndfile.
#pragma once

#include "symphony/score/score.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::io {

struct RenderOptions {
    int sample_rate_hz = 44100;
    double peak_dbfs = -1.0;
    std::filesystem::path soundfont;  // empty: Debian's fluidr3mono-gm-soundfont
};

// Interleaved stereo samples in [-1, 1].
struct Audio {
    int sample_rate_hz = 44100;
    int channels = 2;
    std::vector<float> samples;

    std::size_t frames() const { return channels ? samples.size() / channels : 0; }
    double seconds() const { return static_cast<double>(frames()) / sample_rate_hz; }
};

// Is the synthesiser (program and sound font) installed?
bool can_render_audio();

// Renders with the release tail kept and the peak at peak_dbfs. Throws Error (kInput) with the
// package to install, and for pieces longer than half an hour.
Audio render(const score::Score& score, const RenderOptions& options = {});

// The bytes of a sound file, by ending: ".wav" (16 bit PCM) or ".ogg" (Vorbis; `quality` 0..1,
// 0.3 is about 100 kbit/s in stereo). Throws Error (kInput) for another ending.
std::string encode_audio(const Audio& audio, const std::string& ending, double quality = 0.4);

// By ending, as encode_audio. Atomic.
void write_audio_file(const std::filesystem::path& path, const Audio& audio);

// Reads any sound file that libsndfile knows. Throws Error (kInput).
Audio read_audio_file(const std::filesystem::path& path);

// Scales so that the peak is `peak_dbfs`; silence stays silent.
void set_peak(Audio& audio, double peak_dbfs);

// Integrated loudness in LUFS, pauses left out (ITU-R BS.1770-4, by libebur128); -infinity for
// silence and for less than 0.4 s.
double loudness_lufs(const Audio& audio);

// Scales to that loudness, without letting the peak pass `peak_dbfs`. Silence stays silent.
void set_loudness(Audio& audio, double lufs, double peak_dbfs);

}  // namespace symphony::io
