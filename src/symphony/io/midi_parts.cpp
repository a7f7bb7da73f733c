// The end of midi_assembler.h: what channels share across tracks, and which parts a score keeps.
#include "symphony/io/midi_assembler.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace symphony::io {
namespace {

using Address = std::pair<int, int>;  // port, channel

Address address_of(const ChannelPart& channel) { return {channel.port, *channel.part.channel}; }

template <class Event>
void merge(std::vector<Event>& into, std::vector<Event>& from) {
    if (from.empty()) return;
    into.insert(into.begin(), from.begin(), from.end());
    std::stable_sort(into.begin(), into.end(),
                     [](const Event& a, const Event& b) { return a.onset < b.onset; });
    from = {};
}

// The program in force at the first note becomes the part's own, later ones stay changes.
void settle_program(ChannelPart& channel, const score::ProgramChange* of_channel) {
    score::Part& part = channel.part;
    const std::size_t before =
        part.notes.empty() ? part.programs.size() : channel.programs_before_notes;
    const score::ProgramChange* first = nullptr;
    if (before > 0)
        first = &part.programs[before - 1];
    else if (of_channel && !part.notes.empty() && of_channel->onset <= part.notes.front().onset)
        first = of_channel;
    if (first) {
        part.program = first->program;
        part.bank = first->bank;
    }
    part.programs.erase(part.programs.begin(),
                        part.programs.begin() + static_cast<std::ptrdiff_t>(before));
}

}  // namespace

void place_parts(std::vector<ChannelPart> channels, score::Score& score, DiagnosticLog& log) {
    std::map<Address, std::size_t> first_sounding;
    std::map<Address, score::ProgramChange> first_program;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const Address address = address_of(channels[i]);
        if (!channels[i].part.notes.empty()) first_sounding.try_emplace(address, i);
        if (channels[i].part.programs.empty()) continue;
        const score::ProgramChange& program = channels[i].part.programs.front();
        const auto [known, is_new] = first_program.try_emplace(address, program);
        if (!is_new && program.onset < known->second.onset) known->second = program;
    }
    std::uint64_t left_out = 0;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        ChannelPart& silent = channels[i];
        if (!silent.part.notes.empty()) continue;
        const auto sounding = first_sounding.find(address_of(silent));
        if (sounding != first_sounding.end()) {
            score::Part& into = channels[sounding->second].part;
            merge(into.controls, silent.part.controls);
            merge(into.bends, silent.part.bends);
        }
    }
    for (ChannelPart& channel : channels) {
        const Address address = address_of(channel);
        score::Part& part = channel.part;
        const bool is_kept = !part.notes.empty() || (!part.name.empty() && !part.programs.empty() &&
                                                     !first_sounding.contains(address));
        if (!is_kept) {
            if (!first_sounding.contains(address)) ++left_out;
            continue;
        }
        const auto program = first_program.find(address);
        settle_program(channel, program == first_program.end() ? nullptr : &program->second);
        score.parts.push_back(std::move(part));
    }
    if (left_out > 0) log.add(MidiTrouble::kSilentPartLeftOut, 0, -1, {}, left_out);
}

}  // namespace symphony::io
