#!/usr/bin/env bash
# Runs every benchmark of a build tree; each prints its own ratios. usage: run.sh BUILD [GOOGLE-BENCHMARK OPTIONS]
set -euo pipefail
build=$1; shift
for program in "$build"/bin/*_benchmark; do
  printf '\n== %s\n' "$(basename "$program")"
  case "$program" in *closed_loop*) "$program" ;; *) "$program" "$@" ;; esac
done
