// Titles and track names as they are met in MIDI files, a few words each: how many come back
// aright.
#include "symphony/base/text_encoding.h"

#include "base/encoded_text.h"
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symphony::base {
namespace {

struct Titles {
    const char* encoding;
    std::vector<std::string> titles;
    int wrong;  // at most
};

// clang-format off
const std::vector<Titles> kTitles{
    {"CP932", {"ショパン 夜想曲第2番", "愛をこめて花束を", "津軽海峡・冬景色", "川の流れのように", "残酷な天使のテーゼ", "上を向いて歩こう", "故郷", "荒城の月",
        "千本桜", "ドラム", "ピアノ", "ベース", "メロディ", "ストリングス", "さくらさくら", "春の海", "トルコ行進曲", "革命のエチュード", "ドラゴンクエスト序曲",
        "ファイナルファンタジー", "小さな恋のうた", "涙そうそう", "世界に一つだけの花", "君が代", "赤とんぼ", "イントロ", "サビ", "作曲:久石譲", "作曲者 滝廉太郎",
        "ﾋﾟｱﾉ", "ｷﾞﾀｰ1", "となりのトトロ", "海の見える街", "人生のメリーゴーランド", "風の通り道"}, 0},
    {"CP1252", {"Für Elise", "Präludium und Fuge", "Mädchen", "Eine kleine Nachtmusik für Streicher",
        "Gymnopédie No. 1", "Clair de lune – Debussy", "L'été indien", "La Bohème", "Ständchen", "Träumerei",
        "Flöte", "Querflöte", "Señorita", "Corazón espinado", "El cóndor pasa", "Garota de Ipanema (versão)",
        "Águas de Março", "Saudade é canção", "Così fan tutte", "È strano", "Nessun dorma - città",
        "På gensyn", "Grieg: Morgenstämning", "Sjörövarsång", "Børnesang", "Jag är så glad", "Kärlek",
        "Français", "Noël nouvelet", "Ô Canada", "© 1997 by José García", "Copyright © 1999",
        "Melodía principal", "Percusión", "Contrabaixo elétrico", "Guitare électrique",
        "Schlagzeug (gemäßigt)", "Größe", "Façade", "Café"}, 0},
    {"CP1251", {"Подмосковные вечера", "Катюша", "Очи чёрные", "Калинка", "Чайковский - Лебединое озеро",
        "Миллион алых роз", "Песня", "Соло", "Бас", "Ударные", "Гитара", "Мелодия", "Скрипка",
        "Виктор Цой - Группа крови", "В лесу родилась ёлочка", "Рахманинов", "Белые розы", "Голубой вагон",
        "Крылатые качели", "День Победы", "Ой мороз, мороз", "Скрипач на крыше", "Полонез Огинского", "Марш",
        "Вальс", "ПЕСНЯ О ДРУГЕ", "Я свободен", "Червона рута", "Щедрик"}, 1},
    {"KOI8-R", {"Подмосковные вечера", "Катюша", "Миллион алых роз", "Песня о друге", "Виктор Цой",
        "Голубой вагон"}, 0},
    {"CP1250", {"Dvořák: Rusalka", "Smetana - Má vlast, Vyšehrad", "Škoda lásky", "Píseň",
        "Zdravljica češka", "Sto lat, żyj nam", "Chopin - Mazurek, żal", "Góralu, czy ci nie żal",
        "Kołysanka", "Łzy", "Szép vagy, gyönyörű vagy", "Tavaszi szél vizet áraszt", "Magyar táncok, ötödik",
        "Hřbitov", "Žluťoučký kůň"}, 4},
    {"CP936", {"茉莉花", "月亮代表我的心", "梁祝小提琴协奏曲", "青花瓷 周杰伦", "甜蜜蜜", "二泉映月", "钢琴", "吉他", "主旋律", "贝斯", "鼓", "朋友",
        "一剪梅", "东方红", "我的祖国"}, 5},
    {"CP949", {"아리랑", "애국가", "고향의 봄", "피아노", "드럼", "멜로디", "기타", "사랑했지만", "서른 즈음에", "겨울연가", "네 잎 클로버",
        "도라지타령"}, 1},
    {"CP950", {"月亮代表我的心", "茉莉花", "望春風", "鋼琴", "吉他", "主旋律", "朋友", "甜蜜蜜", "雨夜花", "梅花"}, 0},
    {"CP850", {"Für Elise", "Präludium", "Flöte und Fagott", "Gymnopédie"}, 0},
    {"CP1253", {"Ζορμπάς", "Τα παιδιά του Πειραιά", "Συρτάκι", "Μελωδία"}, 0},
};
// clang-format on

TEST(TextTitles, ShortTitlesComeBack) {
    for (const Titles& each : kTitles) {
        int wrong = 0;
        std::string which;
        for (const std::string& title : each.titles) {
            const std::string bytes = test::encoded(title, each.encoding);
            const std::string found = detect_encoding(bytes);
            if (TextDecoder(found).to_utf8(bytes) == title) continue;
            ++wrong;
            which += title + " as " + found + "; ";
        }
        EXPECT_LE(wrong, each.wrong) << each.encoding << ": " << which;
    }
}

}  // namespace
}  // namespace symphony::base
