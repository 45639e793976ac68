#!/usr/bin/env bash
# How does a fresh clone become a call that you can make? Two words: `./setup.sh run`.
#
# Safe to run twice, and to go on with after Ctrl-C: each step looks first whether its work is done. What it made is
# noted in backend/.setup/. Bash 3.2 (macOS) is enough. setup.ps1 is the same for Windows: same verbs, flags and steps.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

ROOT=$PWD
NOTES=$ROOT/backend/.setup
VENV=$ROOT/backend/.venv
VENV_PYTHON=$VENV/bin/python
STEPS=$ROOT/backend/setup_steps.py
STEP=0
STEP_COUNT=7

VERB=install
MODE=""
LIGHT=no
PORT=8000
FRONTEND_PORT=3000
PORTS_GIVEN=no
PRODUCTION=no
WITH_SYSTEM=yes

usage() {
  cat <<'USAGE'
Usage: ./setup.sh [run|test] [flags]

  (no verb)             install everything, then stop
  run                   install what is missing, start both servers, print the address and the demo account
  test                  install what is missing and what the tests need, then run every check and every test

  --light               the small recogniser (tiny.en, English only): faster, hears a little less well
  --mode mock|local     mock: stand-ins, no models at all; local: real models on this machine
  --port N              the back end's port (8000)
  --frontend-port N     the pages' port (3000)
  --production          build the pages and serve the build, instead of the development server
  --no-system           leave the system's package manager alone
  -h, --help            this text
USAGE
}

# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────

step() {
  STEP=$((STEP + 1))
  printf '[%d/%d] %s\n' "$STEP" "$STEP_COUNT" "$1"
}

say() { printf '      %s\n' "$1"; }

die() {
  printf '❌ %s\n' "$1" >&2
  exit 1
}

# ── the command line ────────────────────────────────────────────────────────────────────────────────────────────

parse_arguments() {
  while [ $# -gt 0 ]; do
    case "$1" in
      run | test) VERB=$1 ;;
      --light) LIGHT=yes ;;
      --mode | --port | --frontend-port)
        [ $# -ge 2 ] || die "$1 needs a value (./setup.sh -h)"
        take_value "$1" "$2"
        shift
        ;;
      --production) PRODUCTION=yes ;;
      --no-system) WITH_SYSTEM=no ;;
      -h | --help) usage && exit 0 ;;
      *) die "Unknown argument: $1 (./setup.sh -h lists what there is)" ;;
    esac
    shift
  done
  case "$MODE" in
    "" | mock | local) ;;
    *) die "--mode takes mock or local, not '$MODE'" ;;
  esac
  check_port_number --port "$PORT"
  check_port_number --frontend-port "$FRONTEND_PORT"
  [ "$PORT" != "$FRONTEND_PORT" ] || die "--port and --frontend-port are both $PORT: give them two different numbers"
  case "$VERB $PRODUCTION" in
    "run yes") STEP_COUNT=9 ;;
    run* | test*) STEP_COUNT=8 ;;
  esac
}

take_value() {
  case "$1" in
    --mode) MODE=$2 ;;
    --port) PORT=$2 PORTS_GIVEN=yes ;;
    --frontend-port) FRONTEND_PORT=$2 PORTS_GIVEN=yes ;;
  esac
}

check_port_number() {
  case "$2" in
    "" | *[!0-9]* | ??????*) die "$1 takes a number from 1 to 65535, not '$2'" ;;
  esac
  [ "$2" -ge 1 ] && [ "$2" -le 65535 ] || die "$1 takes a number from 1 to 65535, not '$2'"
}

# What the flags mean for this run goes through the environment, which beats backend/.env and frontend/.env.local.
export_flags() {
  export NEXT_TELEMETRY_DISABLED=1
  if [ "$VERB" = test ]; then
    [ "$LIGHT$MODE$PORTS_GIVEN$PRODUCTION" = nonono ] ||
      say "the tests choose models, ports and pages themselves: --light, --mode, --production and the ports mean nothing here"
    return
  fi
  [ -z "$MODE" ] || export AI_MODE="$MODE"
  [ "$LIGHT" = no ] || export WHISPER_MODEL=whisper-tiny.en
  if [ "$PORTS_GIVEN" = yes ]; then
    export BACKEND_URL="http://127.0.0.1:$PORT"
    export NEXT_PUBLIC_API_URL="http://localhost:$PORT"
    export FRONTEND_ORIGINS="http://localhost:$FRONTEND_PORT"
  fi
}

# ── 1 · the four tools ──────────────────────────────────────────────────────────────────────────────────────────

check_tools() {
  step "Python, Node.js, npm, git"
  find_python
  check_node
  command -v npm >/dev/null || die "npm is missing: it comes with Node.js (https://nodejs.org)"
  command -v git >/dev/null || die "git is missing: https://git-scm.com/downloads"
  say "$("$PYTHON" --version), Node.js $(node --version)"
}

find_python() {
  local candidate version seen=""
  PYTHON=""
  for candidate in python3.11 python3.12 python3.13 python3.14 python3 python; do
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if at_least "$version" 3 11; then
      PYTHON=$candidate PYTHON_VERSION=$version
      return
    fi
    seen=$version
  done
  [ -n "$seen" ] && die "Python $seen is too old: Parley needs Python 3.11 or newer (https://www.python.org/downloads)"
  die "Python is missing: Parley needs Python 3.11 or newer (https://www.python.org/downloads)"
}

check_node() {
  local version minor=0
  version=$(node --version 2>/dev/null) || die "Node.js is missing: Parley needs Node.js 20 or newer (https://nodejs.org)"
  version=${version#v}
  [ "$VERB" = test ] && minor=19
  at_least "$version" 20 $minor && return
  [ $minor = 0 ] && die "Node.js $version is too old: Parley needs Node.js 20 or newer (https://nodejs.org)"
  die "Node.js $version is too old: the tests need Node.js 20.$minor or newer (https://nodejs.org)"
}

# at_least VERSION MAJOR MINOR
at_least() {
  local major=${1%%.*} rest=${1#*.}
  local minor=${rest%%.*}
  [ "$major" -gt "$2" ] || { [ "$major" -eq "$2" ] && [ "$minor" -ge "$3" ]; }
}

check_ports() {
  [ "$VERB" = run ] || return 0
  port_is_free "$PORT" || die "Port $PORT is in use: end what runs there, or take another with --port"
  port_is_free "$FRONTEND_PORT" ||
    die "Port $FRONTEND_PORT is in use: end what runs there, or take another with --frontend-port"
}

port_is_free() { steps "$PYTHON" port-is-free "$1"; }

# steps PYTHON STEP …: a step that is the same on every system. Ctrl-C is ours to answer: Python would print a traceback
# where it comes while the interpreter starts.
steps() (
  trap '' INT
  interpreter=$1
  shift
  exec "$interpreter" "$STEPS" "$@"
)

# ── 2 · what the system's package manager brings ────────────────────────────────────────────────────────────────

install_system_packages() {
  step "System packages"
  if [ "$WITH_SYSTEM" = no ]; then
    say "left alone (--no-system)"
    return
  fi
  MISSING=""
  find_package_manager
  need has_ffmpeg ffmpeg ffmpeg ffmpeg-free ffmpeg ffmpeg
  need has_venv python3-venv "python$PYTHON_VERSION-venv" python3 python -
  if [ "$VERB" = test ]; then
    need has_chromium "Chromium or Google Chrome" "$(chromium_of_apt)" chromium chromium chromium
    need has_postgresql PostgreSQL postgresql postgresql-server postgresql postgresql@16
    need has_redis Redis redis-server redis redis redis
    need has_speech_clips pocketsphinx-testdata pocketsphinx-testdata - - -
    need has_fonts "Liberation fonts" fonts-liberation liberation-fonts ttf-liberation -
  fi
  if [ -z "$MISSING" ]; then
    say "all there"
    return
  fi
  install_packages
}

find_package_manager() {
  local candidate
  MANAGER=""
  for candidate in apt-get dnf pacman brew; do
    if command -v "$candidate" >/dev/null; then
      MANAGER=$candidate
      return
    fi
  done
}

# need PROBE NAME APT DNF PACMAN BREW: when the probe fails, the package joins MISSING ("-": that manager has none).
need() {
  local package
  "$1" && return
  case "$MANAGER" in
    apt-get) package=$3 ;;
    dnf) package=$4 ;;
    pacman) package=$5 ;;
    brew) package=$6 ;;
    *) die "$2 is missing, and no apt-get, dnf, pacman or brew is here: install it, or go on without: --no-system" ;;
  esac
  if [ "$package" = - ]; then
    say "$2 is missing and $MANAGER does not have it: the tests that need it will fail"
  else
    MISSING="$MISSING $package"
  fi
}

has_ffmpeg() { command -v ffmpeg >/dev/null; }
has_venv() { [ -x "$VENV_PYTHON" ] || "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; }
# Which browser the tests take. One that does not even tell its version is a stub: Ubuntu's package is a snap's.
has_chromium() {
  local candidate
  for candidate in "${CHROMIUM_PATH:-}" chromium google-chrome google-chrome-stable chromium-browser \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
      CHROMIUM_PATH=$(command -v "$candidate")
      return
    fi
  done
  return 1
}
chromium_of_apt() { grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null && echo - || echo chromium; }
has_postgresql() {
  command -v initdb >/dev/null || any_file '/usr/lib/postgresql/*/bin/initdb' ||
    any_file '/opt/homebrew/opt/postgresql@*/bin/initdb' || any_file '/usr/local/opt/postgresql@*/bin/initdb'
}
any_file() { compgen -G "$1" >/dev/null; }
has_redis() { command -v redis-server >/dev/null; }
has_speech_clips() { [ -d /usr/share/pocketsphinx/test/data ]; }
has_fonts() { any_file '/usr/share/fonts/*/*iberation*' || [ "$MANAGER" = brew ]; }

install_packages() {
  local run_as="" command
  case "$MANAGER" in
    apt-get) command="apt-get install -y --no-install-recommends$MISSING" ;;
    dnf) command="dnf install -y$MISSING" ;;
    pacman) command="pacman -S --needed --noconfirm$MISSING" ;;
    brew) command="brew install$MISSING" ;;
  esac
  if [ "$MANAGER" != brew ] && [ "$(id -u)" != 0 ]; then
    may_use_sudo || die "Missing:$MISSING. Type: sudo $command   (or go on without: --no-system)"
    run_as=sudo
  fi
  say "missing:$MISSING"
  say "now: ${run_as:+$run_as }$command"
  if [ "$MANAGER" = apt-get ]; then
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # empty, or one word
    $run_as apt-get update -qq || die "apt-get update failed: the lines above say why"
  fi
  # shellcheck disable=SC2086  # the words of the command are meant to split
  $run_as $command >"$NOTES/system-packages.log" 2>&1 || {
    tail -n 5 "$NOTES/system-packages.log" >&2
    die "That failed. Type: ${run_as:+$run_as }$command   (or go on without: --no-system)"
  }
}

may_use_sudo() { command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }

# ── 3 · Python packages ─────────────────────────────────────────────────────────────────────────────────────────

install_python_packages() {
  step "Python packages"
  local files="backend/requirements.txt" name=python-packages
  if [ "$VERB" = test ]; then
    files="$files backend/requirements-dev.txt"
    name=python-packages-dev
  fi
  make_venv
  local wanted
  # shellcheck disable=SC2086  # a list of files
  wanted=$(fingerprint $files)
  if is_noted "$name" "$wanted"; then
    say "up to date"
    return
  fi
  local file
  for file in $files; do
    pip_install "$file"
  done
  note "$name" "$wanted"
}

# A virtual environment is remade when it is half made, was moved, or its Python is gone or too old.
make_venv() {
  local here="$VENV"
  if is_noted venv "$here" && "$VENV_PYTHON" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    return
  fi
  [ ! -e "$VENV" ] || say "backend/.venv is not whole: making it again"
  rm -rf "$VENV" "$NOTES/python-packages" "$NOTES/python-packages-dev"
  "$PYTHON" -m venv "$VENV" >"$NOTES/venv.log" 2>&1 ||
    die "Python could not make a virtual environment. On Debian and Ubuntu type: sudo apt-get install -y python$PYTHON_VERSION-venv"
  note venv "$here"
}

pip_install() {
  local count
  count=$(grep -c '==.*\\$' "$1")
  say "$count packages from ${1#backend/}: some minutes the first time"
  "$VENV_PYTHON" -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes -r "$1" 2>&1 |
    show_collected "$count" ||
    die "pip could not install ${1#backend/}: see backend/.setup/pip.log, then start again (it goes on from here)"
}

# Keeps pip's words in a file and shows how far it is.
show_collected() {
  local line collected=0
  : >"$NOTES/pip.log"
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$NOTES/pip.log"
    case "$line" in
      Collecting\ * | Ignoring\ *) # ignored: for another system
        collected=$((collected + 1))
        progress "$collected of $1"
        ;;
      Installing\ collected*) progress "unpacking" ;;
      ERROR*) printf '\n%s\n' "$line" >&2 ;;
    esac
  done
  [ ! -t 1 ] || printf '\r%60s\r' ""
}

# One line that changes at a terminal; every twentieth step elsewhere.
progress() {
  if [ -t 1 ]; then
    printf '\r      %-50s' "$1"
  elif [[ "$1" != [0-9]* || "${1%% *}" == *[02468]0 ]]; then
    say "$1"
  fi
}

# ── what was done is noted by the hash of what it was made from ─────────────────────────────────────────────────

fingerprint() { cat "$@" | git hash-object --stdin; }
is_noted() { [ "$(cat "$NOTES/$1" 2>/dev/null)" = "$2" ]; }
note() { printf '%s\n' "$2" >"$NOTES/$1"; }

# ── 4 · the pages' packages ─────────────────────────────────────────────────────────────────────────────────────

install_page_packages() {
  step "Page packages"
  local wanted
  wanted="$(fingerprint frontend/package.json frontend/package-lock.json) $(node --version)"
  # npm writes the hidden lock file last: without it the folder is half an install.
  if is_noted page-packages "$wanted" && [ -f frontend/node_modules/.package-lock.json ]; then
    say "up to date"
    return
  fi
  say "npm ci: one to three minutes the first time"
  (cd frontend && npm ci --no-audit --no-fund --loglevel=error) ||
    die "npm ci failed: the lines above say why; start again when that is mended"
  note page-packages "$wanted"
}

# ── 5 · configuration ───────────────────────────────────────────────────────────────────────────────────────────

write_configuration() {
  step "Configuration"
  copy_example backend/.env
  copy_example frontend/.env.local frontend/.env.example
  chmod 600 backend/.env
  local answer
  answer=$(steps "$VENV_PYTHON" configure) || die "backend/.env cannot be used: the line above says why"
  read -r DRAIN_PATIENCE_SECONDS MODELS <<<"$answer"
}

copy_example() {
  local example=${2:-$1.example}
  if [ -e "$1" ]; then
    say "$1 kept as it is"
    return
  fi
  (umask 077 && cp "$example" "$1.new")
  mv "$1.new" "$1"
  say "$1 made from ${example##*/}"
}

# ── 6 · the models ──────────────────────────────────────────────────────────────────────────────────────────────

fetch_models() {
  step "Models"
  if [ "$VERB" = test ]; then
    # The tests never read backend/.env, and need the models whatever it says.
    PARLEY_TESTING=1 manage fetch_models
    return
  fi
  case "$MODELS" in
    missing) manage fetch_models ;;
    here) say "all there" ;;
    unneeded) say "not needed: no role is filled by a model of this machine" ;;
  esac
}

manage() { steps "$VENV_PYTHON" manage "$@" || die "manage.py $1 failed: the lines above say why"; }

# ── 7 · the database ────────────────────────────────────────────────────────────────────────────────────────────

prepare_database() {
  step "Database, personas, demo account"
  manage prepare --page "http://localhost:$FRONTEND_PORT" --box "$NOTES/box"
}

# ── the last steps of `run` ─────────────────────────────────────────────────────────────────────────────────────

build_pages() {
  [ "$PRODUCTION" = yes ] || return 0
  step "Building the pages"
  local wanted
  wanted=$(pages_fingerprint)
  # The build's own number goes into the note: a build that somebody else made since has another.
  if is_noted pages "$wanted $(build_id)"; then
    say "up to date"
    return
  fi
  say "one to four minutes, more on a busy machine"
  (cd frontend && npm run build) >"$NOTES/build.log" 2>&1 || {
    tail -n 25 "$NOTES/build.log" >&2
    die "The pages could not be built: the lines above say why (all of it: backend/.setup/build.log)"
  }
  note pages "$wanted $(build_id)"
}

build_id() { cat frontend/.next/BUILD_ID 2>/dev/null || echo none; }

# A build keeps the addresses that it was made with.
pages_fingerprint() {
  local files
  files=$(git ls-files --cached --others --exclude-standard frontend)
  printf '%s' "${BACKEND_URL:-}${NEXT_PUBLIC_API_URL:-}" >"$NOTES/addresses"
  # shellcheck disable=SC2086  # no path of the pages holds a space
  fingerprint $files frontend/.env.local "$NOTES/addresses"
}

DRAIN_PATIENCE_SECONDS=0
BACKEND_PID=""
PAGES_PID=""
ASKER_PID=""
WAITER_PID=""
SLEEPER_PID=""
ARE_UP=no

# The development server makes a page when it is asked for it, which takes longest of all: it is asked while the models
# and the database are looked at.
start_pages_early() {
  [ "$VERB $PRODUCTION" = "run no" ] || return 0
  hold_signals
  in_a_group frontend "$NOTES/pages.log" npm run dev -- --hostname localhost --port "$FRONTEND_PORT"
  PAGES_PID=$GROUP_PID
  "$VENV_PYTHON" "$STEPS" first-page "http://localhost:$FRONTEND_PORT/" >/dev/null 2>&1 </dev/null &
  ASKER_PID=$!
  disown "$ASKER_PID"
  heed_signals
  say "the pages are made meanwhile: backend/.setup/pages.log"
}

start_servers() {
  step "Servers"
  hold_signals
  in_a_group backend "$NOTES/backend.log" "$VENV_PYTHON" -m daphne -p "$PORT" config.asgi:application
  BACKEND_PID=$GROUP_PID
  if [ -z "$PAGES_PID" ]; then
    PORT=$FRONTEND_PORT HOSTNAME=localhost in_a_group frontend "$NOTES/pages.log" npm start
    PAGES_PID=$GROUP_PID
  fi
  heed_signals
  say "logs: backend/.setup/backend.log and backend/.setup/pages.log"
  await_servers
}

# in_a_group FOLDER LOG COMMAND…: starts it as the leader of a process group, so that its children end with it.
in_a_group() {
  local folder=$1 log=$2
  shift 2
  (
    cd "$folder"
    exec "$VENV_PYTHON" -c 'import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])' "$@"
  ) >"$log" 2>&1 </dev/null &
  GROUP_PID=$!
  disown "$GROUP_PID" # its end is told by us, not by bash
}

await_servers() {
  "$VENV_PYTHON" "$STEPS" await "$PORT" "$FRONTEND_PORT" </dev/null &
  WAITER_PID=$!
  while is_running "$WAITER_PID"; do
    check_servers
    pause 0.2
  done
  wait "$WAITER_PID" || exit 1
  ASKER_PID="" WAITER_PID=""
}

check_servers() {
  is_running "$BACKEND_PID" || server_ended "The back end" backend.log
  is_running "$PAGES_PID" || server_ended "The page server" pages.log
}

is_running() { kill -0 "$1" 2>/dev/null; }

server_ended() {
  tail -n 15 "$NOTES/$2" >&2
  die "$1 has ended by itself: its last lines are above, all of them in backend/.setup/$2"
}

pause() {
  sleep "$1" &
  SLEEPER_PID=$!
  wait "$SLEEPER_PID" || true
}

# ── Ctrl-C, and every other end ─────────────────────────────────────────────────────────────────────────────────

heed_signals() {
  trap 'interrupted' INT TERM HUP
  [ "$HELD" = no ] || interrupted
}

# Between a start and the note of its number nobody may leave: what has started would be left behind.
HELD=no
hold_signals() { trap 'HELD=yes' INT TERM HUP; }

interrupted() {
  trap '' INT TERM HUP
  [ "$ARE_UP" = no ] || exit 0
  [ -n "$BACKEND_PID" ] || printf '\n      stopped: start again and it goes on from here\n'
  exit 130
}

leave() {
  local status=$?
  set +e # whatever fails here, the rest is done: a terminal that is gone takes no words
  trap '' HUP PIPE
  kill ${ASKER_PID:+"$ASKER_PID"} ${WAITER_PID:+"$WAITER_PID"} ${SLEEPER_PID:+"$SLEEPER_PID"} 2>/dev/null
  # `next dev` answers a polite signal with a process that outlives it; it has nothing to save.
  signal_group KILL "$PAGES_PID"
  [ -z "$BACKEND_PID" ] || stop_backend
  trap - EXIT
  exit "$status"
}

stop_backend() {
  local patience=$((DRAIN_PATIENCE_SECONDS * 10))
  trap 'patience=20; signal_group TERM "$BACKEND_PID"' INT TERM # a second Ctrl-C ends the calls in progress, too
  printf '\n      stopping (calls in progress may end first; Ctrl-C again ends them now)\n'
  signal_group TERM "$BACKEND_PID"
  while [ "$patience" -gt 0 ] && signal_group 0 "$BACKEND_PID"; do
    patience=$((patience - 1))
    sleep 0.1
  done
  signal_group KILL "$BACKEND_PID"
  printf '      stopped\n'
}

# signal_group SIGNAL PID: sends it to the server's process group; false when nobody is left in it.
signal_group() {
  # Until the child leads a group of its own, only its own number answers.
  [ -n "$2" ] && { kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2" 2>/dev/null; }
}

# ── the end of `run` and of `test` ──────────────────────────────────────────────────────────────────────────────

attend_servers() {
  ARE_UP=yes
  cat "$NOTES/box"
  while :; do
    check_servers
    pause 1
  done
}

run_tests() {
  step "Every check and every test"
  ! has_chromium || export CHROMIUM_PATH
  PATH="$VENV/bin:$PATH" just check
}

main() {
  parse_arguments "$@"
  export_flags
  mkdir -p "$NOTES" || die "$NOTES cannot be made: the line above says why"
  trap 'leave' EXIT
  trap ':' PIPE # a reader of ours that is gone is no reason to leave without leave
  heed_signals
  check_tools
  check_ports
  install_system_packages
  install_python_packages
  install_page_packages
  write_configuration
  start_pages_early
  fetch_models
  prepare_database
  case "$VERB" in
    install) say "done: ./setup.sh run starts it" ;;
    run)
      build_pages
      start_servers
      attend_servers
      ;;
    test) run_tests ;;
  esac
}

main "$@"
