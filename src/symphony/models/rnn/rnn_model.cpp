#include "symphony/models/rnn/rnn_model.h"

#include "symphony/base/error.h"
#include "symphony/base/json.h"
#include "symphony/nn/safetensors.h"

#include <algorithm>
#include <array>

namespace symphony::models::rnn {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kStretch = 128;  // steps of for_each_logits at once

nn::Shape shape_of(const Slice& s) {
    return s.is_matrix() ? nn::Shape{s.rows, s.columns} : nn::Shape{s.rows};
}

}  // namespace

RnnModel::RnnModel(const RnnNetwork<float>& network, int start_token)
    : network_(network),
      start_token_(start_token),
      state_H_(static_cast<std::size_t>(network.sizes().hidden), 0.0f) {}

void RnnModel::reset() { std::fill(state_H_.begin(), state_H_.end(), 0.0f); }

std::span<const float> RnnModel::next(int token) {
    const std::uint8_t starts = token == start_token_;
    network_.forward({1, 1, {&token, 1}, {}, {&starts, 1}}, {}, state_H_);
    return network_.logits(0, 0);
}

void RnnModel::for_each_logits(std::span<const int> ids, const LogitsCallback& callback) {
    reset();
    std::array<int, kStretch> inputs;
    std::array<std::uint8_t, kStretch> resets;
    for (std::size_t begin = 0; begin < ids.size(); begin += kStretch) {
        const std::size_t steps = std::min(kStretch, ids.size() - begin);
        for (std::size_t t = 0; t < steps; ++t) {
            inputs[t] = begin + t == 0 ? start_token_ : ids[begin + t - 1];
            resets[t] = inputs[t] == start_token_;
        }
        network_.forward(
            {1, static_cast<int>(steps), {inputs.data(), steps}, {}, {resets.data(), steps}}, {},
            state_H_);
        for (std::size_t t = 0; t < steps; ++t)
            callback(begin + t, network_.logits(0, static_cast<int>(t)));
    }
}

void save_rnn(const RnnNetwork<float>& network, int start_token, const fs::path& folder) {
    base::Json config;
    // Another type for frames: what reads tokens must refuse it.
    config["model_type"] = network.reads_frames() ? "symphony-frames-rnn" : "symphony-rnn";
    config["vocab_size"] = network.sizes().vocabulary;
    config["embedding_size"] = network.sizes().embedding;
    config["hidden_size"] = network.sizes().hidden;
    config["end_token_id"] = start_token;
    base::write_json_file(folder / "config.json", config);
    nn::SafetensorsWriter writer;
    for (const Slice& s : network.layout().all())
        writer.add(std::string(s.name), shape_of(s),
                   network.weights().subspan(static_cast<std::size_t>(s.offset),
                                             static_cast<std::size_t>(s.size())));
    writer.write(folder / "model.safetensors");
}

RnnNetwork<float> load_rnn_network(const fs::path& folder, int* start_token) {
    const base::Json config = base::read_json_file(folder / "config.json").value();
    const RnnSizes sizes{config.value("vocab_size", 0), config.value("embedding_size", 0),
                         config.value("hidden_size", 0)};
    const int end_token = config.value("end_token_id", -1);
    constexpr int kMost = 1 << 20;  // far above any real size, far below overflow
    const auto sane = [](int size) { return size >= 1 && size <= kMost; };
    if (!sane(sizes.vocabulary) || !sane(sizes.embedding) || !sane(sizes.hidden) || end_token < 0 ||
        end_token >= sizes.vocabulary)
        throw base::Error(base::ErrorKind::kModel,
                          "got no usable vocab_size, embedding_size, hidden_size and end_token_id",
                          folder / "config.json", "the file is damaged; train again");
    // The file's shapes are checked before anything of the declared sizes is allocated.
    const nn::SafetensorsFile file(folder / "model.safetensors");
    const RnnLayout layout(sizes);
    for (const Slice& s : layout.all()) file.at(std::string(s.name), shape_of(s));
    file.check_all_finite();
    RnnNetwork<float> network(sizes);
    for (const Slice& s : layout.all()) {
        const auto values = file.floats(std::string(s.name), shape_of(s));
        std::copy(values.begin(), values.end(), network.weights().begin() + s.offset);
    }
    if (start_token) *start_token = end_token;
    return network;
}

std::unique_ptr<RnnModel> load_rnn(const fs::path& folder) {
    int start_token = 0;
    const RnnNetwork<float> network = load_rnn_network(folder, &start_token);
    return std::make_unique<RnnModel>(network, start_token);
}

}  // namespace symphony::models::rnn
