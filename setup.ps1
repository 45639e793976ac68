# How does a fresh clone become a call that you can make? Two words: `.\setup.ps1 run`.
#
# Safe to run twice, and to go on with after Ctrl-C: each step looks first whether its work is done. What it made is
# noted in backend\.setup\. setup.sh is the same for Linux and macOS: same verbs, flags and steps.
# Where scripts may not run: powershell -ExecutionPolicy Bypass -File setup.ps1 run
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
Set-Location $PSScriptRoot

$Root = $PSScriptRoot
$Notes = Join-Path $Root 'backend\.setup'
$Venv = Join-Path $Root 'backend\.venv'
$VenvPython = Join-Path $Venv 'Scripts\python.exe'
$Steps = Join-Path $Root 'backend\setup_steps.py'
$script:StepNumber = 0
$script:StepCount = 7

$script:Verb = 'install'
$script:Mode = ''
$script:Light = $false
$script:Port = '8000'
$script:FrontendPort = '3000'
$script:PortsGiven = $false
$script:Production = $false
$script:WithSystem = $true

$UsageText = @'
Usage: .\setup.ps1 [run|test] [flags]

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
'@

# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────

function Step([string]$Title) {
    $script:StepNumber++
    Write-Host "[$script:StepNumber/$script:StepCount] $Title"
}

function Say([string]$Line) { Write-Host "      $Line" }

function Die([string]$Line) {
    [Console]::Error.WriteLine("❌ $Line")
    Leave 1
}

# An end that is meant; any other is Ctrl-C.
function Leave([int]$Status) {
    $script:IsInterrupted = $false
    exit $Status
}

# ── the command line ────────────────────────────────────────────────────────────────────────────────────────────

function Read-Arguments([string[]]$Words) {
    for ($at = 0; $at -lt $Words.Count; $at++) {
        $word = $Words[$at]
        switch -CaseSensitive ($word) {
            'run' { $script:Verb = 'run' }
            'test' { $script:Verb = 'test' }
            '--light' { $script:Light = $true }
            '--production' { $script:Production = $true }
            '--no-system' { $script:WithSystem = $false }
            { $_ -in '--mode', '--port', '--frontend-port' } {
                $at++
                if ($at -ge $Words.Count) { Die "$word needs a value (.\setup.ps1 -h)" }
                Set-Value $word $Words[$at]
            }
            { $_ -in '-h', '--help' } { Write-Host $UsageText; Leave 0 }
            default { Die "Unknown argument: $word (.\setup.ps1 -h lists what there is)" }
        }
    }
    if ($script:Mode -notin '', 'mock', 'local') { Die "--mode takes mock or local, not '$script:Mode'" }
    Confirm-PortNumber '--port' $script:Port
    Confirm-PortNumber '--frontend-port' $script:FrontendPort
    if ($script:Port -eq $script:FrontendPort) {
        Die "--port and --frontend-port are both $script:Port`: give them two different numbers"
    }
    if ($script:Verb -ne 'install') { $script:StepCount = 8 }
    if ($script:Verb -eq 'run' -and $script:Production) { $script:StepCount = 9 }
}

function Set-Value([string]$Flag, [string]$Value) {
    switch ($Flag) {
        '--mode' { $script:Mode = $Value }
        '--port' { $script:Port = $Value; $script:PortsGiven = $true }
        '--frontend-port' { $script:FrontendPort = $Value; $script:PortsGiven = $true }
    }
}

function Confirm-PortNumber([string]$Flag, [string]$Value) {
    if ($Value -notmatch '^\d{1,5}$' -or [int]$Value -lt 1 -or [int]$Value -gt 65535) {
        Die "$Flag takes a number from 1 to 65535, not '$Value'"
    }
}

# What the flags mean for this run goes through the environment, which beats backend\.env and frontend\.env.local.
function Export-Flags {
    $env:NEXT_TELEMETRY_DISABLED = '1'
    $env:PYTHONUTF8 = '1'
    if ($script:Verb -eq 'test') {
        if ($script:Light -or $script:Mode -or $script:PortsGiven -or $script:Production) {
            Say 'the tests choose models, ports and pages themselves: --light, --mode, --production and the ports mean nothing here'
        }
        return
    }
    if ($script:Mode) { $env:AI_MODE = $script:Mode }
    if ($script:Light) { $env:WHISPER_MODEL = 'whisper-tiny.en' }
    if ($script:PortsGiven) {
        $env:BACKEND_URL = "http://127.0.0.1:$script:Port"
        $env:NEXT_PUBLIC_API_URL = "http://localhost:$script:Port"
        $env:FRONTEND_ORIGINS = "http://localhost:$script:FrontendPort"
    }
}

# ── 1 · the four tools ──────────────────────────────────────────────────────────────────────────────────────────

function Confirm-Tools {
    Step 'Python, Node.js, npm, git'
    Find-Python
    Confirm-Node
    if (-not (Test-Command 'npm')) { Die 'npm is missing: it comes with Node.js (https://nodejs.org)' }
    if (-not (Test-Command 'git')) { Die 'git is missing: https://git-scm.com/downloads' }
    Say "$(& $script:Python --version), Node.js $(node --version)"
}

function Test-Command([string]$Name) { $null -ne (Get-Command $Name -ErrorAction SilentlyContinue) }

function Find-Python {
    $seen = ''
    foreach ($candidate in 'python3.11', 'python3.12', 'python3.13', 'python3.14', 'python3', 'python') {
        if (-not (Test-Command $candidate)) { continue }
        $ask = 'import sys; print("%d.%d" % sys.version_info[:2]); print(sys.executable)'
        $answer = try { & $candidate -c $ask 2>$null } catch { $null }
        if ($LASTEXITCODE -ne 0 -or -not $answer) { continue }
        if ([version]$answer[0] -ge [version]'3.11') {
            $script:Python = $answer[1]
            return
        }
        $seen = $answer[0]
    }
    if ($seen) { Die "Python $seen is too old: Parley needs Python 3.11 or newer (https://www.python.org/downloads)" }
    Die 'Python is missing: Parley needs Python 3.11 or newer (https://www.python.org/downloads)'
}

function Confirm-Node {
    if (-not (Test-Command 'node')) { Die 'Node.js is missing: Parley needs Node.js 20 or newer (https://nodejs.org)' }
    $version = (node --version).TrimStart('v')
    $minor = if ($script:Verb -eq 'test') { 19 } else { 0 }
    if ([version]$version -ge [version]"20.$minor.0") { return }
    if ($minor -eq 0) { Die "Node.js $version is too old: Parley needs Node.js 20 or newer (https://nodejs.org)" }
    Die "Node.js $version is too old: the tests need Node.js 20.$minor or newer (https://nodejs.org)"
}

function Confirm-Ports {
    if ($script:Verb -ne 'run') { return }
    if (-not (Test-PortIsFree $script:Port)) {
        Die "Port $script:Port is in use: end what runs there, or take another with --port"
    }
    if (-not (Test-PortIsFree $script:FrontendPort)) {
        Die "Port $script:FrontendPort is in use: end what runs there, or take another with --frontend-port"
    }
}

function Test-PortIsFree([string]$Number) {
    & $script:Python $Steps port-is-free $Number
    return $LASTEXITCODE -eq 0
}

# ── 2 · what the system's package manager brings ────────────────────────────────────────────────────────────────

function Install-SystemPackages {
    Step 'System packages'
    if (-not $script:WithSystem) {
        Say 'left alone (--no-system)'
        return
    }
    $missing = @()
    if (-not (Test-Command 'ffmpeg')) { $missing += 'Gyan.FFmpeg' }
    if ($script:Verb -eq 'test') {
        if (-not (Test-Chromium)) { $missing += 'Hibbiki.Chromium' }
        if (-not (Test-Command 'initdb')) { $missing += 'PostgreSQL.PostgreSQL.16' }
        if (-not (Test-Command 'redis-server')) { $missing += 'Redis.Redis' }
        Say 'pocketsphinx-testdata is missing and winget does not have it: the tests that need it will fail'
    }
    if (-not $missing) {
        Say 'all there'
        return
    }
    foreach ($package in $missing) {
        $words = "winget install --exact --id $package"
        if (-not (Test-Command 'winget')) { Die "Missing: $package, and winget is not here: install it, or go on without: --no-system" }
        Say "missing: $package"
        Say "now: $words"
        winget install --exact --id $package --accept-source-agreements --accept-package-agreements --silent
        if ($LASTEXITCODE -ne 0) { Die "That failed. Type: $words   (or go on without: --no-system)" }
    }
    # What winget has just put there is on the PATH of new shells only.
    $env:Path = [Environment]::GetEnvironmentVariable('Path', 'Machine') + ';' + [Environment]::GetEnvironmentVariable('Path', 'User')
}

function Test-Chromium {
    $inFolders = foreach ($folder in $env:LOCALAPPDATA, $env:ProgramFiles, ${env:ProgramFiles(x86)}) {
        "$folder\Chromium\Application\chrome.exe", "$folder\Google\Chrome\Application\chrome.exe"
    }
    $onPath = Get-Command 'chromium' -ErrorAction SilentlyContinue | ForEach-Object { $_.Path }
    $found = @($env:CHROMIUM_PATH) + @($onPath) + $inFolders | Where-Object { $_ -and (Test-Path $_) } | Select-Object -First 1
    if ($found) { $env:CHROMIUM_PATH = $found }
    return [bool]$found
}

# ── 3 · Python packages ─────────────────────────────────────────────────────────────────────────────────────────

function Install-PythonPackages {
    Step 'Python packages'
    $files = @('backend/requirements.txt')
    $name = 'python-packages'
    if ($script:Verb -eq 'test') {
        $files += 'backend/requirements-dev.txt'
        $name = 'python-packages-dev'
    }
    New-Venv
    $wanted = Get-Fingerprint $files
    if (Test-Noted $name $wanted) {
        Say 'up to date'
        return
    }
    foreach ($file in $files) { Install-Requirements $file }
    Write-Note $name $wanted
}

# A virtual environment is remade when it is half made, was moved, or its Python is gone or too old.
function New-Venv {
    if ((Test-Noted 'venv' $Venv) -and (Test-Path $VenvPython)) {
        & $VenvPython -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>$null
        if ($LASTEXITCODE -eq 0) { return }
    }
    if (Test-Path $Venv) {
        Say 'backend/.venv is not whole: making it again'
        Remove-Item -Recurse -Force $Venv
    }
    foreach ($name in 'python-packages', 'python-packages-dev') {
        Remove-Item -Force -ErrorAction SilentlyContinue (Join-Path $Notes $name)
    }
    & $script:Python -m venv $Venv
    if ($LASTEXITCODE -ne 0) { Die 'Python could not make a virtual environment: the lines above say why' }
    Write-Note 'venv' $Venv
}

function Install-Requirements([string]$File) {
    $count = (Select-String -Path $File -Pattern '==.*\\$').Count
    Say "$count packages from $($File -replace '^backend/', ''): some minutes the first time"
    & $VenvPython -m pip install --disable-pip-version-check --no-input --require-hashes -r $File --log (Join-Path $Notes 'pip.log') --quiet
    if ($LASTEXITCODE -ne 0) {
        Die "pip could not install $($File -replace '^backend/', ''): see backend/.setup/pip.log, then start again (it goes on from here)"
    }
}

# ── what was done is noted by the hash of what it was made from ─────────────────────────────────────────────────

function Get-Fingerprint([string[]]$Files) {
    return (($Files | ForEach-Object { git hash-object $_ }) -join ' ')
}

function Test-Noted([string]$Name, [string]$Value) {
    $path = Join-Path $Notes $Name
    return (Test-Path $path) -and ((Get-Content -Raw $path).Trim() -eq $Value)
}

function Write-Note([string]$Name, [string]$Value) { Set-Content -Path (Join-Path $Notes $Name) -Value $Value }

# ── 4 · the pages' packages ─────────────────────────────────────────────────────────────────────────────────────

function Install-PagePackages {
    Step 'Page packages'
    $wanted = "$(Get-Fingerprint @('frontend/package.json', 'frontend/package-lock.json')) $(node --version)"
    # npm writes the hidden lock file last: without it the folder is half an install.
    if ((Test-Noted 'page-packages' $wanted) -and (Test-Path 'frontend/node_modules/.package-lock.json')) {
        Say 'up to date'
        return
    }
    Say 'npm ci: one to three minutes the first time'
    npm --prefix frontend ci --no-audit --no-fund --loglevel=error
    if ($LASTEXITCODE -ne 0) { Die 'npm ci failed: the lines above say why; start again when that is mended' }
    Write-Note 'page-packages' $wanted
}

# ── 5 · configuration ───────────────────────────────────────────────────────────────────────────────────────────

function Write-Configuration {
    Step 'Configuration'
    Copy-Example 'backend/.env' 'backend/.env.example'
    Copy-Example 'frontend/.env.local' 'frontend/.env.example'
    $answer = & $VenvPython $Steps configure
    if ($LASTEXITCODE -ne 0) { Die 'backend/.env cannot be used: the line above says why' }
    # The first word, how long a server may take to end, is for systems that can ask it to.
    $script:Models = $answer.Split(' ')[1]
    Protect-File 'backend\.env'
}

# Only this account may read it; whoever writes it anew loses that.
function Protect-File([string]$Path) { icacls $Path /inheritance:r /grant:r "$($env:USERNAME):F" | Out-Null }

function Copy-Example([string]$Path, [string]$Example) {
    if (Test-Path $Path) {
        Say "$Path kept as it is"
        return
    }
    Copy-Item $Example $Path
    Say "$Path made from $(Split-Path -Leaf $Example)"
}

# ── 6 · the models ──────────────────────────────────────────────────────────────────────────────────────────────

function Get-Models {
    Step 'Models'
    if ($script:Verb -eq 'test') {
        # The tests never read backend/.env, and need the models whatever it says.
        $env:PARLEY_TESTING = '1'
        Manage fetch_models
        Remove-Item Env:\PARLEY_TESTING
        return
    }
    switch ($script:Models) {
        'missing' { Manage fetch_models }
        'here' { Say 'all there' }
        'unneeded' { Say 'not needed: no role is filled by a model of this machine' }
    }
}

function Manage {
    & $VenvPython $Steps manage @args
    if ($LASTEXITCODE -ne 0) { Die "manage.py $($args[0]) failed: the lines above say why" }
}

# ── 7 · the database ────────────────────────────────────────────────────────────────────────────────────────────

function Initialize-Database {
    Step 'Database, personas, demo account'
    Manage prepare --page "http://localhost:$script:FrontendPort" --box (Join-Path $Notes 'box')
    Protect-File 'backend\.env'
    Protect-File (Join-Path $Notes 'box')
}

# ── the last steps of `run` ─────────────────────────────────────────────────────────────────────────────────────

function Build-Pages {
    if (-not $script:Production) { return }
    Step 'Building the pages'
    $files = @(git ls-files --cached --others --exclude-standard frontend) + 'frontend/.env.local'
    $wanted = "$(Get-Fingerprint $files) $env:BACKEND_URL $env:NEXT_PUBLIC_API_URL"
    # The build's own number goes into the note: a build that somebody else made since has another.
    if (Test-Noted 'pages' "$wanted $(Get-BuildId)") {
        Say 'up to date'
        return
    }
    Say 'one to four minutes, more on a busy machine'
    npm --prefix frontend run build
    if ($LASTEXITCODE -ne 0) { Die 'The pages could not be built: the lines above say why' }
    Write-Note 'pages' "$wanted $(Get-BuildId)"
}

function Get-BuildId {
    if (Test-Path 'frontend/.next/BUILD_ID') { return (Get-Content -Raw 'frontend/.next/BUILD_ID').Trim() }
    return 'none'
}

$script:Backend = $null
$script:Pages = $null
$script:Asker = $null
$script:Waiter = $null

# The development server makes a page when it is asked for it, which takes longest of all: it is asked while the models
# and the database are looked at.
function Start-PagesEarly {
    if ($script:Verb -ne 'run' -or $script:Production) { return }
    $words = @('/c', 'npm', 'run', 'dev', '--', '--hostname', 'localhost', '--port', $script:FrontendPort)
    $script:Pages = Start-Server 'frontend' 'pages.log' 'cmd.exe' $words
    $page = "http://localhost:$script:FrontendPort/"
    $script:Asker = Start-Server 'backend' 'asker.log' $VenvPython @('setup_steps.py', 'first-page', $page)
    Say 'the pages are made meanwhile: backend/.setup/pages.log'
}

function Start-Servers {
    Step 'Servers'
    $script:Backend = Start-Server 'backend' 'backend.log' $VenvPython @('-m', 'daphne', '-p', $script:Port, 'config.asgi:application')
    if (-not $script:Pages) {
        $env:PORT = $script:FrontendPort
        $env:HOSTNAME = 'localhost'
        $script:Pages = Start-Server 'frontend' 'pages.log' 'cmd.exe' @('/c', 'npm', 'start')
    }
    Say 'logs: backend/.setup/backend.log and backend/.setup/pages.log'
    Wait-ForServers
}

function Start-Server([string]$Folder, [string]$Log, [string]$Program, [string[]]$Words) {
    # Windows cannot send both streams of a process to one file.
    return Start-Process -PassThru -NoNewWindow -WorkingDirectory (Join-Path $Root $Folder) -FilePath $Program -ArgumentList $Words `
        -RedirectStandardOutput (Join-Path $Notes $Log) -RedirectStandardError (Join-Path $Notes ($Log -replace '\.log$', '.errors.log'))
}

function Wait-ForServers {
    $words = @('setup_steps.py', 'await', $script:Port, $script:FrontendPort)
    $script:Waiter = Start-Process -PassThru -NoNewWindow -WorkingDirectory (Join-Path $Root 'backend') -FilePath $VenvPython -ArgumentList $words
    $null = $script:Waiter.Handle # without it PowerShell does not keep the exit code
    while (-not $script:Waiter.HasExited) {
        Confirm-Servers
        Start-Sleep -Milliseconds 200
    }
    if ($script:Waiter.ExitCode -ne 0) { Leave 1 }
}

function Confirm-Servers {
    if ($script:Backend.HasExited) { Stop-WithLog 'The back end' 'backend' }
    if ($script:Pages.HasExited) { Stop-WithLog 'The page server' 'pages' }
}

function Stop-WithLog([string]$Who, [string]$Log) {
    Get-Content -Tail 15 (Join-Path $Notes "$Log.errors.log"), (Join-Path $Notes "$Log.log") | Out-Host
    Die "$Who has ended by itself: its last lines are above, all of them in backend/.setup/$Log.log"
}

function Stop-Servers {
    if ($script:Backend) {
        Write-Host ''
        Say 'stopping'
    } elseif ($script:IsInterrupted) {
        Write-Host ''
        Say 'stopped: start again and it goes on from here'
    }
    foreach ($server in $script:Asker, $script:Waiter, $script:Pages, $script:Backend) {
        # With /T the children of a server end with it.
        if ($server -and -not $server.HasExited) { taskkill /PID $server.Id /T /F 2>$null | Out-Null }
    }
    if ($script:Backend) { Say 'stopped' }
}

# ── the end of `run` and of `test` ──────────────────────────────────────────────────────────────────────────────

function Watch-Servers {
    Get-Content -Encoding UTF8 (Join-Path $Notes 'box') | Out-Host
    while ($true) {
        Confirm-Servers
        Start-Sleep -Seconds 1
    }
}

function Invoke-Tests {
    Step 'Every check and every test'
    $null = Test-Chromium # what has just been installed is named to the tests, too
    $env:Path = (Join-Path $Venv 'Scripts') + ';' + $env:Path
    just check
    if ($LASTEXITCODE -ne 0) { Leave $LASTEXITCODE }
}

Read-Arguments $args
Export-Flags
New-Item -ItemType Directory -Force $Notes | Out-Null
$script:IsInterrupted = $true
try {
    Confirm-Tools
    Confirm-Ports
    Install-SystemPackages
    Install-PythonPackages
    Install-PagePackages
    Write-Configuration
    Start-PagesEarly
    Get-Models
    Initialize-Database
    switch ($script:Verb) {
        'install' { Say 'done: .\setup.ps1 run starts it' }
        'run' {
            Build-Pages
            Start-Servers
            Watch-Servers
        }
        'test' { Invoke-Tests }
    }
    $script:IsInterrupted = $false
} finally {
    Stop-Servers
}
