# add_symphony_floor(NAME SOURCES ... LINKS ... PRIVATE_LINKS ...)
# One static library per floor of the house, symphony_<name> alias symphony::<name>. LINKS states exactly which lower
# floors and libraries its headers need; PRIVATE_LINKS what only its sources need.
add_library(symphony_compile_options INTERFACE)
target_compile_options(symphony_compile_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
                       -Wno-missing-field-initializers  # designated initialisers
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # a false alarm of g++ 12
                       $<$<BOOL:${SYMPHONY_WERROR}>:-Werror> $<$<BOOL:${SYMPHONY_ASSERTS}>:-UNDEBUG>)
if(SYMPHONY_SANITIZE)
    target_compile_options(symphony_compile_options INTERFACE -fsanitize=${SYMPHONY_SANITIZE} -fno-sanitize-recover=all
                           -fno-omit-frame-pointer)
    target_link_options(symphony_compile_options INTERFACE -fsanitize=${SYMPHONY_SANITIZE})
endif()
if(SYMPHONY_FUZZ)
    # Coverage for libFuzzer in every floor; the fuzz targets themselves link its main.
    target_compile_options(symphony_compile_options INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(symphony_compile_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

function(add_symphony_floor name)
    cmake_parse_arguments(FLOOR "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
    add_library(symphony_${name} STATIC ${FLOOR_SOURCES})
    add_library(symphony::${name} ALIAS symphony_${name})
    target_include_directories(symphony_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(symphony_${name} PUBLIC symphony_compile_options ${FLOOR_LINKS} PRIVATE ${FLOOR_PRIVATE_LINKS})
endfunction()

# add_symphony_test(NAME SOURCES ... LINKS ... [LABELS ...] [TIMEOUT s])
# One GoogleTest program; ctest sees it as one test per program. Labels: unit property golden gradient parity cli slow.
function(add_symphony_test name)
    cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
    if(NOT T_LABELS)
        set(T_LABELS unit)
    endif()
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 120)
    endif()
    add_executable(${name} ${T_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE ${T_LINKS} GTest::gtest_main)
    target_compile_definitions(${name} PRIVATE SYMPHONY_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                               SYMPHONY_BINARY_DIR="${PROJECT_BINARY_DIR}")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT})
endfunction()

# Runs a test a second time as on a CPU without AVX-512 and AMX.
function(also_test_on_avx2 name)
    add_test(NAME ${name}_avx2 COMMAND ${name})
    set_tests_properties(${name}_avx2 PROPERTIES LABELS unit TIMEOUT 120 ENVIRONMENT SYMPHONY_CPU=avx2)
endfunction()
