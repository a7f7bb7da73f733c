// Levels: peaks, and loudness through libebur128.
#include "symphony/base/error.h"
#include "symphony/io/audio.h"

#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace symphony::io {
namespace {

double amplitude(double decibels) { return std::pow(10.0, decibels / 20); }

float peak_of(const Audio& audio) {
    float peak = 0;
    for (const float sample : audio.samples) peak = std::max(peak, std::abs(sample));
    return peak;
}

void scale(Audio& audio, double factor) {
    for (float& sample : audio.samples) sample *= static_cast<float>(factor);
}

struct Destroy {
    void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};

}  // namespace

void set_peak(Audio& audio, double peak_dbfs) {
    const float peak = peak_of(audio);
    if (peak > 0) scale(audio, amplitude(peak_dbfs) / peak);
}

double loudness_lufs(const Audio& audio) {
    const std::unique_ptr<ebur128_state, Destroy> state(
        ebur128_init(static_cast<unsigned>(audio.channels),
                     static_cast<unsigned long>(audio.sample_rate_hz), EBUR128_MODE_I));
    double lufs = 0;
    if (!state ||
        ebur128_add_frames_float(state.get(), audio.samples.data(), audio.frames()) !=
            EBUR128_SUCCESS ||
        ebur128_loudness_global(state.get(), &lufs) != EBUR128_SUCCESS)
        throw base::Error(base::ErrorKind::kInternal, "cannot measure the loudness of a sound");
    return lufs;
}

void set_loudness(Audio& audio, double lufs, double peak_dbfs) {
    const double level = loudness_lufs(audio);
    if (!std::isfinite(level)) return;
    scale(audio, std::min(amplitude(lufs - level), amplitude(peak_dbfs) / double{peak_of(audio)}));
}

}  // namespace symphony::io
