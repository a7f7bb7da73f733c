// Names and lyrics as the machines of their authors wrote them: the encoding is recognised and the
// words come back.
#include "symphony/base/text_encoding.h"

#include "base/encoded_text.h"
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symphony::base {
namespace {

using test::encoded;

struct Case {
    std::string encoding;
    std::string text;
};

TEST(TextEncoding, IsRecognisedAndTheWordsComeBack) {
    const std::vector<Case> cases{
        {"CP1252", "Für Elise"},
        {"CP1252", "Prélude à l’après-midi d’un faune"},
        {"CP1252", "Canción de cuna"},
        {"CP1252", "Não há, coração"},
        {"CP1252", "Sjätte sången: Bjørn, Åse och Ærø"},
        {"CP1252", "GRÜSSE – Flöte, Schlußchor"},
        {"CP1252", "© 1998 J. Müller"},
        {"CP1250", "Dvořák: Slovanské tance, třetí řada"},
        {"CP1250", "Książę i łąka, żółty"},
        {"CP1250", "Erdő mélyén – hűvös, tűz"},
        {"CP1251", "Песня о Родине"},
        {"CP1251", "ПОДМОСКОВНЫЕ ВЕЧЕРА"},
        {"CP1251", "Соло"},
        {"KOI8-R", "Калинка, малинка моя"},
        {"CP866", "Очи чёрные"},
        {"CP1253", "Ζορμπάς: το συρτάκι της Κρήτης"},
        {"CP850", "Müller: Frühling für Flöte und Fagott"},
        {"MACINTOSH", "Frühling für Flöte"},
        {"CP932", "さくらさくら"},
        {"CP932", "愛の歌"},
        {"CP932", "ピアノ 第1楽章"},
        {"CP932", "ﾋﾟｱﾉ ｿﾛ"},
        {"CP936", "茉莉花 钢琴独奏"},
        {"CP949", "아리랑 피아노"},
        {"CP950", "月亮代表我的心"},
        {"CP850", "Flöte und Fagott"},
        {"CP850", "Gymnopédie"},
    };
    for (const Case& each : cases) {
        SCOPED_TRACE(each.encoding + ": " + each.text);
        const std::string bytes = encoded(each.text, each.encoding);
        EXPECT_EQ(detect_encoding(bytes), each.encoding);
        EXPECT_EQ(TextDecoder(detect_encoding(bytes)).to_utf8(bytes), each.text);
    }
}

TEST(TextEncoding, Utf8StaysWhatItIs) {
    EXPECT_EQ(detect_encoding(""), "UTF-8");
    EXPECT_EQ(detect_encoding("plain"), "UTF-8");
    EXPECT_EQ(detect_encoding("Für Elise, さくら"), "UTF-8");
}

TEST(TextEncoding, BytesOfNoEncodingStillGiveUtf8) {
    std::string every;
    for (int value = 1; value < 256; ++value) every += static_cast<char>(value);
    const std::string encoding = detect_encoding(every);
    EXPECT_EQ(detect_encoding(TextDecoder(encoding).to_utf8(every)), "UTF-8");
    EXPECT_EQ(TextDecoder("CP1252").to_utf8("a\x81z"), "a\xEF\xBF\xBDz");
    EXPECT_EQ(TextDecoder("no such encoding").to_utf8("\xE9"), "é");
}

TEST(TextEncoding, LongTextIsJudgedByItsBeginning) {
    std::string lyrics;
    while (lyrics.size() < 100'000) lyrics += encoded("よろしく、", "CP932");
    EXPECT_EQ(detect_encoding(lyrics), "CP932");
}

TEST(TextEncoding, TitlesAreForReaders) {
    EXPECT_EQ(encoding_title("CP932"), "Shift-JIS");
    EXPECT_EQ(encoding_title("CP1251"), "Windows-1251");
    EXPECT_EQ(encoding_title("ISO-8859-1"), "Latin-1");
    EXPECT_EQ(encoding_title("KOI8-R"), "KOI8-R");
}

}  // namespace
}  // namespace symphony::base
