#include "symphony/corpus/melody_lines.h"

#include "symphony/corpus/atlas/field_bytes.h"

#include <utility>

namespace symphony::corpus {
namespace {

// Steps from one number to the next are small.
class StepWriter {
  public:
    explicit StepWriter(ByteWriter& writer) : writer_(writer) {}
    void write(std::int64_t value) { writer_.write_whole(value - std::exchange(last_, value)); }

  private:
    ByteWriter& writer_;
    std::int64_t last_ = 0;
};

class StepReader {
  public:
    explicit StepReader(ByteReader& reader) : reader_(reader) {}
    std::int64_t read() {
        // Whatever the steps are, the sum wraps around: what uses it checks its range.
        return last_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(last_) +
                                                 static_cast<std::uint64_t>(reader_.read_whole()));
    }
    // A time that is not before the last one.
    score::Ticks read_onset() {
        const std::int64_t before = last_, at = read();
        if (at < before) throw BadRecord("times are not in order");
        return score::Ticks(at);
    }

  private:
    ByteReader& reader_;
    std::int64_t last_ = 0;
};

void write_line(ByteWriter& writer, const Line& line) {
    writer.write_whole(static_cast<std::int64_t>(line.size()));
    StepWriter onsets(writer), pitches(writer);
    for (const LineNote& note : line) {
        onsets.write(note.onset.value);
        pitches.write(note.pitch);
    }
}

Line read_line(ByteReader& reader) {
    Line line(reader.read_size());
    StepReader onsets(reader), pitches(reader);
    for (LineNote& note : line) {
        note.onset = onsets.read_onset();
        const std::int64_t pitch = pitches.read();
        if (pitch < 0 || pitch >= score::kPitches) throw BadRecord("no such pitch");
        note.pitch = static_cast<std::uint8_t>(pitch);
    }
    return line;
}

}  // namespace

MelodyLines melody_lines_of(const score::Score& score) {
    MelodyLines lines{.ticks_per_quarter = score.ticks_per_quarter};
    for (const score::Bar& bar : score::bars_of(score)) lines.bars.push_back(bar.onset);
    const score::Ticks together = togetherness(score);
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const score::Part& part = score.parts[p];
        if (part.is_drums || part.notes.empty()) continue;
        PartLines& here = lines.parts.emplace_back(PartLines{.part = p, .name = part.name});
        here.top = edge_line(part.notes, Edge::kTop, together);
        here.bottom = edge_line(part.notes, Edge::kBottom, together);
        if (here.bottom == here.top) here.bottom.clear();
    }
    return lines;
}

std::string to_bytes(const MelodyLines& lines) {
    ByteWriter writer;
    writer.write(lines.ticks_per_quarter);
    writer.write_whole(static_cast<std::int64_t>(lines.bars.size()));
    StepWriter bars(writer);
    for (const score::Ticks bar : lines.bars) bars.write(bar.value);
    writer.write_whole(static_cast<std::int64_t>(lines.parts.size()));
    for (const PartLines& part : lines.parts) {
        writer.write(part.part);
        writer.write(part.name);
        write_line(writer, part.top);
        write_line(writer, part.bottom);
    }
    return std::move(writer.out);
}

base::Result<MelodyLines> melody_lines_from_bytes(std::string_view bytes) {
    try {
        ByteReader reader(bytes);
        MelodyLines lines;
        reader.read(lines.ticks_per_quarter);
        if (lines.ticks_per_quarter < 1) throw BadRecord("a quarter has no ticks");
        lines.bars.resize(reader.read_size());
        StepReader bars(reader);
        for (score::Ticks& bar : lines.bars) bar = bars.read_onset();
        for (std::size_t n = reader.read_size(); n > 0; --n) {
            PartLines& part = lines.parts.emplace_back();
            reader.read(part.part);
            reader.read(part.name);
            part.top = read_line(reader);
            part.bottom = read_line(reader);
        }
        if (!reader.at_end()) throw BadRecord("bytes are left over");
        return lines;
    } catch (const BadRecord& e) {
        return base::Error(base::ErrorKind::kInput,
                           std::string("not the lines of a piece (") + e.what() + ")");
    }
}

}  // namespace symphony::corpus
