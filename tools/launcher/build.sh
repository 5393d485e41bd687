# shellcheck shell=bash disable=SC2154
# Finds .NET and builds a program when its sources changed since it was last built. Needs $root, $artifacts and messages.sh.

find_dotnet() {
    local candidate
    dotnet=
    for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-}/dotnet" "${HOME:-}/.dotnet/dotnet" \
        /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet; do
        if [ -n "$candidate" ] && [ -x "$candidate" ]; then
            dotnet=$candidate
            break
        fi
    done
    [ -n "$dotnet" ] || die "needs the .NET 10 SDK, and there is no 'dotnet' here: install it from https://dotnet.microsoft.com/download"

    # The SDK starts without ICU's libraries only when told so; nothing here depends on a culture.
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
    # A build server left behind would keep a pipe open, and memory taken, long after the command has ended.
    export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
    if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then
        export HOME=$artifacts/home
    fi
}

require_sdk() {
    case $("$dotnet" --list-sdks 2>/dev/null) in
        10.*|*$'\n'10.*|1[1-9].*|*$'\n'1[1-9].*) ;;
        *) die "needs the .NET 10 SDK, and '$dotnet' has none: install it from https://dotnet.microsoft.com/download" ;;
    esac
}

program_path() { printf '%s' "$artifacts/bin/$1/release/$1.dll"; }

# A checksum over the text of everything a program is made of: exact whatever git, an editor or an archive did to the times of files.
sources_checksum() {
    local name places=(Directory.Build.props Directory.Packages.props)
    for name in "src/$1" src/EngineLlm src/EngineLlm.Extensions.AI samples; do
        if [ -d "$root/$name" ]; then places+=("$name"); fi
    done
    (
        printf '%s\n' "$root"
        cd "$root" && find "${places[@]}" -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum
    ) | cksum
}

is_built() { [ -f "$(program_path "$1")" ] && [ "$(cat "$artifacts/$1.built" 2>/dev/null)" = "$2" ]; }

# build_program PROJECT
build_program() {
    local checksum
    checksum=$(sources_checksum "$1")
    is_built "$1" "$checksum" && return
    require_sdk
    mkdir -p "$artifacts" "$HOME" 2>/dev/null || die "cannot write to $artifacts, where the build goes"
    [ -w "$artifacts" ] || die "cannot write to $artifacts, where the build goes"
    (
        # Two launchers at once must not build into the same folder.
        if command -v flock >/dev/null; then flock 9; fi
        is_built "$1" "$checksum" && exit 0
        run_logged "building $1" "$dotnet" build "$root/src/$1" -c Release -v quiet -nologo 9>&- || exit 1
        printf '%s\n' "$checksum" > "$artifacts/$1.built"
    ) 9>"$artifacts/build.lock" || die "the build failed (the first one needs a network, to fetch NuGet packages)"
}
