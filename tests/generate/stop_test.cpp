// Ctrl-C while composing. A program of its own: the stop request stays for the rest of a process.
#include "symphony/base/error.h"
#include "symphony/base/stop_signal.h"
#include "symphony/generate/composer.h"

#include "generate/count_model.h"
#include <gtest/gtest.h>

#include <csignal>

namespace symphony::generate {
namespace {

// Ctrl-C comes while the fifth token is read.
class Interrupted : public testing::CountModel {
  public:
    Interrupted(const tokens::Tokenizer& tokenizer, int& calls)
        : CountModel(tokenizer.vocabulary().size(), tokenizer.end_token()), calls_(calls) {}
    std::span<const float> next(int token) override {
        if (++calls_ == 5) std::raise(SIGINT);
        return CountModel::next(token);
    }
    std::unique_ptr<models::LanguageModel> copy() const override {
        return std::make_unique<Interrupted>(*this);
    }

  private:
    int& calls_;
};

TEST(ComposeStop, IsSeenAtTheNextToken) {
    base::install_stop_handlers();
    const testing::SmallWorld world;
    Request request;
    request.bars = 16;
    int calls = 0;
    try {
        compose([&] { return std::make_unique<Interrupted>(*world.tokenizer, calls); },
                *world.tokenizer, request, 1, 1, base::silent_progress());
        FAIL() << "it was not stopped";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kInterrupted);
    }
    EXPECT_LE(calls, 6);
}

}  // namespace
}  // namespace symphony::generate
