#include "symphony/bench/quality/self_test.h"

#include "symphony/bench/quality/chorale_baselines.h"
#include "symphony/bench/quality/frame_baselines.h"

#include <fmt/format.h>

#include <cmath>

namespace symphony::bench {

bool EvaluatorCheck::holds() const { return std::abs(got - expected) < 6e-4; }

base::Json EvaluatorCheck::to_json() const {
    return {{"what", what}, {"got", got}, {"expected", expected}, {"holds", holds()}};
}

std::string EvaluatorCheck::to_text() const {
    return fmt::format("{:58} {:8.3f}  expected {:8.3f}  {}", what, got, expected,
                       holds() ? "ok" : "WRONG");
}

std::vector<EvaluatorCheck> check_evaluator(const PublishedSets& sets) {
    std::vector<EvaluatorCheck> checks;
    const auto frames = [&](const std::string& name, const tokens::FrameSet& set, double all,
                            double after_first) {
        const FrameNats nats = note_unigram(set.train, set.test);
        checks.push_back({name + ", note 1-gram, test, all frames", nats.per_frame(), all});
        checks.push_back({name + ", note 1-gram, test, without first frames",
                          nats.per_frame_after_first(), after_first});
    };
    frames("JSB frames", sets.jsb_frames, 11.060, 11.091);
    frames("Nottingham frames", sets.nottingham_frames, 10.252, 10.261);
    const auto chorales = [&](const std::string& name, const std::vector<ChoralePiece>& held_out,
                              const ChoraleNats& expected) {
        const ChoraleNats nats = chorale_baselines(sets.chorales16.train, held_out);
        checks.push_back({"chorales in 16ths, " + name + ", unigram of the voice", nats.unigram,
                          expected.unigram});
        checks.push_back({"chorales in 16ths, " + name + ", bigram", nats.bigram, expected.bigram});
        checks.push_back({"chorales in 16ths, " + name + ", bigram and place in the beat",
                          nats.beat_bigram, expected.beat_bigram});
    };
    chorales("valid", sets.chorales16.valid, {2.611, 0.936, 0.707});
    chorales("test", sets.chorales16.test, {2.639, 0.985, 0.739});
    return checks;
}

}  // namespace symphony::bench
