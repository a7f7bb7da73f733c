// Sound files in memory and on disk, through libsndfile.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/text.h"
#include "symphony/io/audio.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <cstring>

namespace symphony::io {
namespace {

// libsndfile's Vorbis encoder keeps whole writes on the stack: large ones crash, so it gets blocks.
constexpr sf_count_t kFramesPerWrite = 4096;

struct MemoryFile {
    std::string bytes;
    sf_count_t at = 0;
};

sf_count_t memory_length(void* user) {
    return static_cast<sf_count_t>(static_cast<MemoryFile*>(user)->bytes.size());
}

sf_count_t memory_seek(sf_count_t offset, int whence, void* user) {
    auto& file = *static_cast<MemoryFile*>(user);
    const sf_count_t base = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? file.at
                                                 : memory_length(user);
    return file.at = std::max<sf_count_t>(0, base + offset);
}

sf_count_t memory_read(void* into, sf_count_t count, void* user) {
    auto& file = *static_cast<MemoryFile*>(user);
    const sf_count_t n = std::clamp<sf_count_t>(memory_length(user) - file.at, 0, count);
    if (n > 0) std::memcpy(into, file.bytes.data() + file.at, static_cast<std::size_t>(n));
    file.at += n;
    return n;
}

sf_count_t memory_write(const void* from, sf_count_t count, void* user) {
    auto& file = *static_cast<MemoryFile*>(user);
    const auto end = static_cast<std::size_t>(file.at + count);
    if (file.bytes.size() < end) file.bytes.resize(end);
    std::memcpy(file.bytes.data() + file.at, from, static_cast<std::size_t>(count));
    file.at += count;
    return count;
}

sf_count_t memory_tell(void* user) { return static_cast<MemoryFile*>(user)->at; }

SF_VIRTUAL_IO memory_io() {
    return {memory_length, memory_seek, memory_read, memory_write, memory_tell};
}

}  // namespace

std::string encode_audio(const Audio& audio, const std::string& ending, double quality) {
    const std::string lower = base::to_lower(ending);
    SF_INFO info{};
    info.samplerate = audio.sample_rate_hz;
    info.channels = audio.channels;
    if (lower == ".wav")
        info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    else if (lower == ".ogg")
        info.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    else
        throw base::Error(
            base::ErrorKind::kInput,
            fmt::format("no such sound format, got \"{}\", expected .wav or .ogg", ending));

    MemoryFile memory;
    SF_VIRTUAL_IO io = memory_io();
    SNDFILE* file = sf_open_virtual(&io, SFM_WRITE, &info, &memory);
    if (!file)
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("cannot encode sound: {}", sf_strerror(nullptr)));
    sf_command(file, SFC_SET_CLIPPING, nullptr, SF_TRUE);
    sf_command(file, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality);
    const auto total = static_cast<sf_count_t>(audio.frames());
    sf_count_t written = 0;
    while (written < total) {
        const sf_count_t wanted = std::min(kFramesPerWrite, total - written);
        if (sf_writef_float(file, audio.samples.data() + written * audio.channels, wanted) !=
            wanted)
            break;
        written += wanted;
    }
    const std::string problem = sf_strerror(file);
    const int close_code = sf_close(file);
    if (written != total || close_code != 0)
        throw base::Error(base::ErrorKind::kInternal,
                          fmt::format("cannot encode sound: {}", problem));
    return std::move(memory.bytes);
}

void write_audio_file(const std::filesystem::path& path, const Audio& audio) {
    base::write_file_atomically(path, encode_audio(audio, path.extension().string()));
}

Audio read_audio_file(const std::filesystem::path& path) {
    SF_INFO info{};
    SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
    if (!file)
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("cannot read the sound: {}", sf_strerror(nullptr)),
                          path.string());
    Audio audio;
    audio.sample_rate_hz = info.samplerate;
    audio.channels = info.channels;
    // The frame count in the header is not trusted: the samples are read until they end.
    std::vector<float> block(static_cast<std::size_t>(kFramesPerWrite * info.channels));
    for (sf_count_t n; (n = sf_readf_float(file, block.data(), kFramesPerWrite)) > 0;)
        audio.samples.insert(audio.samples.end(), block.begin(), block.begin() + n * info.channels);
    sf_close(file);
    return audio;
}

}  // namespace symphony::io
