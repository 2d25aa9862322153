#!/usr/bin/env bash
# Clang's warnings as errors, clang-tidy's curated list and clang-format, over every source file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tests/structure/format.sh --check
echo "clang: building with its warnings as errors"
cmake --preset clang >/dev/null
cmake --build --preset clang
echo "clang-tidy"
find models sim fmi hil -name '*.cpp' | sort | xargs -P "$(nproc)" -n 4 clang-tidy -p build/clang --quiet
echo "clean"
