#!/bin/sh
# Installs this bundle without a network: sh install.sh [FOLDER], /opt/xiaoneng if none is named.
# Each version gets a folder of its own in it, and `current` leads to the one installed last, so
# that going back is: ln -sfn OLDER-VERSION FOLDER/current
set -eu

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

target=${1:-/opt/xiaoneng}
case $target in
    /*) ;;
    *) target=$PWD/$target ;;
esac
cd "$(dirname "$0")"
version=$(cat VERSION)
home=$target/$version

[ "$(uname -s)-$(uname -m)" = "Linux-$(cat ARCHITECTURE)" ] ||
    fail "this bundle is for Linux on $(cat ARCHITECTURE), this machine is $(uname -s) on $(uname -m)"
[ ! -e "$home" ] || fail "$home is there already; remove it to install this version again"
sha256sum --quiet --check SHA256SUMS || fail "the bundle was damaged or altered on its way"

python=
for each in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    if [ -n "$each" ] && "$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        python=$each
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11, 3.12 or 3.13 is needed: PYTHON=/path/to/python3.11 sh install.sh"

mkdir -p "$target"
trap 'rm -rf "$home"' EXIT
trap 'exit 1' INT TERM HUP
"$python" -m venv "$home" || fail "$python makes no virtual environment (Debian: python3-venv)"
# -I: whatever PYTHONPATH and PIP_* say here, only what the sums vouch for is installed
PIP_CONFIG_FILE=/dev/null "$home/bin/python" -I -m pip --isolated install --quiet --disable-pip-version-check \
    --no-index --find-links wheels --only-binary :all: --require-hashes -r requirements.txt
"$home/bin/xiaoneng" --help >/dev/null
trap - EXIT
ln -sfn "$version" "$target/current"

echo "xiaoneng $version is installed in $home"
echo "next: $target/current/bin/xiaoneng --help"
