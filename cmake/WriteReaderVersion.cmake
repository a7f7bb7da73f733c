# cmake -DSOURCES=a;b -DOUTPUT=reader_version.h -P WriteReaderVersion.cmake: a header with a hash of the sources.
set(hashes "")
foreach(source IN LISTS SOURCES)
    file(SHA256 ${source} hash)
    string(APPEND hashes ${hash})
endforeach()
string(SHA256 version "${hashes}")
file(WRITE ${OUTPUT} "#pragma once
namespace symphony::corpus {
inline constexpr const char* kReaderVersion = \"${version}\";
}
")
