// What all verbs that compose have in common: the model, how it is drawn from, the rules, how takes
// sound, and writing them, each proved to keep its rules on the file that was written.
#pragma once

#include "symphony/cli/music_model.h"
#include "symphony/cli/take_files.h"
#include "symphony/cli/verb.h"
#include "symphony/generate/composer.h"
#include "symphony/generate/rule_book.h"

#include <optional>
#include <string>
#include <vector>

namespace symphony::cli {

class TakeMaker {
  public:
    std::string model;  // folder; empty: base_model()
    std::string output = "takes";
    int takes = 1;
    generate::SamplerOptions sampler = generate::kMusicalSampling;
    generate::RuleBook rules;
    std::string precision = "bf16", expression = "gentle";
    bool mixed = true;  // see TakeStyle
    bool no_wav = false, no_musicxml = false;
    std::optional<double> default_tempo;
    std::optional<int> max_copy;  // bars
    std::string data;             // for max_copy: folder; empty: by the model's fingerprints

    void describe(base::OptionTable& table);

    // Throws Error (kUsage) if no model was named and none came with Symphony.
    MusicModel open();
    // Sampler, seed, unseen tokens and rules. `prime` (may be null): what must not be copied.
    generate::Request request(const MusicModel& opened, const Context& context,
                              const score::Score* prime);
    generate::TakeRecord record(const MusicModel& opened, const Context& context,
                                const std::string& verb) const;
    // What was asked for, as records keep it, and back.
    base::Json settings() const;
    void take_settings(const base::Json& settings);

    std::vector<generate::Take> compose(const MusicModel& opened, const generate::Request& request,
                                        const Context& context) const;
    // Writes the takes' files and tells of them on standard output. `record_of(i)` is the record of
    // takes[i]. Throws Error (kInternal) if a file does not keep its rules.
    void write(const std::vector<generate::Take>& composed, const MusicModel& opened,
               const std::function<generate::TakeRecord(std::size_t)>& record_of,
               const generate::Pace& asked, const Context& context) const;

  private:
    // What is promised is proved on the file as it lies there.
    void prove(const std::string& midi, const generate::TakeRecord& record,
               const tokens::Tokenizer& tokenizer) const;

    std::string rules_file_;
    std::optional<generate::CopyLimit> copy_limit_;  // opened once
};

// SHA-256 of a file's bytes, in hex.
std::string file_sha256(const std::string& path);

}  // namespace symphony::cli
