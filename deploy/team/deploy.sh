#!/bin/sh
# Tells the server of PREFECT_API_URL where input and output are, makes the work pool, and deploys; may be run again.
#   deploy/team/deploy.sh /srv/banmian/pages /srv/banmian/output
set -eu
[ $# -eq 2 ] || { echo "usage: $0 INPUT OUTPUT (as the workers see them)" >&2; exit 2; }
for place in "$@"; do
  case $place in /* | *://*) ;; *) echo "$0: not an absolute path or a URL: $place" >&2; exit 2 ;; esac
done
PATH=$(dirname "$0")/../../.venv/bin:$PATH
cd "$(dirname "$0")/../.."
prefect variable set banmian_input "$1" --overwrite
prefect variable set banmian_output "$2" --overwrite
prefect work-pool create banmian --type process --overwrite
prefect --no-prompt deploy --all
