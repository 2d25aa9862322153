# Compiler options for every target: warnings are errors, and the same bits on every processor
# (no contraction of a*b+c, no fast-math, no -march), because trace hashes must agree between machines.
add_library(packbench_options INTERFACE)
target_compile_options(packbench_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wno-sign-conversion -ffp-contract=off
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)
if(PACKBENCH_FUZZ)  # coverage for the fuzzer to follow, and sanitizers for it to hit; every program takes part
  target_compile_options(packbench_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(packbench_options INTERFACE -fsanitize=address,undefined)
endif()
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # false alarms, in <regex> for one (gcc bug 105562)
  target_compile_options(packbench_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_include_directories(packbench_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)

# packbench_library(NAME SOURCES... ) : a static library with the project's options.
function(packbench_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PUBLIC packbench_options)
endfunction()

# packbench_test(NAME SOURCES... LIBS...) : one GoogleTest program; every TEST becomes a ctest case.
function(packbench_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;LABELS" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE packbench_options ${ARG_LIBS} GTest::gmock GTest::gtest_main)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
