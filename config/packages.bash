# shellcheck shell=bash
# What askwhy is built with, and how what is missing gets installed. Sourced by config/quickstart and
# tests/run, which set root to the folder of the clone.
: "${root:?}"

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

missing=()

# need PACKAGE COMMAND...: PACKAGE is missing when COMMAND fails.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

can_build() { echo 'int main(void) { return 0; }' | "$@" -x c -o /dev/null -; }

need_for_building() {
    need gcc command -v cc
    need libc6-dev can_build cc
    need cmake command -v cmake
    need ninja-build command -v ninja
    need pkg-config command -v pkg-config
    need libglib2.0-dev pkg-config --exists glib-2.0
    need libcurl4-openssl-dev pkg-config --exists libcurl
    need libwebsockets-dev pkg-config --exists libwebsockets
    need libcjson-dev pkg-config --exists libcjson
    need libsqlite3-dev pkg-config --exists sqlite3
    need libssl-dev pkg-config --exists libcrypto
    need ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
    need tzdata test -e /usr/share/zoneinfo/Europe/Tallinn
    # Older names, which people's profiles still carry; newer systems package them apart.
    need tzdata-legacy test -e /usr/share/zoneinfo/Asia/Calcutta
}

# Debian from 12 and Ubuntu from 24.04 have all of it; what is older lacks versions CMake asks for.
check_system() {
    local ID='' VERSION_ID='' PRETTY_NAME=''
    [ -r /etc/os-release ] && . /etc/os-release
    local packages="${missing[*]}"
    if ! command -v apt-get >/dev/null; then
        fail "${PRETTY_NAME:-this system} has no apt-get. Install what Debian calls: $packages; then run me again."
    fi
    case $ID in
    debian) [ -z "$VERSION_ID" ] || [ "${VERSION_ID%%.*}" -ge 12 ] && return ;;
    ubuntu) [ "${VERSION_ID%%.*}" -ge 24 ] && return ;;
    esac
    fail "${PRETTY_NAME:-this system} is not one I know: Debian 12 or newer, Ubuntu 24.04 or newer. Install these" \
        "yourself (cmake 3.25, glib 2.74, libcurl 7.88, libwebsockets 4.1, sqlite 3.40 or newer): $packages;" \
        "then run me again."
}

install_missing() {
    [ ${#missing[@]} -eq 0 ] && return
    check_system
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            fail "packages are missing and I am neither root nor find sudo. As root: apt-get install ${missing[*]}"
        as_root=(sudo)
        sudo -n true 2>/dev/null || [ -t 0 ] ||
            fail "sudo wants a password and there is no terminal to ask on. As root: apt-get install ${missing[*]}"
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
    say "installing ${missing[*]}"
    mkdir -p "$root/build"
    local log=$root/build/packages.log
    if ! "${apt[@]}" update >"$log" 2>&1 ||
        ! "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
        tail -n 15 "$log" >&2
        fail "apt-get could not install them (its words are above and in build/packages.log). Is the network there," \
            "and does 'apt-get update' work? Then run me again."
    fi
    missing=()
}
