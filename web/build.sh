#!/usr/bin/env bash
# Builds src/repomap_fast/reporting/page/echarts.min.js from the versions that package-lock.json pins. It needs npm, and
# is run only when the library or the list of charts changes: the bundle is kept in the tree.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
to=../src/repomap_fast/reporting/page
version=$(node -p 'require("./package.json").dependencies.echarts')

npm ci --ignore-scripts --no-audit --no-fund
banner="/*! Apache ECharts $version, Apache-2.0, with zrender and d3 (BSD-3-Clause) and tslib (0BSD): licenses/ has their texts */"
npx esbuild charts.js --bundle --minify --format=iife --global-name=echarts --target=es2020 --charset=ascii \
  --legal-comments=none --banner:js="$banner" --outfile="$to/echarts.min.js"
mkdir -p "$to/licenses"
for name in echarts zrender tslib; do
  cp "node_modules/$name/LICENSE"* "$to/licenses/$name.txt"
done
cp node_modules/echarts/NOTICE "$to/licenses/echarts-notice.txt"
cp node_modules/echarts/licenses/LICENSE-d3 "$to/licenses/d3.txt"
