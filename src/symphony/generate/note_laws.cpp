#include "symphony/base/error.h"
#include "symphony/base/text.h"
#include "symphony/generate/note_law.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace symphony::generate {
namespace {

const PitchSet kAll = PitchSet().set();

PitchSet of_classes(const PitchClasses& classes) {
    PitchSet pitches;
    for (std::size_t p = 0; p < pitches.size(); ++p) pitches[p] = classes[p % 12];
    return pitches;
}

class KeepToScale : public NoteLaw {
  public:
    explicit KeepToScale(const Scale& scale)
        : name_(scale.name), pitches_(of_classes(scale.pitch_classes)) {}
    std::string words() const override { return "scale " + name_; }
    PitchSet pitches(const Place& place) const override { return place.is_drums ? kAll : pitches_; }

  private:
    std::string name_;
    PitchSet pitches_;
};

class KeepToChords : public NoteLaw {
  public:
    KeepToChords(ChordTrack track, double strength)
        : track_(std::move(track)), strength_(strength) {}
    std::string words() const override { return "chords " + track_.text(); }
    PitchSet pitches(const Place& place) const override {
        const score::Chord chord = track_.at(
            place.bar, static_cast<double>(place.position) / static_cast<double>(place.length));
        if (place.is_drums || chord.quality == score::ChordQuality::kNone) return kAll;
        PitchClasses tones;
        for (int p = 0; p < 12; ++p) tones[static_cast<std::size_t>(p)] = chord.contains(p);
        return of_classes(tones);
    }
    double strength() const override { return strength_; }

  private:
    ChordTrack track_;
    double strength_;
};

class KeepInRange : public NoteLaw {
  public:
    KeepInRange(const Scope& scope, int lowest, int highest)
        : scope_(scope), lowest_(lowest), highest_(highest) {
        for (int p = lowest; p <= highest; ++p) pitches_.set(static_cast<std::size_t>(p));
    }
    std::string words() const override {
        return fmt::format("range {}={}..{}", scope_.words(), lowest_, highest_);
    }
    PitchSet pitches(const Place& place) const override {
        return scope_.has(place) && !place.is_drums ? pitches_ : kAll;
    }

  private:
    Scope scope_;
    int lowest_, highest_;
    PitchSet pitches_;
};

class LimitPolyphony : public NoteLaw {
  public:
    LimitPolyphony(const Scope& scope, int most) : scope_(scope), most_(most) {}
    std::string words() const override {
        return fmt::format("polyphony {}={}", scope_.words(), most_);
    }
    PitchSet pitches(const Place& place) const override {
        return scope_.has(place) && place.sounding >= most_ ? PitchSet{} : kAll;
    }

  private:
    Scope scope_;
    int most_;
};

class KeepDensity : public NoteLaw {
  public:
    KeepDensity(const Scope& scope, int least, int most)
        : scope_(scope), least_(least), most_(most) {}
    std::string words() const override {
        return fmt::format("density {}={}..{}", scope_.words(), least_, most_);
    }
    PitchSet pitches(const Place& place) const override {
        return scope_.has(place) && count(place) >= most_ ? PitchSet{} : kAll;
    }
    bool is_enough(const Place& place) const override {
        return !scope_.has(place) || count(place) >= least_;
    }

  private:
    int count(const Place& place) const {
        return scope_.is_all() ? place.struck_in_all : place.struck;
    }
    Scope scope_;
    int least_, most_;
};

class KeepRhythm : public NoteLaw {
  public:
    KeepRhythm(const Scope& scope, std::string pattern)
        : scope_(scope), pattern_(std::move(pattern)) {}
    std::string words() const override {
        return fmt::format("rhythm {}={}", scope_.words(), pattern_);
    }
    PitchSet pitches(const Place& place) const override {
        if (!scope_.has(place)) return kAll;
        const auto steps = static_cast<std::int64_t>(pattern_.size());
        const bool on_step = place.position * steps % place.length == 0;
        const std::int64_t step = place.position * steps / place.length;
        return on_step && pattern_[static_cast<std::size_t>(step)] == 'x' ? kAll : PitchSet{};
    }

  private:
    Scope scope_;
    std::string pattern_;
};

class LimitRepeating : public NoteLaw {
  public:
    LimitRepeating(const score::Score& source, int longest)
        : longest_(static_cast<std::size_t>(longest)) {
        for (const score::Part& part : source.parts) {
            std::vector<int> pitches;
            for (const score::Note& note : in_order(part)) pitches.push_back(note.pitch);
            for (std::size_t i = 0; i + longest_ < pitches.size(); ++i)
                runs_.insert({pitches.begin() + static_cast<std::ptrdiff_t>(i),
                              pitches.begin() + static_cast<std::ptrdiff_t>(i + longest_ + 1)});
        }
    }
    std::string words() const override { return fmt::format("prime-copy {}", longest_); }
    PitchSet pitches(const Place& place) const override {
        if (place.before.size() < longest_) return kAll;
        const auto last = place.before.last(longest_);
        std::vector<int> run(last.begin(), last.end());
        run.push_back(0);
        PitchSet free = kAll;
        for (auto at = runs_.lower_bound(run);
             at != runs_.end() && std::equal(last.begin(), last.end(), at->begin()); ++at)
            free.reset(static_cast<std::size_t>(at->back()));
        return free;
    }

  private:
    std::size_t longest_;
    std::set<std::vector<int>> runs_;  // of longest_ + 1 notes
};

class KeepToCells : public NoteLaw {
  public:
    explicit KeepToCells(std::vector<std::vector<bool>> open) : open_(std::move(open)) {}
    std::string words() const override { return "the open cells"; }
    PitchSet pitches(const Place& place) const override {
        const auto bar = static_cast<std::size_t>(place.bar);
        const auto part = static_cast<std::size_t>(place.part);
        const bool is_open = bar < open_.size() && (part >= open_[bar].size() || open_[bar][part]);
        return is_open ? kAll : PitchSet{};
    }

  private:
    std::vector<std::vector<bool>> open_;
};

}  // namespace

std::vector<score::Note> in_order(const score::Part& part) {
    std::vector<score::Note> notes = part.notes;
    std::stable_sort(notes.begin(), notes.end(), [](const score::Note& a, const score::Note& b) {
        return std::pair(a.onset, -int{a.pitch}) < std::pair(b.onset, -int{b.pitch});
    });
    return notes;
}

bool Scope::has(const Place& place) const {
    if (part >= 0) return place.part == part;
    return role == score::Role::kUnknown || place.role == role;
}

std::string Scope::words() const {
    if (part >= 0) return fmt::format("part {}", part + 1);
    return is_all() ? "all" : std::string(score::role_name(role));
}

Scope parse_scope(std::string_view text) {
    const std::string name = base::to_lower(base::trim(text));
    if (name == "all") return {};
    const auto role = score::role_named(name);
    if (role && *role != score::Role::kUnknown) return {.role = *role};
    if (name.starts_with("part")) {
        const std::string number = base::trim(std::string_view(name).substr(4));
        const bool digits = !number.empty() && number.size() < 4 &&
                            number.find_first_not_of("0123456789") == std::string::npos;
        if (digits && std::stoi(number) > 0) return {.part = std::stoi(number) - 1};
    }
    throw base::Error(base::ErrorKind::kUsage, "not a part: \"" + std::string(text) + "\"", {},
                      "write all, melody, bass, harmony, drums or part 2");
}

std::unique_ptr<NoteLaw> keep_to_scale(const Scale& scale) {
    return std::make_unique<KeepToScale>(scale);
}
std::unique_ptr<NoteLaw> keep_to_chords(ChordTrack track, double strength) {
    return std::make_unique<KeepToChords>(std::move(track), strength);
}
std::unique_ptr<NoteLaw> keep_in_range(const Scope& scope, int lowest, int highest) {
    return std::make_unique<KeepInRange>(scope, lowest, highest);
}
std::unique_ptr<NoteLaw> limit_polyphony(const Scope& scope, int most) {
    return std::make_unique<LimitPolyphony>(scope, most);
}
std::unique_ptr<NoteLaw> keep_density(const Scope& scope, int least, int most) {
    return std::make_unique<KeepDensity>(scope, least, most);
}
std::unique_ptr<NoteLaw> keep_rhythm(const Scope& scope, std::string pattern) {
    return std::make_unique<KeepRhythm>(scope, std::move(pattern));
}
std::unique_ptr<NoteLaw> limit_repeating(const score::Score& source, int longest) {
    return std::make_unique<LimitRepeating>(source, longest);
}
std::unique_ptr<NoteLaw> keep_to_cells(std::vector<std::vector<bool>> open) {
    return std::make_unique<KeepToCells>(std::move(open));
}

}  // namespace symphony::generate
