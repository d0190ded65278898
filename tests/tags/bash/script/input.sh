#!/usr/bin/env bash
source ./lib.sh
set -euo pipefail

ROOT=$(dirname "$0")
export PATH=/bin LANG
readonly LIMIT=3
declare -a ITEMS=(1 2)
ITEMS[2]=3

usage() {
    local status=$1
    INSIDE=1
    echo "usage"
    exit "$status"
}

function build {
    compile | tee log && $(find_tool cc) --version
}

in_subshell() ( cd "$ROOT" && build )

lib::my-func() { LANG=C sort; "$cmd"; ./run.sh; }

if [[ -f x ]]; then
    ONLY_IF=1
    build
fi

for item in "${ITEMS[@]}"; do build "$item"; done

trap usage EXIT
cat <<EOF
$(usage 1)
EOF
