#!/usr/bin/env bash
# The served Device API in ratios: programs are started on loopback, each beside its limit or its rival, in turn.
# usage: run.sh BUILD [--all]
# --all: a week of records against InfluxDB instead of a day, and more rounds.
set -euo pipefail
bin=$1/bin
api=$(dirname "$0")
days=1 rounds=3
if [ "${2:-}" = --all ]; then days=7 rounds=7; fi
"$api/latest_benchmark.py" "$bin/packbench" "$bin/api_fixed_server" --rounds "$rounds"
"$api/ingest_benchmark.py" "$bin/packbench" "$bin/api_insert_limit" "$bin/api_post_load" --rounds "$rounds"
"$api/influx_benchmark.py" "$bin/packbench" "$bin/api_post_load" --rounds "$rounds" --days "$days"
