// Fingerprints as a file. Whatever bytes it holds, what is read from it is in order, or refused.
#include "symphony/base/file.h"
#include "symphony/base/sha256.h"
#include "symphony/base/text.h"
#include "symphony/corpus/atlas/field_bytes.h"
#include "symphony/corpus/copying/copy_prints.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace symphony::corpus {
namespace {

constexpr std::string_view kHead = "symphony-prints\n";
constexpr std::int64_t kVersion = 1;
constexpr std::size_t kHexDigits = 64;  // of the SHA-256 at the end
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
constexpr std::size_t kMostBars = std::size_t{1} << 24;  // of all pieces
constexpr std::int64_t kMostSteps = 64, kMostStepsPerQuarter = 10000;
constexpr std::int64_t kMost32 = std::numeric_limits<std::uint32_t>::max();

void require(bool is_so, const char* what) {
    if (!is_so) throw BadRecord(what);
}

std::int64_t whole_between(ByteReader& in, std::int64_t low, std::int64_t high, const char* what) {
    const std::int64_t value = in.read_whole();
    require(value >= low && value <= high, what);
    return value;
}

// Bars of one length in a row, as a count and the length.
void write_bars(ByteWriter& out, const std::vector<std::uint32_t>& bars) {
    std::vector<std::pair<std::size_t, std::uint32_t>> alike;
    for (std::size_t bar = 0; bar + 1 < bars.size(); ++bar) {
        const std::uint32_t length = bars[bar + 1] - bars[bar];
        if (alike.empty() || alike.back().second != length) alike.emplace_back(0, length);
        ++alike.back().first;
    }
    out.write(alike.size());
    for (const auto& [count, length] : alike) {
        out.write(count);
        out.write(length);
    }
}

// At most so many bars, and steps in them.
std::vector<std::uint32_t> read_bars(ByteReader& in, std::size_t most_bars,
                                     std::int64_t most_steps) {
    std::vector<std::uint32_t> bars{0};
    for (std::size_t left = in.read_size(); left > 0; --left) {
        const auto bars_left = static_cast<std::int64_t>(most_bars - (bars.size() - 1));
        const std::int64_t count = whole_between(in, 1, bars_left, "no such number of bars");
        const std::int64_t length =
            whole_between(in, 1, (most_steps - bars.back()) / count, "no such length of a bar");
        for (std::int64_t bar = 0; bar < count; ++bar)
            bars.push_back(bars.back() + static_cast<std::uint32_t>(length));
    }
    require(bars.size() > 1, "a piece without bars");
    return bars;
}

}  // namespace

std::string CopyPrints::to_bytes() const {
    ByteWriter out;
    out.out = kHead;
    out.write_whole(kVersion);
    out.write(shape_.steps);
    out.write(shape_.window);
    out.write(steps_per_quarter_);
    out.write(data_sha256_);
    out.write(pieces_.size());
    for (const PrintedPiece& piece : pieces_) {
        out.write(piece.id);
        write_bars(out, piece.bars);
    }
    out.write(hashes_.size());
    std::int64_t before = -1;
    for (std::size_t h = 0; h < hashes_.size(); ++h) {
        const std::int64_t step = hashes_[h] - before;
        before = hashes_[h];
        const std::size_t begin = begins_[h], end = begins_[h + 1];
        // Most hashes have one place: the sign says whether there are more.
        out.write_whole(end - begin == 1 ? step : -step);
        if (end - begin > 1) out.write(end - begin);
        for (std::size_t p = begin; p < end; ++p)
            out.write(p == begin ? places_[p] : places_[p] - places_[p - 1]);
    }
    return out.out + base::sha256_hex(out.out);
}

base::Result<CopyPrints> CopyPrints::from_bytes(std::string_view bytes) {
    const auto refuse = [](const std::string& what) {
        return base::Error(base::ErrorKind::kModel, what, {},
                           "make them again: symphony copying DATA --index FILE");
    };
    if (!bytes.starts_with(kHead)) return refuse("no fingerprints of Symphony");
    if (bytes.size() < kHead.size() + kHexDigits)
        return refuse(fmt::format("damaged fingerprints: {} bytes", bytes.size()));
    const std::string_view body = bytes.substr(0, bytes.size() - kHexDigits);
    if (base::sha256_hex(body) != bytes.substr(body.size()))
        return refuse("damaged fingerprints: their checksum is another one");
    try {
        ByteReader in(body.substr(kHead.size()));
        CopyPrints prints;
        const std::int64_t version = in.read_whole();
        if (version != kVersion)
            return refuse(
                fmt::format("fingerprints of version {}, expected {}", version, kVersion));
        prints.shape_.steps =
            static_cast<std::size_t>(whole_between(in, 1, kMostSteps, "steps of a fingerprint"));
        prints.shape_.window = static_cast<std::size_t>(
            whole_between(in, 1, static_cast<std::int64_t>(prints.shape_.steps), "a window"));
        prints.steps_per_quarter_ =
            static_cast<int>(whole_between(in, 1, kMostStepsPerQuarter, "a grid"));
        in.read(prints.data_sha256_);
        require(prints.data_sha256_.size() == kHexDigits && base::is_utf8(prints.data_sha256_),
                "the hash of the data");
        std::size_t bars_left = kMostBars;
        std::int64_t end = 0;  // of all places
        for (std::size_t left = in.read_size(); left > 0; --left) {
            PrintedPiece& piece = prints.pieces_.emplace_back();
            in.read(piece.id);
            require(base::is_utf8(piece.id), "a piece's name is no text");
            piece.bars = read_bars(in, bars_left, kMost32 - end);
            bars_left -= piece.bars.size() - 1;
            end += piece.bars.back();
        }
        prints.number_places();
        std::int64_t hash = -1;
        for (std::size_t left = in.read_size(); left > 0; --left) {
            const std::int64_t step = whole_between(in, -kMost32 - 1, kMost32 + 1, "a hash");
            require(step != 0, "hashes are not in order");
            hash += step < 0 ? -step : step;
            require(hash <= kMost32, "a hash of more than 32 bits");
            prints.hashes_.push_back(static_cast<std::uint32_t>(hash));
            prints.begins_.push_back(static_cast<std::uint32_t>(prints.places_.size()));
            const std::size_t count = step < 0 ? in.read_size() : 1;
            require(count > 0, "a hash without a place");
            std::int64_t place = whole_between(in, 0, end - 1, "a place beyond the last piece");
            for (std::size_t p = 0; p < count; ++p) {
                if (p > 0) place += whole_between(in, 1, end, "places are not in order");
                require(place < end, "a place beyond the last piece");
                prints.places_.push_back(static_cast<std::uint32_t>(place));
            }
        }
        prints.begins_.push_back(static_cast<std::uint32_t>(prints.places_.size()));
        require(in.at_end(), "more bytes than told");
        return prints;
    } catch (const BadRecord& bad) {
        return refuse(std::string("damaged fingerprints: ") + bad.what());
    }
}

base::Result<CopyPrints> read_copy_prints(const std::filesystem::path& path) {
    const auto bytes = base::read_file(path, kMostBytes);
    if (!bytes.ok()) return bytes.error();
    auto prints = CopyPrints::from_bytes(bytes.value());
    if (prints.ok()) return prints;
    base::Error error = prints.error();
    error.path = path.string();
    return error;
}

}  // namespace symphony::corpus
