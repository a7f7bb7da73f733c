// What fill, accompany, vary and reproduce have in common: a source, a gap, takes that fill it.
#pragma once

#include "symphony/cli/take_maker.h"
#include "symphony/generate/gap.h"

#include <string>

namespace symphony::cli {

class GapMaker {
  public:
    TakeMaker maker;

    // The source and the model; then the maker's own options.
    void describe_source(base::OptionTable& table);
    void describe(base::OptionTable& table) { maker.describe(table); }
    MusicModel open() { return maker.open(); }
    // Read when it is first asked for.
    const score::Score& source();
    // `then`: the record of a take that is made again, whose parent stays what it was.
    void set_source(std::string path, score::Score score,
                    std::optional<generate::TakeRecord> then = {});

    // Composes `maker.takes` fillings and writes them; `asked`: the verb's own settings.
    void fill(const MusicModel& model, const generate::Gap& gap, const std::string& verb,
              base::Json asked, const Context& context, int first_take = 0);
    void vary(const MusicModel& model, double distance, const Context& context);

  private:
    generate::TakeRecord record(const MusicModel& model, const std::string& verb,
                                const base::Json& asked, const Context& context) const;

    std::string path_;
    score::Score source_;
    bool is_read_ = false;
    std::optional<generate::TakeRecord> then_;
};

}  // namespace symphony::cli
