# What the entry commands share. Sourced.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian's own interpreter is the one that sees Debian's python3-torch.
python=${SPATIAL_PYTHON:-/usr/bin/python3}
export SPATIAL_PYTHON=$python

# No build servers: they would outlive the command, and hold its output open.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { echo "$(basename "$0"): $*"; }
fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

# Builds a project or solution in Release; prints only what is wrong.
build_release() {
    say "building $(basename "$1")"
    dotnet msbuild -restore "$1" -p:Configuration=Release -maxCpuCount -verbosity:quiet -noLogo
}
