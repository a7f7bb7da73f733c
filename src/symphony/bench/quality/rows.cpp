#include "symphony/bench/quality/rows.h"

#include "symphony/base/error.h"
#include "symphony/base/text.h"

#include <algorithm>

namespace symphony::bench {

const std::vector<QualityRow>& quality_rows() {
    const auto bai = [](double nats, const char* model) {
        return PublishedFigure{nats, model, "Bai et al. 2018, table 1", false,
                               /*after_first=*/true};
    };
    const auto boulanger = [](double nats, const char* model) {
        return PublishedFigure{nats, model, "Boulanger-Lewandowski et al. 2012, table 1"};
    };
    static const std::vector<QualityRow> rows = {
        {.name = "jsb-lstm",
         .set = QualitySet::kJsbFrames,
         .published = {bai(8.43, "GRU"), bai(8.45, "LSTM"), bai(8.10, "TCN, 0.3 M")}},
        {.name = "jsb-rnn",
         .set = QualitySet::kJsbFrames,
         .published = {bai(8.91, "RNN"), boulanger(8.71, "RNN")}},
        {.name = "nottingham-lstm",
         .set = QualitySet::kNottinghamFrames,
         .published = {bai(3.29, "LSTM"), bai(3.07, "TCN, 1 M")}},
        {.name = "nottingham-rnn",
         .set = QualitySet::kNottinghamFrames,
         .published = {bai(4.05, "RNN"), boulanger(4.46, "RNN")}},
        {.name = "chorale16",
         .set = QualitySet::kChorales16,
         .on_valid = true,
         .published = {{0.436, "CoCoNet, chronological", "Huang et al. 2019"},
                       {0.335, "Music Transformer", "Huang et al. 2019", true}}},
    };
    return rows;
}

std::vector<QualityRow> chosen_rows(const std::string& list) {
    if (list.empty()) return quality_rows();
    std::vector<QualityRow> chosen;
    for (const std::string& name : base::split(list, ',')) {
        std::string known;
        for (const QualityRow& row : quality_rows()) {
            if (row.name == name) chosen.push_back(row);
            known += (known.empty() ? "" : ", ") + row.name;
        }
        if (chosen.empty() || chosen.back().name != name)
            throw base::Error(base::ErrorKind::kUsage,
                              "option rows: got " + name + ", expected some of " + known);
    }
    return chosen;
}

}  // namespace symphony::bench
