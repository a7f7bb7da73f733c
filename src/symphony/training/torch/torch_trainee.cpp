#include "symphony/training/torch/torch_trainee.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/models/adapter/adapter_folder.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/safetensors.h"
#include "symphony/training/torch/network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <malloc.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>

namespace symphony::training {

namespace {

using torch_net::AnyNetwork;
using torch_net::Parameter;

constexpr float kAdamEpsilon = 1e-8f;
constexpr const char* kStateFile = "trainee.safetensors";

// glibc gives large blocks back to the kernel at every step and faults them in again at the next.
void keep_freed_memory() {
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_ARENA_MAX, 1);
}

void set_up_process(const TrainOptions& options) {
    keep_freed_memory();
    at::set_num_threads(options.threads > 0 ? options.threads : base::available_threads());
}

class TorchTrainee : public Trainee {
  public:
    TorchTrainee(const TrainOptions& options, std::unique_ptr<AnyNetwork> network)
        : options_(options), network_(std::move(network)) {
        // All parameters in one block, those with weight decay first: norm, clipping and AdamW are
        // two sweeps over it.
        std::vector<Parameter> order = network_->parameters();
        std::stable_partition(order.begin(), order.end(), [](const auto& p) { return p.decays; });
        std::int64_t count = 0;
        for (const Parameter& p : order) count += p.value.numel();
        parameters_ = at::empty({count}, at::kFloat);
        for (at::Tensor* x : {&gradients_, &m_, &v_}) *x = at::zeros({count}, at::kFloat);
        std::int64_t offset = 0;
        for (const Parameter& p : order) {
            at::Tensor value = p.value;
            const std::int64_t size = value.numel();
            const at::Tensor place = parameters_.narrow(0, offset, size).view(value.sizes());
            place.copy_(value.detach());
            value.set_data(place);
            value.mutable_grad() = gradients_.narrow(0, offset, size).view(value.sizes());
            offset += size;
            if (p.decays) decaying_ = offset;
        }
        network_->prepare_state(options.batch_size);  // a checkpoint may come before the first step
    }

    std::int64_t parameter_count() const override {
        return trains_adapter() ? network_->frozen_count() : parameters_.numel();
    }
    std::int64_t trained_parameter_count() const override { return parameters_.numel(); }

    std::int64_t memory_bytes() const override {
        const std::int64_t tokens =
            static_cast<std::int64_t>(options_.batch_size) * options_.sequence_length;
        // Gradient and two moments of each number that is trained; gradients of activations live
        // beside the activations that are left.
        return 4 * (network_->frozen_count() + 4 * trained_parameter_count() +
                    2 * network_->activations_per_token() * tokens);
    }

    StepResult step(std::span<const Batch> micro_batches, std::int64_t step,
                    double learning_rate) override {
        StepResult result;
        for (const Batch& batch : micro_batches) {
            result.tokens += std::count_if(batch.targets_BT.begin(), batch.targets_BT.end(),
                                           [](int target) { return target >= 0; });
        }
        gradients_.zero_();
        const double scale = 1.0 / static_cast<double>(std::max<std::int64_t>(1, result.tokens));
        for (std::size_t i = 0; i < micro_batches.size(); ++i) {
            const auto index = static_cast<std::uint64_t>(step) * micro_batches.size() + i;
            base::Rng dropout(static_cast<std::uint64_t>(options_.seed), "dropout", index);
            const at::Tensor loss =
                network_->loss(micro_batches[i], scale, options_.dropout, dropout);
            result.loss += loss.item<double>();
            torch::autograd::backward({loss}, {});
        }
        const auto count = static_cast<std::size_t>(gradients_.numel());
        result.gradient_norm = std::sqrt(nn::sum_of_squares(gradients_.data_ptr<float>(), count));
        // The loop ends a run that diverged; its weights stay what they were.
        if (std::isfinite(result.loss) && std::isfinite(result.gradient_norm)) {
            update(learning_rate, result.gradient_norm);
        }
        return result;
    }

    SplitResult evaluate(const std::vector<std::vector<int>>& sequences) override {
        return network_->evaluate(sequences);
    }

    std::vector<double> gradient_flow(const std::vector<std::vector<int>>& sequences,
                                      int distance) override {
        return network_->gradient_flow(sequences, distance);
    }

    std::unique_ptr<models::LanguageModel> snapshot() const override { return network_->model(); }

    void save_model(const std::filesystem::path& folder) const override {
        base::write_json_file(folder / "config.json", network_->config());
        models::write_weights(folder / "model.safetensors", network_->weights());
    }

    bool trains_adapter() const override { return options_.lora.rank.has_value(); }

    void save_adapter(const std::filesystem::path& folder,
                      const models::BaseModel& base) const override {
        auto adapter = network_->adapter();
        if (!adapter) return;
        adapter->base = base;
        models::write_adapter(folder, *adapter);
    }

    void save_state(const std::filesystem::path& folder) const override {
        nn::SafetensorsWriter writer;
        for (const auto& [name, tensor] : state_tensors()) {
            writer.add(name, tensor.sizes().vec(),
                       std::span<const float>(tensor.data_ptr<float>(),
                                              static_cast<std::size_t>(tensor.numel())));
        }
        writer.add("adam.steps", {1}, std::span<const std::int64_t>(&adam_steps_, 1));
        writer.set_metadata("config", shape());
        writer.write(folder / kStateFile);
    }

    void load_state(const std::filesystem::path& folder) override {
        const nn::SafetensorsFile file(folder / kStateFile);
        const auto config = file.metadata().find("config");
        if (config == file.metadata().end() || config->second != shape()) {
            throw base::Error(base::ErrorKind::kModel,
                              "the checkpoint is of a network of another shape",
                              (folder / kStateFile).string());
        }
        // Read and check everything before anything is changed.
        std::vector<std::pair<at::Tensor, std::vector<float>>> loaded;
        for (const auto& [name, tensor] : state_tensors()) {
            loaded.emplace_back(tensor, file.floats(name, tensor.sizes().vec()));
        }
        adam_steps_ = file.integers("adam.steps", {1}).front();
        for (const auto& [tensor, values] : loaded) torch_net::copy_from(values, tensor);
    }

    void load_weights(const std::filesystem::path& model_folder) override {
        try {
            network_->set_weights(models::read_weights(model_folder / "model.safetensors"));
        } catch (base::Error& error) {
            if (error.path.empty()) error.path = model_folder.string();
            throw;
        }
    }

  private:
    // What a checkpoint must have been made with.
    std::string shape() const {
        base::Json json = network_->config();
        if (options_.lora.rank) {
            const models::LoraConfig lora = options_.lora.config();
            json["lora"] = {lora.rank, lora.alpha, lora.targets};
        }
        return json.dump();
    }

    void update(double learning_rate, double gradient_norm) {
        ++adam_steps_;
        const double clip = options_.clip_norm > 0 && gradient_norm > options_.clip_norm
                                ? options_.clip_norm / gradient_norm
                                : 1.0;
        const auto t = static_cast<double>(adam_steps_);
        nn::AdamW settings{static_cast<float>(learning_rate),
                           static_cast<float>(options_.beta1),
                           static_cast<float>(options_.beta2),
                           kAdamEpsilon,
                           static_cast<float>(options_.weight_decay),
                           static_cast<float>(clip),
                           static_cast<float>(1.0 - std::pow(options_.beta1, t)),
                           static_cast<float>(1.0 - std::pow(options_.beta2, t))};
        const auto sweep = [&](std::int64_t from, std::int64_t to) {
            nn::adamw(settings, gradients_.data_ptr<float>() + from,
                      static_cast<std::size_t>(to - from), parameters_.data_ptr<float>() + from,
                      m_.data_ptr<float>() + from, v_.data_ptr<float>() + from);
        };
        sweep(0, decaying_);
        settings.weight_decay = 0.0f;
        sweep(decaying_, parameters_.numel());
    }

    std::vector<std::pair<std::string, at::Tensor>> state_tensors() const {
        std::vector<std::pair<std::string, at::Tensor>> tensors = {
            {"parameters", parameters_}, {"adam.m", m_}, {"adam.v", v_}};
        for (const Parameter& state : network_->carried_state()) {
            tensors.emplace_back(state.name, state.value);
        }
        return tensors;
    }

    TrainOptions options_;
    std::unique_ptr<AnyNetwork> network_;
    at::Tensor parameters_, gradients_, m_, v_;  // one block each, (parameter_count)
    std::int64_t decaying_ = 0;                  // of which so many, the first, decay
    std::int64_t adam_steps_ = 0;
};

}  // namespace

std::unique_ptr<Trainee> make_torch_trainee(const TrainOptions& options, int vocabulary_size,
                                            int start_token) {
    set_up_process(options);
    auto network = options.model == "lstm"
                       ? torch_net::make_lstm(options, vocabulary_size, start_token)
                       : torch_net::make_transformer(options, vocabulary_size, start_token);
    return std::make_unique<TorchTrainee>(options, std::move(network));
}

std::unique_ptr<Trainee> make_torch_frame_trainee(const TrainOptions& options,
                                                  std::shared_ptr<const models::KeySets> frames) {
    set_up_process(options);
    return std::make_unique<TorchTrainee>(options,
                                          torch_net::make_frame_lstm(options, std::move(frames)));
}

}  // namespace symphony::training
