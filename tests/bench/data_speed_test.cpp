// What is measured of reading music, and how other programs are asked; not how fast anything is.
#include "symphony/bench/data_speed.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/bench/data_peers.h"
#include "symphony/io/midi_writer.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

namespace symphony::bench {
namespace {

namespace fs = std::filesystem;

score::Score scale(int notes) {
    score::Score score;
    score::Part& part = score.parts.emplace_back();
    for (int i = 0; i < notes; ++i)
        part.notes.push_back({.onset = score::Ticks{480 * i},
                              .duration = score::Ticks{480},
                              .pitch = static_cast<std::uint8_t>(60 + i)});
    return score;
}

fs::path folder_of_three() {
    const fs::path folder = test_support::fresh_folder("music");
    io::write_midi_file(folder / "a.mid", scale(3));
    io::write_midi_file(folder / "b.mid", scale(5));
    base::write_file_atomically(folder / "broken.mid", "no MIDI at all");
    return folder;
}

// A program in place of Python that says `answer`, whatever it is asked.
Peers answering(const std::string& answer) {
    const fs::path folder = test_support::fresh_folder("peer");
    const fs::path program = folder / "python";
    base::write_file_atomically(program, "#!/bin/sh\ncat >" + (folder / "asked").string() +
                                             "\necho \"$@\" >" + (folder / "words").string() +
                                             "\n" + answer + "\n");
    fs::permissions(program, fs::perms::owner_all);
    return {.python = program, .script = folder / "peers.py", .seconds = 1, .rounds = 3};
}

TEST(DataSpeed, MeasuresEveryTaskOnTheFilesThatCanBeRead) {
    const DataSpeed speed =
        measure_data_speed(folder_of_three(), 2, nullptr, base::silent_progress());
    EXPECT_EQ(speed.files, 2U);
    EXPECT_EQ(speed.notes, 8);
    ASSERT_EQ(speed.tasks.size(), 5U);
    for (const TaskSpeed& task : speed.tasks) {
        EXPECT_GT(task.seconds, 0) << task_name(task.task);
        EXPECT_TRUE(task.peers.empty());
    }
    EXPECT_EQ(speed.tasks[0].counted, 8) << "notes read";
    EXPECT_GT(speed.tasks[1].counted, 8 * 2) << "ids: more than two a note";
    EXPECT_EQ(speed.tasks[3].counted, 2 * 14) << "MusPy's metrics of each file";
    EXPECT_EQ(speed.tasks[4].counted, 8) << "notes counted";
    EXPECT_EQ(speed.threads, 2);
    EXPECT_GT(speed.parallel_seconds, 0);
    EXPECT_EQ(speed.to_json()["tasks"].size(), 5U);
}

TEST(DataSpeed, NoMusicIsAnError) {
    EXPECT_THROW(measure_data_speed(test_support::fresh_folder("empty"), 1, nullptr,
                                    base::silent_progress()),
                 base::Error);
}

TEST(DataPeers, TakeTheFilesAndSayWhatTheyDid) {
    const Peers peers = answering(
        R"(echo '{"version": "1.2", "done": [1], "failed": 1, "seconds": 0.5, "passes": 3}')");
    const PeerRun run =
        run_peer({"symusic", "read"}, peers, {"x/first.mid", "x/second.mid"}, "x/tokenizer.json");
    EXPECT_EQ(run.version, "1.2");
    EXPECT_EQ(run.done, std::vector<std::size_t>{1});
    EXPECT_EQ(run.failed, 1U);
    EXPECT_DOUBLE_EQ(run.seconds, 0.5);
    const fs::path folder = peers.python.parent_path();
    EXPECT_EQ(base::read_file(folder / "asked").value(), "x/first.mid\nx/second.mid\n");
    EXPECT_EQ(base::read_file(folder / "words").value(),
              peers.script.string() + " read symusic x/tokenizer.json 1\n");
}

TEST(DataPeers, OursIsMeasuredOnWhatTheyDid) {
    const Peers peers =
        answering(R"(echo '{"version": "1", "done": [0], "failed": 0, "seconds": 3.0}')");
    const DataSpeed speed =
        measure_data_speed(folder_of_three(), 1, &peers, base::silent_progress());
    const std::vector<PeerSpeed>& read = speed.tasks[0].peers;
    ASSERT_EQ(read.size(), peers_for(DataTask::kRead).size());
    EXPECT_EQ(read[0].files, 1U);
    EXPECT_DOUBLE_EQ(read[0].ratio(), 3.0 / read[0].our_seconds);
}

TEST(DataPeers, WhatTheySaidIsToldWhenTheyFail) {
    const Peers peers = answering("echo 'no module named symusic' >&2; exit 1");
    try {
        run_peer({"symusic", "read"}, peers, {"x.mid"}, "t.json");
        FAIL() << "a failed program is an error";
    } catch (const base::Error& error) {
        EXPECT_NE(error.message.find("no module named symusic"), std::string::npos);
        EXPECT_NE(error.hint.find("peers-venv.sh"), std::string::npos);
    }
}

}  // namespace
}  // namespace symphony::bench
