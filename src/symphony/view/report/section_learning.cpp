// Hear it learn: the samples of one model's epochs in one track, from noise to music.
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/io/score_file.h"
#include "symphony/score/roles.h"
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::view {
namespace {

constexpr std::size_t kMaxSamples = 10;
constexpr double kMostSeconds = 14, kPauseSeconds = 0.7, kFadeSeconds = 0.4;

struct Sample {
    std::int64_t step = 0;
    double epoch = 0, loss = 0;
    score::Score score;
    io::Audio audio;
    double at_seconds = 0;
};

// The run whose learning is heard: of those with samples the one that ended best; the n-gram, which
// learns at one blow, has none.
const RunLog* run_to_hear(const ReportData& data) {
    const RunLog* best = nullptr;
    for (const RunLog& run : data.runs)
        if (run.samples.size() >= 2 && run.best_valid_loss() &&
            (!best || *run.best_valid_loss() < *best->best_valid_loss()))
            best = &run;
    return best;
}

// At most kMaxSamples, the first and the last among them, more of the early ones, where most
// happens.
std::vector<RunSample> choose(const std::vector<RunSample>& all) {
    if (all.size() <= kMaxSamples) return all;
    std::vector<RunSample> chosen;
    std::size_t last = all.size();
    for (std::size_t i = 0; i < kMaxSamples; ++i) {
        const double t = static_cast<double>(i) / (kMaxSamples - 1);
        const auto index = static_cast<std::size_t>(
            std::lround(std::pow(t, 1.5) * static_cast<double>(all.size() - 1)));
        if (index != last) chosen.push_back(all[index]);
        last = index;
    }
    return chosen;
}

std::vector<Sample> read_samples(const RunLog& run, int program, double tempo) {
    std::vector<Sample> samples;
    for (const RunSample& one : choose(run.samples)) {
        auto file = io::read_score_file(one.path);
        if (!file.ok() || file.value().score.note_count() == 0) continue;
        Sample sample{.step = one.step};
        sample.score = levelled(file.value().score, program, tempo);
        score::assign_roles(sample.score);
        for (const CurvePoint& point : run.valid)
            if (point.step <= one.step) {
                sample.loss = point.loss;
                sample.epoch = point.epoch;
            }
        samples.push_back(std::move(sample));
    }
    return samples;
}

void shorten(io::Audio& audio) {
    const auto channels = static_cast<std::size_t>(audio.channels);
    const auto most = static_cast<std::size_t>(kMostSeconds * audio.sample_rate_hz);
    if (audio.frames() <= most) return;
    audio.samples.resize(most * channels);
    const auto fade = static_cast<std::size_t>(kFadeSeconds * audio.sample_rate_hz);
    for (std::size_t i = 0; i < fade * channels; ++i)
        audio.samples[audio.samples.size() - 1 - i] *=
            static_cast<float>(i / channels) / static_cast<float>(fade);
}

// All samples one after the other; sets where each begins.
io::Audio one_track(std::vector<Sample>& samples) {
    io::Audio track;
    for (Sample& sample : samples) {
        sample.at_seconds = track.seconds();
        track.samples.insert(track.samples.end(), sample.audio.samples.begin(),
                             sample.audio.samples.end());
        track.samples.resize(track.samples.size() +
                             2 * static_cast<std::size_t>(kPauseSeconds * track.sample_rate_hz));
    }
    return track;
}

}  // namespace

ReportSection learning_section(ReportContext& context) {
    ReportSection section{"learning", "Hear it learn", "Hear it learn", ""};
    const RunLog* run = run_to_hear(context.data);
    if (!run) {
        section.html = missing(
            "No run kept samples of its epochs (<code>models/*/samples/</code>), "
            "so its learning cannot be heard.");
        return section;
    }
    std::vector<Sample> samples =
        read_samples(*run, common_program(context.data), common_tempo(context.data));
    if (samples.empty()) {
        section.html = missing("The samples of the epochs hold no note yet.");
        return section;
    }
    section.html = fmt::format(
        "<p>The {} was asked for the same thing, from the same seed, after each "
        "stretch of training. One track runs through {}; press one to jump to it.</p>"
        "<div class=\"learn\">",
        escape(model_title(run->name)),
        counted(static_cast<std::int64_t>(samples.size()), "sample"));
    if (context.audio) {
        base::parallel_stage(context.progress, "hear it learn: sound", samples.size(),
                             context.threads, [&](std::size_t i) {
                                 samples[i].audio = io::render(samples[i].score);
                                 shorten(samples[i].audio);
                                 io::set_loudness(samples[i].audio, kLoudnessLufs, kPeakDbfs);
                             });
        const io::Audio track = one_track(samples);
        base::make_folder(context.listening());
        io::write_audio_file(context.listening() / "hear-it-learn.wav", track);
        section.html += player(encode_clip(track), "All samples in the order of training");
    }
    std::string buttons, rolls;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const Sample& sample = samples[i];
        buttons += fmt::format(
            "<li><button type=\"button\" data-at=\"{:.2f}\" aria-pressed=\"false\">step {}"
            "<small>{:.1f} epochs, {} nats</small></button></li>",
            sample.at_seconds, thousands(sample.step), sample.epoch, fixed(sample.loss, 2));
        rolls += figure(
            format_piano_roll(sample.score, {.title = fmt::format("After {} steps", sample.step),
                                             .roll_height_px = 150,
                                             .bars = 10,
                                             .legend = false,
                                             .dress = Dress::kPage}),
            "");
    }
    section.html +=
        "<ol class=\"epochs\">" + buttons + "</ol><div class=\"rolls\">" + rolls + "</div></div>\n";
    return section;
}

}  // namespace symphony::view
