# Every command that a developer types, once. `just` lists them; `just check` is what CI runs.

python := justfile_directory() / if os_family() == "windows" { "backend/.venv/Scripts/python.exe" } else { "backend/.venv/bin/python" }
needs_time_of_its_own := "real_time or models"
export NEXT_TELEMETRY_DISABLED := "1"
# No command here reads backend/.env.
export PARLEY_TESTING := "1"

set windows-shell := ["powershell.exe", "-NoLogo", "-Command"]

# Lists the commands.
default:
    @just --list --unsorted

# Everything that must be true of a commit.
check: fmt-check lint types rings contracts-check test test-front test-db build e2e e2e-call

# ── how it reads ───────────────────────────────────────────────────────────────────────────────────

# Put every file into its form.
[working-directory: "backend"]
fmt:
    {{ python }} -m ruff check --fix --select I .
    {{ python }} -m ruff format .
    npm --prefix ../frontend run format

# Every file is in its form.
[working-directory: "backend"]
fmt-check:
    {{ python }} -m ruff format --check .
    npm --prefix ../frontend run format:check

# Ruff, ESLint without warnings, ShellCheck.
[working-directory: "backend"]
lint:
    {{ python }} -m ruff check .
    npm --prefix ../frontend run lint
    {{ parent_directory(python) }}/shellcheck ../setup.sh ../.ci/run

# mypy --strict on the core, the ports and the personas; TypeScript strict.
[working-directory: "backend"]
types:
    {{ python }} -m mypy
    npm --prefix ../frontend run typecheck

# The architecture: prints the rings and whether they hold.
[working-directory: "backend"]
rings:
    {{ parent_directory(python) }}/lint-imports --no-logo

# ── what both sides agreed on ──────────────────────────────────────────────────────────────────────

# Write the schema and the pages' types anew.
[working-directory: "backend"]
contracts:
    {{ python }} manage.py export_contracts
    npm --prefix ../frontend run api:types

# The committed migrations, schema and types are those of the code.
[working-directory: "backend"]
contracts-check:
    {{ python }} manage.py makemigrations --check --dry-run
    {{ python }} manage.py export_contracts --check
    npm --prefix ../frontend run api:check

# ── what it does ───────────────────────────────────────────────────────────────────────────────────

# The back end's tests on SQLite: most of them side by side, then those that need time of their own. More arguments go to pytest.
[working-directory: "backend"]
test *arguments:
    {{ if arguments == "" { python + " -m pytest -n logical -m 'not (" + needs_time_of_its_own + ")'" } else { "" } }}
    {{ python }} -m pytest {{ if arguments == "" { "-m '" + needs_time_of_its_own + "'" } else { arguments } }}

# The tests that touch the database or Redis, on a PostgreSQL and a Redis of their own.
[working-directory: "backend"]
test-db *arguments:
    {{ python }} -m tests.services {{ python }} -m pytest -m "db or redis" {{ arguments }}

# The pages' unit tests.
test-front:
    npm --prefix frontend test

# The pages as they are served, led to the back end that `just e2e` starts.
build $BACKEND_URL="http://localhost:8111" $NEXT_PUBLIC_API_URL="http://localhost:8111":
    npm --prefix frontend run build

# Every screen and state in a browser, with stand-ins.
e2e *arguments:
    npm --prefix frontend run test:e2e -- {{ arguments }}

# A stranger's first call: real server, real models, real browser, nothing faked but the microphone.
e2e-call *arguments:
    npm --prefix frontend run test:call -- {{ arguments }}

# Measurements against a plain Channels and aiortc reference; see backend/bench/.
[working-directory: "backend"]
bench *arguments:
    {{ python }} -m bench {{ arguments }}

# Conditioning against its rivals: PESQ, STOI, DNSMOS, word errors, CPU. Writes the guide's tables.
[working-directory: "backend"]
bench-conditioning *arguments:
    {{ python }} -m bench.conditioning {{ arguments }}

# Barge-in: labelled cases in virtual time, or with --live in real calls; see backend/bench/bargein/cases.toml.
[working-directory: "backend"]
bench-bargein *arguments:
    {{ python }} -m bench.bargein {{ arguments }}

# The interview's evaluator against people's grades: agreement, grave errors, adversarial answers, cost. --data DIR, --write.
[working-directory: "backend"]
bench-interview *arguments:
    {{ python }} -m bench.interview {{ arguments }}

# ── once in a while ────────────────────────────────────────────────────────────────────────────────

# Compile requirements*.in into files with hashes.
[working-directory: "backend"]
lock:
    {{ parent_directory(python) }}/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
    {{ parent_directory(python) }}/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt
