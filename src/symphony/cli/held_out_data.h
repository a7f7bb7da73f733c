// The pieces a model is judged on: from a prepared data set, or from a folder of music prepared for
// the occasion with the model's own tokens.
#pragma once

#include "symphony/base/temporary_folder.h"
#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/dataset.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace symphony::cli {

class HeldOutData {
  public:
    // `folder` is a data set or a folder of music.
    HeldOutData(std::filesystem::path folder, const Context& context);

    // The data set in this model's tokens. Throws Error (kModel) if it is prepared with another
    // tokenizer. A folder of music is split by --seed, as `prepare` does.
    const corpus::Dataset& for_model(const MusicModel& model);

  private:
    const corpus::Dataset& prepared_with(const MusicModel& model);

    std::filesystem::path folder_;
    const Context& context_;
    bool is_dataset_;
    std::optional<base::TemporaryFolder> scratch_;   // of data sets made here
    std::map<std::string, corpus::Dataset> opened_;  // by tokenizer.json
};

}  // namespace symphony::cli
