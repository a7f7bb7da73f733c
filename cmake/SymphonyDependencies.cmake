# Every library comes from Debian 12; ./symphony installs what is missing.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(pugixml REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(ebur128 REQUIRED IMPORTED_TARGET libebur128)
pkg_check_modules(sndfile REQUIRED IMPORTED_TARGET sndfile)

# libtorch and OpenBLAS's OpenMP build share one thread pool; the pthread build's threads would fight libtorch's.
set(SYMPHONY_OPENBLAS_DIR /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp)
add_library(symphony_blas INTERFACE)
target_link_libraries(symphony_blas INTERFACE ${SYMPHONY_OPENBLAS_DIR}/libblas.so.3)
# An old-style rpath is searched before the alternatives system's choice, for indirect dependencies too.
target_link_options(symphony_blas INTERFACE -Wl,--disable-new-dtags,-rpath,${SYMPHONY_OPENBLAS_DIR})

if(SYMPHONY_BUILD_TESTS)
    find_package(GTest REQUIRED)
endif()
