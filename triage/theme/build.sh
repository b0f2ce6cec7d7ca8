#!/bin/sh
# Rebuilds triage/static/vendor. Needs Node.js 20 and the npm registry; nothing else in this project needs either.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
vendor="$here/../static/vendor"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --no-audit --no-fund --ignore-scripts govuk-frontend@6.3.0 sass@1.108.2 htmx.org@4.0.1
npx sass --no-source-map --style=compressed --quiet-deps --load-path=node_modules \
    "$here/theme.scss" "$vendor/govuk-frontend-6.3.0.min.css"
# The maps are not shipped, so the last line that points to one goes.
without_map() { sed 's,//# sourceMappingURL=.*$,,' "$1" > "$2"; }
without_map node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js "$vendor/govuk-frontend-6.3.0.min.js"
without_map node_modules/htmx.org/dist/htmx.min.js "$vendor/htmx-4.0.1.min.js"
without_map node_modules/htmx.org/dist/ext/hx-sse.min.js "$vendor/htmx-sse-4.0.1.min.js"
cp node_modules/htmx.org/LICENSE "$vendor/htmx-4.0.1.LICENSE.txt"
