#include "symphony/corpus/named_corpora.h"

#include "symphony/base/error.h"
#include "symphony/base/text.h"

#include <fmt/format.h>

#include <cstdlib>

namespace symphony::corpus {

const char* mechanism_name(Mechanism mechanism) {
    switch (mechanism) {
        case Mechanism::kPythonPackage:
            return "Python package";
        case Mechanism::kDebianPackage:
            return "Debian package";
        case Mechanism::kUrl:
            return "URL";
    }
    return "";
}

const std::vector<NamedCorpus>& named_corpora() {
    static const std::vector<NamedCorpus> table{
        {.name = "bach-chorales",
         .title = "Four-part chorales by J. S. Bach (MusicXML), carried by music21",
         .licence = "music: public domain; encodings: see the note",
         .licence_note =
             "The music is in the public domain. The encodings come with music21 (its "
             "code is BSD-3-Clause) by permission of their encoders; music21 warns that "
             "some may not be used commercially. Keep what you make from them to "
             "yourself unless you have checked.",
         .mechanism = Mechanism::kPythonPackage,
         .source = "music21==9.1.0",
         .sha256 = "f3d312159be73867bd86fb0b6f201fc7285e5f6886d6f0c0a115eeeff0e67741",
         .download_bytes = 22829555,
         .pieces = 365,
         .member_prefix = "music21/corpus/bach/",
         .endings = {".mxl", ".xml"},
         .licence_member = "music21/corpus/license.txt",
         .exact_parts = 4,
         .default_tempo_bpm = 76},
        {.name = "openmsx",
         .title = "OpenMSX, the free music of OpenTTD: multi-track MIDI with drums",
         .licence = "GPL-2.0",
         .licence_note = "OpenMSX is free software under the GNU General Public License, version "
                         "2; copyright by its various authors.",
         .mechanism = Mechanism::kDebianPackage,
         .source = "openttd-openmsx=0.4.2-1",
         .sha256 = "1a728a4ac37a1c614de1f597d3024caa7f54ce93d28f5b979b5758305b916a54",
         .download_bytes = 96384,
         .pieces = 31,
         .member_prefix = "usr/share/games/openttd/baseset/openmsx/",
         .endings = {".mid"},
         .licence_member = "usr/share/doc/openttd-openmsx/copyright"},
    };
    return table;
}

const NamedCorpus& find_named_corpus(const std::string& name) {
    std::vector<std::string> names;
    for (const NamedCorpus& corpus : named_corpora()) {
        if (corpus.name == name) return corpus;
        names.push_back(corpus.name);
    }
    const std::string nearest = base::nearest_name(name, names);
    throw base::Error(base::ErrorKind::kUsage, fmt::format("unknown corpus '{}'", name), {},
                      nearest.empty() ? "symphony corpus list shows what there is"
                                      : fmt::format("did you mean '{}'?", nearest));
}

std::filesystem::path corpora_folder() {
    const auto value = [](const char* name) {
        const char* text = std::getenv(name);
        return std::filesystem::path(text ? text : "");
    };
    // The XDG rules: a relative path is to be ignored.
    std::filesystem::path data = value("XDG_DATA_HOME");
    if (!data.is_absolute()) data = value("HOME") / ".local" / "share";
    if (!data.is_absolute())
        throw base::Error(base::ErrorKind::kInput, "neither XDG_DATA_HOME nor HOME is set", {},
                          "say where to put the corpus with -o DIR");
    return data / "symphony" / "corpora";
}

}  // namespace symphony::corpus
