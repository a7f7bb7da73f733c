// Every number is held against bounds wider than any real tokenizer's before anything is made of
// it.
#include "symphony/tokens/miditok/config_json.h"

#include "symphony/base/error.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace symphony::tokens::miditok {
namespace {

using base::Json;

constexpr int kMostBeats = 4096;
constexpr int kMostResolution = 960;
constexpr std::size_t kMostTimes = 1 << 15;  // durations or rests
constexpr int kMostNumerator = 255, kMostDenominator = 128;
constexpr std::size_t kMostChords = 1000, kMostChordNotes = 16, kMostSpecial = 1000;
constexpr std::size_t kMostName = 200;
constexpr int kMostTempos = 10'000, kMostBends = 16'384, kMostBars = 100'000;

class Reader {
  public:
    Reader(const Json& json, std::string path, const char* place)
        : json_(json), path_(std::move(path)), place_(place) {
        if (!json.is_object()) fail("it is no object");
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw base::Error(base::ErrorKind::kModel,
                          std::string("MidiTok tokenizer.json is damaged: ") + place_ + ": " + what,
                          path_);
    }

    // Null where the key is absent.
    const Json* find(const char* key) const {
        const auto found = json_.find(key);
        return found == json_.end() || found->is_null() ? nullptr : &*found;
    }

    void get(const char* key, bool& value) const {
        if (const Json* json = find(key)) {
            if (!json->is_boolean()) fail(std::string(key) + " is neither true nor false");
            value = json->get<bool>();
        }
    }

    int integer(const Json& json, const char* key, int lowest, int highest) const {
        if (json.is_number_integer()) {
            const bool big = json.is_number_unsigned() && json.get<std::uint64_t>() > INT32_MAX;
            const std::int64_t value = big ? INT64_MAX : json.get<std::int64_t>();
            if (lowest <= value && value <= highest) return static_cast<int>(value);
        }
        fail(std::string(key) + " is " + json.dump().substr(0, 40) + ", expected " +
             std::to_string(lowest) + " to " + std::to_string(highest));
    }

    void get(const char* key, int& value, int lowest, int highest) const {
        if (const Json* json = find(key)) value = integer(*json, key, lowest, highest);
    }

    double number(const Json& json, const char* key, double lowest, double highest) const {
        if (json.is_number()) {
            const double value = json.get<double>();
            if (lowest <= value && value <= highest) return value;
        }
        fail(std::string(key) + " is out of range");
    }

    void get(const char* key, double& value, double lowest, double highest) const {
        if (const Json* json = find(key)) value = number(*json, key, lowest, highest);
    }

    const Json* list(const char* key, std::size_t least, std::size_t most) const {
        const Json* json = find(key);
        if (json && (!json->is_array() || json->size() < least || json->size() > most))
            fail(std::string(key) + " is no list of " + std::to_string(least) + " to " +
                 std::to_string(most));
        return json;
    }

    void get(const char* key, std::pair<int, int>& pair, int lowest, int highest) const {
        if (const Json* json = list(key, 2, 2)) {
            pair = {integer((*json)[0], key, lowest, highest),
                    integer((*json)[1], key, lowest, highest)};
            if (pair.first >= pair.second) fail(std::string(key) + " is empty");
        }
    }

    void get_programs(const char* key, std::vector<int>& programs) const {
        const Json* json = list(key, 0, 1000);
        if (!json) return;
        std::vector<int> given;
        for (const Json& item : *json) given.push_back(integer(item, key, kDrumProgram, 127));
        programs = python_set_order(given);
    }

    std::string text(const Json& json, const char* key) const {
        if (!json.is_string() || json.get_ref<const std::string&>().size() > kMostName)
            fail(std::string(key) + " is no short text");
        return json.get<std::string>();
    }

    const Json* object(const char* key, std::size_t most) const {
        const Json* json = find(key);
        if (json && (!json->is_object() || json->empty() || json->size() > most))
            fail(std::string(key) + " is no object of 1 to " + std::to_string(most));
        return json;
    }

    // {"0_4": 8, "4_12": 4}
    void get_beat_ranges(const char* key, std::vector<BeatRange>& ranges) const {
        const Json* json = object(key, 100);
        if (!json) return;
        ranges.clear();
        std::size_t times = 0;
        int before = 0;
        for (const auto& [name, value] : json->items()) {
            BeatRange range;
            const std::size_t bar = name.find('_');
            if (bar == std::string::npos || !whole(name.substr(0, bar), range.first) ||
                !whole(name.substr(bar + 1), range.last) || range.first < before ||
                range.first >= range.last || range.last > kMostBeats)
                fail(std::string(key) + " has the range '" + name.substr(0, 40) +
                     "', expected beats in rising order");
            range.resolution = integer(value, key, 1, kMostResolution);
            times += static_cast<std::size_t>(range.last - range.first) *
                     static_cast<std::size_t>(range.resolution);
            if (times > kMostTimes) fail(std::string(key) + " has too many steps");
            before = range.last;
            ranges.push_back(range);
        }
    }

    // {"8": [3, 12, 6], "4": [1, 2]}
    void get_meters(const char* key, std::vector<std::pair<int, std::vector<int>>>& meters) const {
        const Json* json = object(key, 8);
        if (!json) return;
        meters.clear();
        for (const auto& [name, value] : json->items()) {
            int denominator = 0;
            if (!whole(name, denominator) || denominator < 1 || denominator > kMostDenominator ||
                !std::has_single_bit(static_cast<unsigned>(denominator)))
                fail(std::string(key) + ": the denominator '" + name.substr(0, 40) +
                     "' is no power of two up to 128");
            if (!value.is_array() || value.empty() || value.size() > kMostNumerator)
                fail(std::string(key) + ": no list of numerators");
            std::vector<int> numerators;
            for (const Json& item : value)
                numerators.push_back(integer(item, key, 1, kMostNumerator));
            meters.emplace_back(denominator, std::move(numerators));
        }
    }

    void get_chords(const char* key,
                    std::vector<std::pair<std::string, std::vector<int>>>& maps) const {
        const Json* json = object(key, kMostChords);
        if (!json) return;
        maps.clear();
        for (const auto& [name, value] : json->items()) {
            if (name.size() > kMostName || !value.is_array() || value.size() > kMostChordNotes)
                fail(std::string(key) + ": a chord is no list of intervals");
            std::vector<int> intervals;
            for (const Json& item : value) intervals.push_back(integer(item, key, -127, 127));
            maps.emplace_back(name, std::move(intervals));
        }
    }

    void get_special(const char* key, std::vector<std::string>& tokens) const {
        const Json* json = list(key, 0, kMostSpecial);
        if (!json) return;
        tokens.clear();
        for (const Json& item : *json) {
            std::string token = text(item, key);
            // One underscore, before the value: as MidiTok mends it.
            const std::size_t last = token.rfind('_');
            if (last == std::string::npos)
                token += "_None";
            else
                std::replace(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(last), '_',
                             '-');
            if (std::find(tokens.begin(), tokens.end(), token) == tokens.end())
                tokens.push_back(std::move(token));
        }
    }

  private:
    static bool whole(const std::string& text, int& value) {
        const char* end = text.data() + text.size();
        const auto [at, error] = std::from_chars(text.data(), end, value);
        return error == std::errc() && at == end && value >= 0;
    }

    const Json& json_;
    std::string path_;
    const char* place_;
};

void read_additional(const Reader& config, const Json& json, const std::string& path, Config& c) {
    const Reader reader(json, path, "additional_params");
    if (reader.find("max_bar_embedding")) {
        int bars = 0;
        reader.get("max_bar_embedding", bars, 1, kMostBars);
        c.max_bar_embedding = bars;
    }
    reader.get("use_bar_end_tokens", c.use_bar_end_tokens);
    reader.get("add_trailing_bars", c.add_trailing_bars);
    if (c.scheme == Scheme::kMmm) {
        const Json* base = reader.find("base_tokenizer");
        if (!base) config.fail("MMM needs additional_params.base_tokenizer");
        const auto scheme = scheme_of_class(reader.text(*base, "base_tokenizer"));
        if (scheme != Scheme::kRemi && scheme != Scheme::kTsd && scheme != Scheme::kMidiLike)
            config.fail("the base_tokenizer of MMM is not TSD, REMI or MIDILike");
        c.base_scheme = *scheme;
    }
    if (c.scheme == Scheme::kPerTok) {
        for (const char* key : {"ticks_per_quarter", "use_microtiming", "max_microtiming_shift"})
            if (!reader.find(key))
                config.fail(std::string("PerTok needs additional_params.") + key);
        reader.get("ticks_per_quarter", c.pertok_ticks_per_quarter, 1, 32'767);
        reader.get("use_microtiming", c.use_microtiming);
        reader.get("max_microtiming_shift", c.max_microtiming_shift, 0, 16);
        if (c.use_microtiming && !reader.find("num_microtiming_bins"))
            config.fail("PerTok needs additional_params.num_microtiming_bins");
        reader.get("num_microtiming_bins", c.num_microtiming_bins, 1, 1 << 14);
        reader.get("use_position_toks", c.use_position_toks);
    }
}

}  // namespace

Config config_from_json(const Json& json, const std::string& path) {
    const Reader top(json, path, "the file");
    const Json* tokenization = top.find("tokenization");
    if (!tokenization) top.fail("it does not say its tokenization");
    const auto scheme = scheme_of_class(top.text(*tokenization, "tokenization"));
    if (!scheme)
        throw base::Error(base::ErrorKind::kModel,
                          "tokenizer.json has the tokenization '" +
                              top.text(*tokenization, "tokenization") +
                              "' of MidiTok, expected REMI, TSD, MIDILike, Structured, CPWord, "
                              "Octuple, MuMIDI, MMM or PerTok",
                          path);
    const Json* config = top.find("config");
    if (!config) top.fail("it has no config");
    const Reader r(*config, path, "config");
    // What the file leaves out is as in MidiTok's own default.
    Config c;
    Config standard = default_config(*scheme);
    c.scheme = *scheme;
    c.chord_maps = standard.chord_maps;
    c.programs = c.use_note_duration_programs = standard.programs;
    c.time_signature_range = {{8, {3, 12, 6}}, {4, {5, 6, 3, 2, 1, 4}}};
    r.get("pitch_range", c.pitch_range, 0, 127);
    r.get("drums_pitch_range", c.drums_pitch_range, 0, 127);
    r.get_beat_ranges("beat_res", c.beat_res);
    r.get_beat_ranges("beat_res_rest", c.beat_res_rest);
    r.get("num_velocities", c.num_velocities, 1, 127);
    r.get_special("special_tokens", c.special_tokens);
    if (const Json* split = r.find("encode_ids_split")) {
        c.encode_ids_split = r.text(*split, "encode_ids_split");
        if (c.encode_ids_split != "bar" && c.encode_ids_split != "beat" &&
            c.encode_ids_split != "no")
            r.fail("encode_ids_split is not bar, beat or no");
    }
    r.get("use_velocities", c.use_velocities);
    r.get("use_chords", c.use_chords);
    r.get("use_rests", c.use_rests);
    r.get("use_tempos", c.use_tempos);
    r.get("use_time_signatures", c.use_time_signatures);
    r.get("use_sustain_pedals", c.use_sustain_pedals);
    r.get("use_pitch_bends", c.use_pitch_bends);
    r.get("use_programs", c.use_programs);
    r.get("use_pitch_intervals", c.use_pitch_intervals);
    r.get("use_pitchdrum_tokens", c.use_pitchdrum_tokens);
    r.get_programs("use_note_duration_programs", c.use_note_duration_programs);
    r.get_programs("programs", c.programs);
    r.get("default_note_duration", c.default_note_duration, 1e-3, kMostBeats);
    r.get_chords("chord_maps", c.chord_maps);
    r.get("chord_tokens_with_root_note", c.chord_tokens_with_root_note);
    if (r.find("chord_unknown")) {
        std::pair<int, int> range;
        r.get("chord_unknown", range, 0, 100);
        c.chord_unknown = range;
    }
    r.get("num_tempos", c.num_tempos, 1, kMostTempos);
    if (const Json* range = r.list("tempo_range", 2, 2))
        c.tempo_range = {r.number((*range)[0], "tempo_range", 1, 10'000),
                         r.number((*range)[1], "tempo_range", 1, 10'000)};
    r.get("log_tempos", c.log_tempos);
    r.get("remove_duplicated_notes", c.remove_duplicated_notes);
    r.get("delete_equal_successive_tempo_changes", c.delete_equal_successive_tempo_changes);
    r.get_meters("time_signature_range", c.time_signature_range);
    r.get("delete_equal_successive_time_sig_changes", c.delete_equal_successive_time_sig_changes);
    r.get("sustain_pedal_duration", c.sustain_pedal_duration);
    if (const Json* range = r.list("pitch_bend_range", 3, 3)) {
        c.pitch_bend_lowest = r.integer((*range)[0], "pitch_bend_range", -8192, 8191);
        c.pitch_bend_highest =
            r.integer((*range)[1], "pitch_bend_range", c.pitch_bend_lowest, 8191);
        c.pitch_bend_count = r.integer((*range)[2], "pitch_bend_range", 1, kMostBends);
    }
    r.get("one_token_stream_for_programs", c.one_token_stream_for_programs);
    r.get("program_changes", c.program_changes);
    r.get("max_pitch_interval", c.max_pitch_interval, 0, 127);
    r.get("pitch_intervals_max_time_dist", c.pitch_intervals_max_time_dist, 0, kMostBeats);
    r.get("ac_polyphony_track", c.ac_polyphony_track);
    r.get("ac_polyphony_bar", c.ac_polyphony_bar);
    r.get("ac_polyphony_min", c.ac_polyphony_min, 0, 1000);
    r.get("ac_polyphony_max", c.ac_polyphony_max, c.ac_polyphony_min, 1000);
    r.get("ac_pitch_class_bar", c.ac_pitch_class_bar);
    r.get("ac_note_density_track", c.ac_note_density_track);
    r.get("ac_note_density_track_min", c.ac_note_density_track_min, 0, 1000);
    r.get("ac_note_density_track_max", c.ac_note_density_track_max, c.ac_note_density_track_min,
          1000);
    r.get("ac_note_density_bar", c.ac_note_density_bar);
    r.get("ac_note_density_bar_max", c.ac_note_density_bar_max, 0, 1000);
    r.get("ac_note_duration_bar", c.ac_note_duration_bar);
    r.get("ac_note_duration_track", c.ac_note_duration_track);
    r.get("ac_repetition_track", c.ac_repetition_track);
    r.get("ac_repetition_track_num_bins", c.ac_repetition_track_num_bins, 2, 1000);
    r.get("ac_repetition_track_num_consec_bars", c.ac_repetition_track_num_consec_bars, 1, 1000);
    const Json none = Json::object();
    const Json* additional = r.find("additional_params");
    read_additional(r, additional ? *additional : none, path, c);
    const bool has_quarters =
        std::any_of(c.time_signature_range.begin(), c.time_signature_range.end(),
                    [](const auto& range) { return range.first == 4; });
    if (!has_quarters) r.fail("time_signature_range has no metre of quarters, which MidiTok needs");
    settle(c);
    return c;
}

}  // namespace symphony::tokens::miditok
