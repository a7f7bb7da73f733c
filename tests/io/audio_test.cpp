#include "symphony/io/audio.h"

#include "symphony/base/error.h"
#include "symphony/score/time_map.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace symphony::io {
namespace {

Audio sine(double seconds, double amplitude, double hertz = 440) {
    Audio audio;
    const auto frames = static_cast<std::size_t>(seconds * audio.sample_rate_hz);
    for (std::size_t i = 0; i < frames; ++i)
        for (int c = 0; c < 2; ++c)
            audio.samples.push_back(static_cast<float>(
                amplitude * std::sin(2 * M_PI * hertz * static_cast<double>(i) / 44100)));
    return audio;
}

double peak_of(const Audio& audio) {
    float peak = 0;
    for (const float s : audio.samples) peak = std::max(peak, std::abs(s));
    return peak;
}

score::Score two_bars() {
    score::Score score;
    score.tempos = {{score::Ticks(0), 120}};
    score.parts.push_back({.name = "Organ", .program = 19});
    for (int i = 0; i < 8; ++i)
        score.parts[0].notes.push_back(
            {score::Ticks(i * 480), score::Ticks(480), static_cast<std::uint8_t>(60 + i), 90});
    return score;
}

TEST(AudioFile, LongOggAndWavComeBackWithTheirLength) {
    const test_support::TemporaryFolder made;
    const std::filesystem::path& folder = made.path;
    const Audio audio = sine(20, 0.5);
    for (const char* name : {"a.wav", "a.ogg"}) {
        write_audio_file(folder / name, audio);
        const Audio back = read_audio_file(folder / name);
        EXPECT_EQ(back.sample_rate_hz, 44100);
        EXPECT_EQ(back.channels, 2);
        EXPECT_NEAR(back.seconds(), 20, 0.05) << name;
        EXPECT_NEAR(loudness_lufs(back), loudness_lufs(audio), 0.5) << name;
    }
    EXPECT_LT(std::filesystem::file_size(folder / "a.ogg") * 5,
              std::filesystem::file_size(folder / "a.wav"));
}

TEST(AudioFile, UnknownEndingAndJunkAreErrors) {
    EXPECT_THROW(encode_audio(sine(0.1, 0.5), ".mp9"), base::Error);
    EXPECT_THROW(read_audio_file("/no/such/file.wav"), base::Error);
}

// EBU Tech 3341, test 1 (at its level): a stereo sine of 1 kHz at -23 dBFS is -23 LUFS loud.
TEST(Loudness, IsThatOfTheStandardsSine) {
    EXPECT_NEAR(loudness_lufs(sine(20, std::pow(10, -23.0 / 20), 1000)), -23, 0.1);
    EXPECT_EQ(loudness_lufs(sine(1, 0)), -HUGE_VAL);
}

TEST(Loudness, IsReachedUnlessThePeakForbids) {
    Audio audio = sine(1, 0.01);
    set_loudness(audio, -20, -1);
    EXPECT_NEAR(loudness_lufs(audio), -20, 0.05);
    set_loudness(audio, 0, -6);
    EXPECT_NEAR(peak_of(audio), std::pow(10, -6.0 / 20), 1e-3);
    Audio silence = sine(1, 0);
    set_loudness(silence, -20, -1);
    EXPECT_EQ(peak_of(silence), 0);
}

TEST(Loudness, PausesDoNotCount) {
    Audio audio = sine(8, 0.1);
    const double level = loudness_lufs(audio);
    audio.samples.resize(audio.samples.size() * 4);
    EXPECT_NEAR(loudness_lufs(audio), level, 0.1);
}

TEST(Render, IsHeardNotClippedAndAsLongAsTheMusicWithItsTail) {
    if (!can_render_audio()) GTEST_SKIP() << "fluidsynth or its sound font is not installed";
    const score::Score score = two_bars();
    const Audio audio = render(score);
    EXPECT_NEAR(20 * std::log10(peak_of(audio)), -1, 0.01);
    EXPECT_GT(loudness_lufs(audio), -40);
    const double music = score::duration_of(score).value;
    EXPECT_GE(audio.seconds(), music);
    EXPECT_LE(audio.seconds(), music + 8.5);
    // The tail ends in silence, not in a click.
    EXPECT_LT(std::abs(audio.samples.back()), 1e-3);
}

TEST(Render, TheSameScoreGivesTheSameSamples) {
    if (!can_render_audio()) GTEST_SKIP() << "fluidsynth or its sound font is not installed";
    EXPECT_EQ(render(two_bars()).samples, render(two_bars()).samples);
}

TEST(Render, RefusesWhatIsTooLongAndAMissingSoundFont) {
    score::Score score = two_bars();
    score.parts[0].notes.back().duration = score::Ticks(480LL * 2 * 3600);
    EXPECT_THROW(render(score), base::Error);
    EXPECT_THROW(render(two_bars(), {.soundfont = "/no/such/font.sf3"}), base::Error);
}

}  // namespace
}  // namespace symphony::io
