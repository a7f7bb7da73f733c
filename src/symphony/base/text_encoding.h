// Which encoding bytes of text are in, where nobody says: names and lyrics of MIDI files are in
// whatever their author's machine spoke. Source: own; conversion by the C library's iconv.
// Of 170 real titles this reads more aright than libuchardet, which is made for longer texts: see
// docs/robustness.md.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace symphony::base {

// The encoding that `sample` is most probably in, as iconv calls it: "UTF-8" if it is valid UTF-8,
// else one of CP932 (Shift-JIS), CP936, CP949, CP950, CP1250, CP1251, CP1252, CP1253, KOI8-R,
// CP866, CP850, MACINTOSH, or "ISO-8859-1" where none of them fits. Judged by how much the decoded
// text looks like words of a language written in it; the more text of one origin, the surer. Only
// the first few KiB are looked at.
std::string detect_encoding(std::string_view sample);

// What a reader calls it: "Shift-JIS", "Windows-1251", "Latin-1", ...
std::string encoding_title(std::string_view encoding);

class IconvHandle;

// Opens an encoding once for many texts. Not to be shared between threads.
class TextDecoder {
  public:
    // An encoding that iconv does not know is read as Latin-1.
    explicit TextDecoder(const std::string& encoding);
    ~TextDecoder();
    TextDecoder(const TextDecoder&) = delete;
    TextDecoder& operator=(const TextDecoder&) = delete;

    // Bytes that the encoding does not have become U+FFFD.
    std::string to_utf8(std::string_view text) const;

  private:
    std::unique_ptr<IconvHandle> handle_;
};

}  // namespace symphony::base
