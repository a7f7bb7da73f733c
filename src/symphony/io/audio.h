// Score -> sound: the fluidsynth program as a child process with limits, levelled and encoded with
// libsndfile.
#pragma once

#include "symphony/score/score.h"

#include <filesystem>
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
};

// Is the synthesiser (program and sound font) installed?
bool can_render_audio();

// Renders with the release tail kept and the peak at peak_dbfs. Throws Error (kInput) with the
// package to install.
Audio render(const score::Score& score, const RenderOptions& options = {});

// By ending: .wav (16 bit PCM) or .ogg (Vorbis). Atomic.
void write_audio_file(const std::filesystem::path& path, const Audio& audio);

// Scales so that the RMS loudness is `rms_dbfs`, without letting the peak pass `peak_dbfs`.
void set_loudness(Audio& audio, double rms_dbfs, double peak_dbfs);

}  // namespace symphony::io
