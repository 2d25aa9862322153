#!/usr/bin/env bash
# Runs every benchmark of a build tree; each prints its own ratios. usage: run.sh BUILD [--all] [GOOGLE-BENCHMARK OPTIONS]
# --all: the long ones too (Monte Carlo and a year of a pack; a store with ten million records; seven days read at 1 Hz and against
# InfluxDB).
set -euo pipefail
build=$1; shift
all=() options=() records=100000 range=60480
for argument in "$@"; do
  if [ "$argument" = --all ]; then all=(--all) records=10000000 range=604800; else options+=("$argument"); fi
done
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
for program in "$build"/bin/*_benchmark; do
  printf '\n== %s\n' "$(basename "$program")"
  case "$program" in
    *closed_loop*|*branch*) "$program" ;;
    *api_store*) "$program" "$folder" "$records" ;;
    *api_range*) "$program" "$folder" "$range" ;;
    *models*) "$program" "${all[@]}" "${options[@]}" ;;
    *) "$program" "${options[@]}" ;;
  esac
done
printf '\n== Device API, served on loopback\n'
"$(dirname "$0")/api/run.sh" "$build" "${all[@]}"
