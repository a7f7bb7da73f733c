// The folder of one training run: run.toml (resolved options, usable with --config),
// metrics.jsonl and events.out.tfevents.* (metrics_log.h), samples/, checkpoint/{last,best}
// (checkpoint.h) and model/ (the best weights so far, a model folder).
#pragma once

#include "symphony/base/json.h"
#include "symphony/training/options.h"
#include "symphony/training/training_data.h"

#include <filesystem>
#include <functional>
#include <string>

namespace symphony::training {

class RunFolder {
  public:
    // Creates `path`, or opens the run that is there if options and data are the same (threads,
    // max-minutes, dry-run, force and renew may differ). Throws Error (kUsage) naming both values
    // if they are not, or if the folder holds something else. With options.force the old run is
    // removed first; with options.renew if it is another one, or finished but without its model.
    // Holds a lock: a second process gets Error (kUsage).
    RunFolder(const std::filesystem::path& path, const TrainOptions& options,
              const std::string& data_hash);
    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    bool replaced() const { return replaced_; }  // was an old run removed?
    std::filesystem::path last_checkpoint() const { return path_ / "checkpoint" / "last"; }
    std::filesystem::path best_checkpoint() const { return path_ / "checkpoint" / "best"; }
    std::filesystem::path samples() const { return path_ / "samples"; }
    std::filesystem::path model() const { return path_ / "model"; }

    // Puts a whole new model folder in place: what `save_weights` writes (config.json,
    // model.safetensors), tokenizer.json and symphony.json.
    void replace_model(const std::function<void(const std::filesystem::path&)>& save_weights,
                       const base::Json& tokenizer_json, const base::Json& provenance) const;

  private:
    void remove_old_run() const;

    std::filesystem::path path_;
    int lock_fd_ = -1;
    bool replaced_ = false;
};

// symphony.json: what the model was made from and by. `metrics` goes in as given.
base::Json provenance(const TrainOptions& options, const TrainingData& data,
                      const base::Json& metrics);

// The options as a TOML file that --config reads back.
std::string options_to_toml(const TrainOptions& options);

}  // namespace symphony::training
