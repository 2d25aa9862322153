#!/usr/bin/env bash
# clang-format over every source file. usage: format.sh [--check]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mapfile -t sources < <(find models sim fmi hil bindings tests \( -name '*.h' -o -name '*.c' -o -name '*.cpp' \) | sort)
if [ "${1:-}" = --check ]; then
  clang-format --dry-run --Werror "${sources[@]}"
  echo "${#sources[@]} files are formatted"
else
  clang-format -i "${sources[@]}"
fi
