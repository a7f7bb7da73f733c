#include "symphony/tokens/pretrained/aria_events.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace symphony::tokens::aria {
namespace {

using score::MessageKind;
using score::MidiMessage;

constexpr int kDefaultTempo = 500'000;  // microseconds per quarter
constexpr int kSustain = 64, kPedalDown = 64;

struct Family {
    const char* name;
    int instrument;  // -1: none
};
// The sixteen families of General MIDI, eight programs each.
constexpr std::array<Family, 16> kFamilies{{{"piano", 0},
                                            {"chromatic", -1},
                                            {"organ", 1},
                                            {"guitar", 2},
                                            {"bass", 3},
                                            {"strings", 4},
                                            {"ensemble", 5},
                                            {"brass", 6},
                                            {"reed", 7},
                                            {"pipe", 8},
                                            {"synth_lead", 9},
                                            {"synth_pad", -1},
                                            {"synth_effect", -1},
                                            {"ethnic", -1},
                                            {"percussive", -1},
                                            {"sfx", -1}}};
constexpr int kProgramsInFamily = 8;

const Family& family_of(int program) {
    return kFamilies[static_cast<std::size_t>(program / kProgramsInFamily)];
}

struct RawNote {
    std::int64_t onset = 0, end = 0;  // ticks
    int channel = 0, pitch = 0, velocity = 0;
    TokenSource source;
};

struct Tempo {
    std::int64_t at = 0;
    int microseconds = kDefaultTempo;
};

class Clock {
  public:
    Clock(std::vector<Tempo> tempos, int ticks_per_quarter, Timing timing)
        : tempos_(std::move(tempos)), ticks_per_quarter_(ticks_per_quarter), timing_(timing) {
        std::stable_sort(tempos_.begin(), tempos_.end(),
                         [](const Tempo& a, const Tempo& b) { return a.at < b.at; });
        if (tempos_.empty() || (timing == Timing::kTrue && tempos_.front().at > 0))
            tempos_.insert(tempos_.begin(), Tempo{});
    }

    // Milliseconds between two ticks, from <= to.
    std::int64_t between(std::int64_t from, std::int64_t to) const {
        std::size_t i = first_segment(from);
        double seconds = 0;
        std::int64_t at = from;
        for (; i + 1 < tempos_.size(); ++i) {
            const std::int64_t next = tempos_[i + 1].at;
            const std::int64_t until = to < next ? to : next;
            seconds += seconds_of(until - at, tempos_[i]);
            if (to < next) break;
            at = next;
        }
        if (to > tempos_.back().at) seconds += seconds_of(to - at, tempos_.back());
        return static_cast<std::int64_t>(std::nearbyint(seconds * 1e3));
    }

  private:
    // The tempo in force just before `from`; the published search stops one short of the last.
    std::size_t first_segment(std::int64_t from) const {
        std::size_t i = 0;
        while (i + 1 < tempos_.size() && from > tempos_[i].at) ++i;
        if (timing_ == Timing::kTrue && from > tempos_[i].at) return i;
        return i > 0 ? i - 1 : 0;
    }

    double seconds_of(std::int64_t ticks, const Tempo& tempo) const {
        return static_cast<double>(ticks) * (tempo.microseconds * 1e-6 / ticks_per_quarter_);
    }

    std::vector<Tempo> tempos_;
    int ticks_per_quarter_;
    Timing timing_;
};

struct Pedal {
    std::int64_t at = 0;
    int channel = 0;
    bool down = false;
};

// What the messages say, tracks one after the other.
struct Contents {
    std::vector<RawNote> notes;
    std::vector<Pedal> pedals;
    std::vector<Tempo> tempos;
    std::map<int, int> program;  // of a channel: the last one
    std::set<int> refused;       // channels that are ever given an instrument of no use
    std::int64_t struck = 0;
};

// A note end ends every note of its pitch and channel that was not struck at the same tick; those
// go on, or vanish if they are all there is.
void end_notes(std::map<std::pair<int, int>, std::vector<MidiMessage>>& open,
               const MidiMessage& message, std::vector<RawNote>& notes) {
    const auto found = open.find({message.a, message.channel});
    if (found == open.end()) return;
    std::vector<MidiMessage> kept;
    bool any_closed = false;
    for (const MidiMessage& strike : found->second) {
        if (strike.at == message.at) {
            kept.push_back(strike);
            continue;
        }
        any_closed = true;
        notes.push_back({strike.at.value,
                         message.at.value,
                         strike.channel,
                         strike.a,
                         strike.b,
                         {strike.part, strike.note}});
    }
    if (any_closed && !kept.empty())
        found->second = std::move(kept);
    else
        open.erase(found);
}

Contents contents_of(const score::MidiMessages& messages) {
    Contents contents;
    struct Program {
        std::int64_t at;
        int channel, program;
    };
    std::vector<Program> programs;
    for (const score::MidiTrack& track : messages.tracks) {
        std::map<std::pair<int, int>, std::vector<MidiMessage>> open;  // pitch, channel
        for (const MidiMessage& message : track.messages) {
            switch (message.kind) {
                case MessageKind::kNoteOn:
                    ++contents.struck;
                    open[{message.a, message.channel}].push_back(message);
                    break;
                case MessageKind::kNoteOff:
                    end_notes(open, message, contents.notes);
                    break;
                case MessageKind::kControl:
                    if (message.a == kSustain)
                        contents.pedals.push_back(
                            {message.at.value, message.channel, message.b >= kPedalDown});
                    break;
                case MessageKind::kProgram:
                    programs.push_back({message.at.value, message.channel, message.a});
                    break;
                case MessageKind::kTempo:
                    contents.tempos.push_back({message.at.value, message.a});
                    break;
                default:
                    break;
            }
        }
    }
    const auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
    std::stable_sort(programs.begin(), programs.end(), by_time);
    std::stable_sort(contents.pedals.begin(), contents.pedals.end(), by_time);
    std::stable_sort(contents.notes.begin(), contents.notes.end(),
                     [](const RawNote& a, const RawNote& b) { return a.onset < b.onset; });
    for (const Program& change : programs) {
        contents.program[change.channel] = change.program;
        if (family_of(change.program).instrument < 0 && change.channel != score::kMidiDrumChannel)
            contents.refused.insert(change.channel);
    }
    return contents;
}

// Notes that end strictly inside a stretch of pedal sound to its end.
void hold_by_pedal(Contents& contents) {
    std::map<int, std::vector<std::pair<std::int64_t, std::int64_t>>> held;  // by channel
    std::map<int, std::int64_t> down;
    for (const Pedal& pedal : contents.pedals) {
        const auto since = down.find(pedal.channel);
        if (pedal.down) {
            down.try_emplace(pedal.channel, pedal.at);
        } else if (since != down.end()) {
            held[pedal.channel].push_back({since->second, pedal.at});
            down.erase(since);
        }
    }
    for (const auto& [channel, since] : down) {
        std::int64_t last = since;
        for (const RawNote& note : contents.notes)
            if (note.channel == channel) last = std::max(last, note.end);
        held[channel].push_back({since, last});
    }
    for (RawNote& note : contents.notes) {
        const auto found = held.find(note.channel);
        if (found == held.end()) continue;
        // The stretches follow each other: the last one that begins before the note's end.
        const auto after = std::lower_bound(
            found->second.begin(), found->second.end(), note.end,
            [](const auto& stretch, std::int64_t end) { return stretch.first < end; });
        if (after != found->second.begin() && note.end < (after - 1)->second)
            note.end = (after - 1)->second;
    }
}

// The nearest of 0, 10, ..., 10 * last.
int nearest(std::int64_t value, int last) {
    int low = 0, high = last, best = 0;
    std::int64_t best_distance = std::numeric_limits<std::int64_t>::max();
    while (low <= high) {
        const int middle = (low + high) / 2;
        const std::int64_t here = std::int64_t{middle} * kStep;
        const std::int64_t distance = std::abs(here - value);
        if (distance < best_distance) {
            best_distance = distance;
            best = middle;
        }
        if (here == value) break;
        if (here < value)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return best * kStep;
}

}  // namespace

const char* instrument_name(int instrument) {
    for (const Family& family : kFamilies)
        if (family.instrument == instrument) return family.name;
    return "drum";
}

int first_program(int instrument) {
    for (std::size_t f = 0; f < kFamilies.size(); ++f)
        if (kFamilies[f].instrument == instrument) return static_cast<int>(f) * kProgramsInFamily;
    return 0;
}

Notes notes_of(const score::MidiMessages& messages, Timing timing) {
    Contents contents = contents_of(messages);
    Notes result;
    result.source_notes = contents.struck;
    std::erase_if(contents.notes, [&](const RawNote& note) {
        const bool refused = contents.refused.contains(note.channel);
        result.left_out += refused;
        return refused;
    });
    hold_by_pedal(contents);
    const Clock clock(std::move(contents.tempos), messages.ticks_per_quarter, timing);
    for (const RawNote& raw : contents.notes) {
        Note note{.onset_ms = clock.between(contents.notes.front().onset, raw.onset),
                  .duration_ms = clock.between(raw.onset, raw.end),
                  .instrument = kDrumInstrument,
                  .pitch = raw.pitch,
                  .velocity = raw.velocity,
                  .source = raw.source};
        if (raw.channel != score::kMidiDrumChannel) {
            const auto program = contents.program.find(raw.channel);
            note.instrument =
                family_of(program == contents.program.end() ? 0 : program->second).instrument;
        } else if (raw.pitch < kLowestDrum || raw.pitch > kHighestDrum) {
            ++result.drums_left_out;
            continue;
        }
        result.list.push_back(note);
    }
    return result;
}

int velocity_bin(int velocity) { return std::max(kStep, nearest(velocity, 12)); }

int duration_bin(std::int64_t milliseconds) {
    return std::max(kStep, nearest(milliseconds, kLongestDuration / kStep));
}

int onset_bin(std::int64_t milliseconds) { return nearest(milliseconds, kSegment / kStep - 1); }

}  // namespace symphony::tokens::aria
