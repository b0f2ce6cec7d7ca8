#!/bin/sh
# Run Python 3.11 with the arguments given. $PYTHON is tried first, then the usual names.
for candidate in "${PYTHON:-python3.11}" python3.11 python3 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then
        exec "$candidate" "$@"
    fi
done
echo "Frontdoor needs Python 3.11 and did not find it. Install it (Debian: apt-get install python3.11 python3.11-venv; Mac: brew install python@3.11), or name it: PYTHON=/path/to/python3.11 make run" >&2
exit 1
