#include "symphony/base/text_encoding.h"

#include "symphony/base/text.h"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace symphony::base {

class IconvHandle {
  public:
    IconvHandle(const char* to, const char* from) : handle_(::iconv_open(to, from)) {}
    ~IconvHandle() {
        if (known()) ::iconv_close(handle_);
    }
    IconvHandle(const IconvHandle&) = delete;
    IconvHandle& operator=(const IconvHandle&) = delete;

    bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
    // Converts from the front of `in` until it ends or a byte does not fit; takes off what it read.
    std::string convert(std::string_view& in) {
        std::string out;
        std::array<char, 1024> block{};

        while (!in.empty()) {
            char* from = const_cast<char*>(in.data());
            std::size_t left = in.size();
            char* to = block.data();
            std::size_t room = block.size();
            const std::size_t got = ::iconv(handle_, &from, &left, &to, &room);
            const bool is_full = got == static_cast<std::size_t>(-1) && errno == E2BIG;
            out.append(block.data(), block.size() - room);
            in.remove_prefix(in.size() - left);
            if (got == static_cast<std::size_t>(-1) && !is_full) break;
        }
        ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
        return out;
    }

  private:
    iconv_t handle_;
};

namespace {

constexpr std::size_t kLongestSample = 4096;

// Open as long as the thread lives: opening one loads a library, which for a folder of small files
// takes longer than reading them.
IconvHandle& code_points_of(const std::string& encoding) {
    thread_local std::map<std::string, IconvHandle> handles;
    return handles.try_emplace(encoding, "UTF-32LE", encoding.c_str()).first->second;
}

// All of `text`, or nothing if a byte of it does not exist in `encoding`.
std::optional<std::u32string> decoded(std::string_view text, const char* encoding) {
    IconvHandle& handle = code_points_of(encoding);
    if (!handle.known()) return std::nullopt;
    const bool is_cut = text.size() == kLongestSample;
    const std::string bytes = handle.convert(text);
    // A sample that was cut inside its last character is no reason to doubt.
    if (text.size() > (is_cut ? 1u : 0u)) return std::nullopt;
    std::u32string points(bytes.size() / 4, U'\0');
    for (std::size_t i = 0; i < points.size(); ++i)
        for (std::size_t byte = 4; byte-- > 0;)
            points[i] = (points[i] << 8) | static_cast<unsigned char>(bytes[i * 4 + byte]);
    return points;
}

// A language in one of its encodings. `letters` are those beyond ASCII, the most frequent
// first.
struct Language {
    const char* encoding;
    std::u32string_view lower;
    std::u32string_view upper;
    bool is_whole_alphabet;  // its words have no ASCII letters
    double prior;
};

constexpr std::u32string_view kRussian = U"оеаинтсрвлкмдпуяызьбгчйхжшюцщэфъё";
constexpr std::u32string_view kRussianUpper = U"ОЕАИНТСРВЛКМДПУЯЫЗЬБГЧЙХЖШЮЦЩЭФЪЁ";
constexpr std::u32string_view kGreek = U"αοιετσνηυρπκμςλωάόίέήδγύθχφβώξζψϊ";
constexpr std::u32string_view kGreekUpper = U"ΑΟΙΕΤΣΝΗΥΡΠΚΜΛΩΆΌΊΈΉΔΓΎΘΧΦΒΏΞΖΨ";
constexpr std::u32string_view kGerman = U"üäöß", kGermanUpper = U"ÜÄÖ";
constexpr std::u32string_view kFrench = U"éèàêçôîûâùëïœ", kFrenchUpper = U"ÉÈÀÊÇÔÎÛÂŒ";
constexpr std::u32string_view kIberian = U"ãçéáíóñúõêâôàü", kIberianUpper = U"ÃÇÉÁÍÓÑÚÕÊÂÔ";
constexpr std::u32string_view kItalian = U"àèòùìéó", kItalianUpper = U"ÀÈÒÙÌÉ";
constexpr std::u32string_view kNordic = U"äöåøæéü", kNordicUpper = U"ÄÖÅØÆÉ";
constexpr std::u32string_view kCzech = U"áíéěřčžýšůúťňďóľôäĺŕ", kCzechUpper = U"ÁÍÉĚŘČŽÝŠŮÚŤŇĎÓĽ";
constexpr std::u32string_view kPolish = U"łóęąśćżńź", kPolishUpper = U"ŁÓĘĄŚĆŻŃŹ";
constexpr std::u32string_view kHungarian = U"áéőóöíüúű", kHungarianUpper = U"ÁÉŐÓÖÍÜÚŰ";
constexpr std::u32string_view kBalkan = U"ăčžšćîâşţđ", kBalkanUpper = U"ĂČŽŠĆÎÂŞŢĐ";

constexpr std::array kLanguages{
    Language{"CP1252", kGerman, kGermanUpper, false, 1.0},
    Language{"CP1252", kFrench, kFrenchUpper, false, 1.0},
    Language{"CP1252", kIberian, kIberianUpper, false, 1.0},
    Language{"CP1252", kItalian, kItalianUpper, false, 1.0},
    Language{"CP1252", kNordic, kNordicUpper, false, 1.0},
    Language{"CP1250", kCzech, kCzechUpper, false, 0.0},
    Language{"CP1250", kPolish, kPolishUpper, false, 0.0},
    Language{"CP1250", kHungarian, kHungarianUpper, false, 0.0},
    Language{"CP1250", kBalkan, kBalkanUpper, false, -0.5},
    Language{"CP850", kGerman, kGermanUpper, false, -0.5},
    Language{"CP850", kFrench, kFrenchUpper, false, -0.5},
    Language{"CP850", kIberian, kIberianUpper, false, -0.5},
    Language{"CP850", kNordic, kNordicUpper, false, -0.5},
    Language{"MACINTOSH", kGerman, kGermanUpper, false, -1.0},
    Language{"MACINTOSH", kFrench, kFrenchUpper, false, -1.0},
    Language{"MACINTOSH", kIberian, kIberianUpper, false, -1.0},
    Language{"CP1251", kRussian, kRussianUpper, true, 0.5},
    Language{"KOI8-R", kRussian, kRussianUpper, true, -0.5},
    Language{"CP866", kRussian, kRussianUpper, true, -0.5},
    Language{"CP1253", kGreek, kGreekUpper, true, -0.5},
};

constexpr std::u32string_view kPunctuation = U"’‘“”„–—…«»©®°ªº¡¿№·•™´\u00A0";

bool is_ascii_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

// A neighbour inside the same word.
bool is_word(char32_t c) { return is_ascii_letter(c) || c >= 0xAA; }

struct Neighbours {
    char32_t before = U' ', after = U' ';
};

// From 2 for the most frequent letter to 0; nothing if it is none of the language's.
std::optional<double> letter_weight(std::u32string_view letters, char32_t c) {
    const std::size_t rank = letters.find(c);
    if (rank == std::u32string_view::npos) return std::nullopt;
    return 2.0 - 2.0 * static_cast<double>(rank) / static_cast<double>(letters.size());
}

double score_of(const Language& language, char32_t c, Neighbours by) {
    constexpr double kForeign = -3, kMisplaced = -3;
    if (kPunctuation.find(c) != std::u32string_view::npos) {
        const bool is_inside = is_ascii_letter(by.before) && is_ascii_letter(by.after);
        if (c == U'’') return 1;
        return is_inside ? kMisplaced : 0.5;
    }
    const auto lower = letter_weight(language.lower, c);
    const auto upper = letter_weight(language.upper, c);
    if (!lower && !upper) return kForeign;
    if (language.is_whole_alphabet) {
        // Letters of two alphabets in one word; a final sigma inside one.
        if (is_ascii_letter(by.before) || is_ascii_letter(by.after)) return kMisplaced;
        if (c == U'ς' && is_word(by.after)) return kMisplaced;
    } else if (by.before >= 0xAA && by.after >= 0xAA) {
        return kMisplaced;  // three accented letters in a row
    }
    const bool follows_lower = (by.before >= U'a' && by.before <= U'z') ||
                               language.lower.find(by.before) != std::u32string_view::npos;
    if (upper) return follows_lower ? kMisplaced : *upper - 0.3;
    return *lower;
}

double score_of(const Language& language, const std::u32string& text) {
    double score = language.prior;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] < 0x80) continue;
        Neighbours by;
        if (i > 0) by.before = text[i - 1];
        if (i + 1 < text.size()) by.after = text[i + 1];
        score += score_of(language, text[i], by);
    }
    return score;
}

// The East Asian encodings are judged by the bytes: the common characters of each lie in rows
// of their own.
double score_japanese(std::string_view text) {
    double score = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) continue;
        if (first >= 0xA1 && first <= 0xDF) {  // half-width katakana, a byte each
            const auto is_half_width = [&](std::size_t at) {
                const auto byte = at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
                return byte >= 0xA1 && byte <= 0xDF;
            };
            score += is_half_width(i + 1) || (i > 0 && is_half_width(i - 1)) ? 1.15 : -3;
            continue;
        }
        const auto second = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1])
                                                : static_cast<unsigned char>(0);
        const bool is_inside = i > 0 && i + 2 < text.size() && is_ascii_letter(text[i - 1]) &&
                               is_ascii_letter(text[i + 2]);
        ++i;
        const bool is_kana = (first == 0x82 && second >= 0x9F) || (first == 0x83 && second <= 0x96);
        const bool is_mark = first == 0x81 && (second <= 0x5B || second >= 0x60) && second <= 0x9F;
        const bool is_full_width = first == 0x82 && second >= 0x4F && second <= 0x9A;
        if (is_kana)
            score += 4;
        else if (is_inside)
            score -= 3;  // the middle of a word in Latin letters
        else if (is_full_width || (first >= 0x88 && first <= 0x97))
            score += 2.5;
        else
            score += is_mark ? 1 : -2;
    }
    return score;
}

// Two-byte sets in rows from 0xA1: those of `last_common` and before, from 0xB0, are the common
// ones (Hangul of CP949; the first level of Chinese characters in CP936).
double score_rows(std::string_view text, unsigned char last_common) {
    double score = -1;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) continue;
        const auto second = static_cast<unsigned char>(text[++i]);
        if (first >= 0xB0 && first <= last_common && second >= 0xA1)
            score += 2.2;
        else
            score += first <= 0xA3 && second >= 0xA1 ? 0.5 : -3;
    }
    return score;
}

// Big5: the common characters are those of the rows 0xA4 to 0xC6, in two halves.
double score_traditional_chinese(std::string_view text) {
    double score = -1.5;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) continue;
        ++i;
        const bool is_common = first >= 0xA4 && first <= 0xC6;
        const bool is_mark = first >= 0xA1 && first <= 0xA3;
        score += is_common ? 2.1 : is_mark ? 0.5 : first >= 0xC9 ? -1 : -3;
    }
    return score;
}

struct Best {
    std::string encoding = "ISO-8859-1";
    double score = -1e9;

    void offer(const char* candidate, double its_score) {
        if (its_score <= score) return;
        encoding = candidate;
        score = its_score;
    }
};

}  // namespace

std::string detect_encoding(std::string_view sample) {
    if (is_utf8(sample)) return "UTF-8";
    sample = sample.substr(0, kLongestSample);
    Best best;
    if (decoded(sample, "CP932")) best.offer("CP932", score_japanese(sample));
    constexpr unsigned char kLastHangul = 0xC8, kLastCommonChinese = 0xD7;
    // Hangul lies inside the rows of common Chinese: where both fit, it is Korean.
    if (decoded(sample, "CP949")) best.offer("CP949", score_rows(sample, kLastHangul));
    if (decoded(sample, "CP936")) best.offer("CP936", score_rows(sample, kLastCommonChinese));
    if (decoded(sample, "CP950")) best.offer("CP950", score_traditional_chinese(sample));
    const char* encoding = nullptr;
    std::optional<std::u32string> text;
    for (const Language& language : kLanguages) {
        if (encoding != language.encoding) {
            encoding = language.encoding;
            text = decoded(sample, encoding);
        }
        if (text) best.offer(encoding, score_of(language, *text));
    }
    return best.encoding;
}

std::string encoding_title(std::string_view encoding) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kTitles{{
        {"CP932", "Shift-JIS"},
        {"CP936", "GBK"},
        {"CP949", "Korean (Windows-949)"},
        {"CP950", "Big5"},
        {"ISO-8859-1", "Latin-1"},
        {"MACINTOSH", "Mac Roman"},
    }};
    for (const auto& [name, title] : kTitles)
        if (name == encoding) return std::string(title);
    if (encoding.substr(0, 4) == "CP12") return "Windows-" + std::string(encoding.substr(2));
    return std::string(encoding);
}

TextDecoder::TextDecoder(const std::string& encoding)
    : handle_(std::make_unique<IconvHandle>("UTF-8", encoding.c_str())) {}

TextDecoder::~TextDecoder() = default;

std::string TextDecoder::to_utf8(std::string_view text) const {
    if (!handle_->known()) return latin1_to_utf8(text);
    std::string out;
    while (true) {
        out += handle_->convert(text);
        if (text.empty()) return out;
        out += "\xEF\xBF\xBD";  // U+FFFD
        text.remove_prefix(1);
    }
}

}  // namespace symphony::base
