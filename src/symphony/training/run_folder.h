// The folder of one training run: run.toml (resolved options, usable with --config),
// metrics.jsonl and events.out.tfevents.* (metrics_log.h), samples/, checkpoint/{last,best}
// (checkpoint.h), model/ (the best weights so far, a model folder) and, where one was trained,
// adapter/ (models/adapter/adapter_folder.h).
#pragma once

#include "symphony/base/json.h"
#include "symphony/models/adapter/lora_adapter.h"
#include "symphony/training/options.h"
#include "symphony/training/training_data.h"

#include <filesystem>
#include <functional>
#include <string>

namespace symphony::training {

class RunFolder {
  public:
    // Creates `path`, or opens the run that is there if options, data and the weights that training
    // starts from, if any, are the same (threads, max-minutes, dry-run, force and renew may
    // differ). Throws Error (kUsage) naming both values
    // if they are not, or if the folder holds something else. With options.force the old run is
    // removed first; with options.renew if it is another one, or finished but without its model.
    // Holds a lock: a second process gets Error (kUsage).
    RunFolder(const std::filesystem::path& path, const TrainOptions& options,
              const std::string& data_hash, const models::BaseModel& start = {});
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
    // model.safetensors), tokenizer.json and symphony.json, which also names what was tuned.
    void replace_model(const std::function<void(const std::filesystem::path&)>& save_weights,
                       const base::Json& tokenizer_json, base::Json provenance) const;
    // The same with adapter/.
    void replace_adapter(const std::function<void(const std::filesystem::path&,
                                                  const models::BaseModel& start)>& save) const;

  private:
    void remove_old_run() const;
    void replace(const std::filesystem::path& place,
                 const std::function<void(const std::filesystem::path&)>& write) const;

    std::filesystem::path path_;
    models::BaseModel start_;  // its hash is empty if training started from random weights
    int lock_fd_ = -1;
    bool replaced_ = false;
};

// symphony.json: what the model was made from and by. `metrics` goes in as given.
base::Json provenance(const TrainOptions& options, const TrainingData& data,
                      const base::Json& metrics);

// The options as a TOML file that --config reads back.
std::string options_to_toml(const TrainOptions& options);

}  // namespace symphony::training
