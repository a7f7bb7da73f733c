#include "symphony/corpus/copying/copy_index.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/corpus/copying/sequence_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>

namespace symphony::corpus {
namespace {

constexpr std::uint32_t kEndOfLine = 0;  // a symbol that stands between lines

// The step from a note to the next one, as a number that is the same for steps that are the same in
// this sense. n notes have n - 1 steps, so that the first note's own past does not matter.
std::uint64_t step_key(CopySense sense, const LineNote& from, const LineNote& to) {
    const auto time = static_cast<std::uint64_t>((to.onset - from.onset).value);
    const auto pitches = std::uint64_t{from.pitch} << 7 | to.pitch;
    const auto interval =
        static_cast<std::uint64_t>(score::kPitches + int{to.pitch} - int{from.pitch});
    switch (sense) {
        case CopySense::kExact:
            return time << 14 | pitches;
        case CopySense::kTransposed:
            return time << 14 | interval;
        case CopySense::kPitches:
            return pitches;
        case CopySense::kTransposedPitches:
            return interval;
    }
    return 0;
}

// Steps as symbols 1, 2, ... in the order of their first coming.
class StepNames {
  public:
    std::uint32_t name(std::uint64_t key) {
        return names_.try_emplace(key, static_cast<std::uint32_t>(names_.size() + 1)).first->second;
    }
    std::uint32_t known(std::uint64_t key) const {
        const auto found = names_.find(key);
        return found == names_.end() ? kForeignSymbol : found->second;
    }
    std::uint32_t alphabet() const { return static_cast<std::uint32_t>(names_.size() + 1); }

  private:
    std::unordered_map<std::uint64_t, std::uint32_t> names_;
};

struct SenseIndex {
    StepNames names;
    std::optional<SequenceIndex> sequence;

    std::vector<std::uint32_t> steps(CopySense sense, std::span<const LineNote> notes) const {
        std::vector<std::uint32_t> symbols;
        for (std::size_t i = 0; i + 1 < notes.size(); ++i)
            symbols.push_back(names.known(step_key(sense, notes[i], notes[i + 1])));
        return symbols;
    }
};

// A line's place in the texts: its n notes take n symbols, the last of which ends it.
struct LinePlace {
    std::size_t begin = 0;
    std::size_t piece = 0, line = 0;
};

}  // namespace

struct CopyIndex::Data {
    std::vector<CopySource> sources;
    std::vector<LinePlace> places;  // by begin
    std::size_t symbols = 0;
    std::array<SenseIndex, kCopySenses> senses;

    const SenseIndex& sense(CopySense which) const {
        return senses[static_cast<std::size_t>(which)];
    }
    void index(CopySense which) {
        SenseIndex& made = senses[static_cast<std::size_t>(which)];
        std::vector<std::uint32_t> text;
        text.reserve(symbols);
        for (const LinePlace& place : places) {
            const Line& notes = sources[place.piece].lines.lines[place.line].notes;
            for (std::size_t i = 0; i + 1 < notes.size(); ++i)
                text.push_back(made.names.name(step_key(which, notes[i], notes[i + 1])));
            text.push_back(kEndOfLine);
        }
        const std::uint32_t alphabet = made.names.alphabet();
        made.sequence.emplace(std::move(text), alphabet);
    }
};

std::string_view copy_sense_name(CopySense sense) {
    switch (sense) {
        case CopySense::kExact:
            return "exact";
        case CopySense::kTransposed:
            return "transposed";
        case CopySense::kPitches:
            return "exact-pitches";
        case CopySense::kTransposedPitches:
            return "transposed-pitches";
    }
    return "";
}

CopyIndex::CopyIndex(std::vector<CopySource> sources, const std::vector<CopySense>& senses,
                     int threads, base::Progress& progress) {
    auto data = std::make_unique<Data>();
    data->sources = std::move(sources);
    for (std::size_t p = 0; p < data->sources.size(); ++p)
        for (std::size_t l = 0; l < data->sources[p].lines.lines.size(); ++l) {
            data->places.push_back({data->symbols, p, l});
            data->symbols += data->sources[p].lines.lines[l].notes.size();
        }
    if (data->symbols > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        throw base::Error(
            base::ErrorKind::kInput,
            fmt::format("too much music to look for copies in, got {} notes in lines, "
                        "expected less than 2^31",
                        data->symbols));
    base::parallel_stage(progress, "index", senses.size(), threads,
                         [&](std::size_t i) { data->index(senses[i]); });
    data_ = std::move(data);
}

CopyIndex::~CopyIndex() = default;
CopyIndex::CopyIndex(CopyIndex&&) noexcept = default;
CopyIndex& CopyIndex::operator=(CopyIndex&&) noexcept = default;

std::vector<std::vector<std::uint32_t>> CopyIndex::longest(const NoteLines& piece,
                                                           CopySense sense) const {
    const SenseIndex& index = data_->sense(sense);
    std::vector<std::vector<std::uint32_t>> all;
    for (const NoteLine& line : piece.lines) {
        const std::vector<std::uint32_t> steps = index.steps(sense, line.notes);
        std::vector<std::uint32_t>& lengths = all.emplace_back(line.notes.size(), 1);
        for (std::size_t i = 0; i < steps.size(); ++i)
            lengths[i] += static_cast<std::uint32_t>(
                index.sequence->longest_prefix(std::span(steps).subspan(i)));
    }
    return all;
}

bool CopyIndex::contains(const NoteLines& piece, const CopyMatch& stretch, CopySense sense) const {
    const SenseIndex& index = data_->sense(sense);
    const auto notes =
        std::span(piece.lines[stretch.line].notes).subspan(stretch.first, stretch.notes);
    return index.sequence->contains(index.steps(sense, notes));
}

CopyOrigin CopyIndex::origin(const NoteLines& piece, const CopyMatch& match,
                             CopySense sense) const {
    const SenseIndex& index = data_->sense(sense);
    const auto notes = std::span(piece.lines[match.line].notes).subspan(match.first, match.notes);
    const auto found = index.sequence->places(index.steps(sense, notes));
    const auto next =
        std::upper_bound(data_->places.begin(), data_->places.end(), found.first,
                         [](std::size_t at, const LinePlace& place) { return at < place.begin; });
    const LinePlace& place = *(next - 1);
    const NoteLine& line = data_->sources[place.piece].lines.lines[place.line];
    const std::size_t first = found.first - place.begin;
    return {.piece = place.piece,
            .part = line.part,
            .begin = line.notes[first].onset,
            .end = line.notes[first + match.notes - 1].onset,
            .transposition = int{notes.front().pitch} - int{line.notes[first].pitch},
            .places = found.count};
}

const std::string& CopyIndex::piece_id(std::size_t piece) const { return data_->sources[piece].id; }
const NoteLines& CopyIndex::piece_lines(std::size_t piece) const {
    return data_->sources[piece].lines;
}
std::size_t CopyIndex::pieces() const { return data_->sources.size(); }
std::size_t CopyIndex::notes() const {
    std::size_t sum = 0;
    for (const CopySource& source : data_->sources) sum += source.lines.notes;
    return sum;
}

std::vector<CopySource> copy_sources(const Dataset& dataset, Split split,
                                     const tokens::Tokenizer& tokenizer, int threads,
                                     base::Progress& progress) {
    const std::vector<int> pieces = dataset.pieces_of(split);
    std::vector<CopySource> sources(pieces.size());
    base::parallel_stage(
        progress, fmt::format("read {} pieces", split_name(split)), pieces.size(), threads,
        [&](std::size_t i) {
            const PieceInfo& info = dataset.pieces()[static_cast<std::size_t>(pieces[i])];
            if (info.sequences.empty()) return;
            const auto sequence = static_cast<std::size_t>(info.sequences.front());
            const auto ids = dataset.ids(split, dataset.sequences(split)[sequence]);
            sources[i] = {info.id, note_lines_of(as_held(tokenizer, std::vector<tokens::TokenId>(
                                                                        ids.begin(), ids.end())))};
        });
    std::erase_if(sources, [](const CopySource& source) { return source.lines.notes == 0; });
    return sources;
}

}  // namespace symphony::corpus
