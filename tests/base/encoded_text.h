// Text in the encodings of old files, for tests.
#pragma once

#include <gtest/gtest.h>
#include <iconv.h>

#include <string>

namespace symphony::base::test {

// `utf8` as bytes of `encoding`, by the C library.
inline std::string encoded(std::string utf8, const std::string& encoding) {
    const iconv_t handle = ::iconv_open(encoding.c_str(), "UTF-8");
    std::string out(utf8.size() * 2, '\0');
    char* from = utf8.data();
    char* to = out.data();
    std::size_t left = utf8.size(), room = out.size();
    EXPECT_EQ(::iconv(handle, &from, &left, &to, &room), 0u) << utf8 << " as " << encoding;
    ::iconv_close(handle);
    out.resize(out.size() - room);
    return out;
}

}  // namespace symphony::base::test
