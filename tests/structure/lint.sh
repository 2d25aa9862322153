#!/usr/bin/env bash
# Clang's warnings, clang-tidy's curated list and clang-format, over every source file. usage: lint.sh [--fix]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mapfile -t sources < <(git ls-files 'models/*' 'sim/*' 'hil/*' 'bindings/*' 'tests/*' | grep -E '\.(h|c|cpp)$')
if [ "${1:-}" = --fix ]; then clang-format -i "${sources[@]}"; exit; fi
echo "clang-format: ${#sources[@]} files"
clang-format --dry-run --Werror "${sources[@]}"
echo "clang: building with its warnings as errors"
cmake --preset clang >/dev/null
cmake --build --preset clang
echo "clang-tidy"
mapfile -t units < <(printf '%s\n' "${sources[@]}" | grep -E '^(models|sim|hil)/.*\.cpp$')
printf '%s\n' "${units[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p build/clang --quiet
echo "clean"
