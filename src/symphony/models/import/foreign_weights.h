// The tensors of a published model's folder: model.safetensors, or several files and their index.
// They are read one by one as they are taken, so that no second copy of a large model is held.
#pragma once

#include "symphony/models/weights.h"
#include "symphony/nn/safetensors.h"

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace symphony::models {

// A tensor of the file, and what becomes of it.
struct Move {
    std::string from;
    nn::Shape shape;              // in the file
    std::vector<std::string> to;  // equal shares of its output rows, in turn
    bool transposed = false;      // (in, out), as GPT-2's Conv1D has them; we have (out, in)
};

class ForeignWeights {
  public:
    // Throws Error (kModel) if there is no safetensors file, or one breaks the format's promises,
    // holds a number that is not finite, or is not what the index says.
    explicit ForeignWeights(const std::filesystem::path& folder);

    bool has(const std::string& name) const { return files_of_.contains(name); }
    // Of a tensor that is there.
    const nn::Shape& shape_of(const std::string& name) const;
    // What the files say of themselves.
    const std::map<std::string, std::string>& metadata() const { return metadata_; }
    const std::vector<std::filesystem::path>& paths() const { return paths_; }

    // Takes what each move names, under its new names. Throws Error (kModel) naming a tensor that
    // is missing or misshapen.
    Weights take_all(const std::vector<Move>& moves);
    std::vector<float> take(const std::string& name, const nn::Shape& shape);
    // Leaves out tensors that are no weights (buffers of older programs).
    void ignore(const std::function<bool(const std::string& name)>& is_buffer);
    // Throws Error (kModel) naming a tensor that nobody took.
    void expect_all_taken() const;
    // Was every tensor taken so far bfloat16?
    bool took_only_bf16() const { return only_bf16_; }

  private:
    void add_file(const std::filesystem::path& path);

    std::filesystem::path folder_;
    std::vector<std::filesystem::path> paths_;
    std::vector<nn::SafetensorsFile> files_;
    std::map<std::string, std::size_t> files_of_;  // tensor -> index in files_
    std::set<std::string> left_;
    std::map<std::string, std::string> metadata_;
    bool only_bf16_ = true;
};

}  // namespace symphony::models
