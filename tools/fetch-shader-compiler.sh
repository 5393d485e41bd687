#!/usr/bin/env bash
# Fetches Debian 13's glslc and spirv-tools, with the libraries they need, into .tools/shader-compiler, for people who change shaders.
# The packages are unpacked there and nowhere else, and run through their own dynamic loader, so they also work on Debian 12.
# Only people who change shaders need this: the compiled shaders are checked in.
set -euo pipefail

suite=trixie
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$root/.tools/shader-compiler
force=no

usage() {
    cat <<TEXT
Usage: tools/fetch-shader-compiler.sh [--force]

Fetches glslc and spirv-tools of Debian 13 ($suite) into .tools/shader-compiler. Needs a Debian machine whose apt reaches a Debian mirror;
needs no root. --force fetches again where they are there already.
TEXT
}

say() { printf '%s\n' "fetch-shader-compiler: $*" >&2; }
die() { say "$*"; exit 1; }

for argument in "$@"; do
    case $argument in
        --force) force=yes ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

if [ "$force" = no ] && [ -x "$target/bin/glslc" ] && "$target/bin/glslc" --version >/dev/null 2>&1; then
    say "already there: $("$target/bin/glslc" --version | head -n 1) (--force fetches it again)"
    exit 0
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    die "needs apt-get and dpkg-deb; on other systems install shaderc 2025.2 and spirv-tools and put them on PATH"
fi

# The machine's own sources, with the suite's name changed: mirrors, proxies, credentials and keys stay what the machine's owner set up.
read_uri_from_deb822() {
    awk 'BEGIN { RS = ""; FS = "\n" }
        !/(^|\n)Enabled:[ \t]*no/ && /(^|\n)Types:[^\n]*deb([ \t\n]|$)/ && /(^|\n)Suites:[^\n]*(bookworm|bookworm-updates|trixie|stable)/ {
            uri = ""; main = 0; suites = ""
            for (i = 1; i <= NF; i++) {
                if ($i ~ /^URIs:/) { split($i, parts, /[ \t]+/); uri = parts[2] }
                if ($i ~ /^Suites:/) { suites = $i }
                if ($i ~ /^Components:.*main/) { main = 1 }
            }
            if (uri != "" && main && suites !~ /^Suites:[ \t]*[a-z]+-security[ \t]*$/) { print uri; exit }
        }' "$@"
}

read_uri_from_list() {
    awk '$1 == "deb" { i = 2; if ($2 ~ /^\[/) { while ($i !~ /\]$/) i++; i++ }
        if ($(i + 1) ~ /^(bookworm|trixie|stable)$/ && $0 ~ / main( |$)/) { print $i; exit } }' "$@"
}

find_mirror() {
    local found=
    shopt -s nullglob
    local deb822=(/etc/apt/sources.list.d/*.sources) lists=(/etc/apt/sources.list.d/*.list)
    shopt -u nullglob
    [ ${#deb822[@]} -gt 0 ] && found=$(read_uri_from_deb822 "${deb822[@]}")
    [ -f /etc/apt/sources.list ] && lists+=(/etc/apt/sources.list)
    [ -z "$found" ] && [ ${#lists[@]} -gt 0 ] && found=$(read_uri_from_list "${lists[@]}")
    printf '%s' "$found"
}

mirror=$(find_mirror)
[ -n "$mirror" ] || die "found no Debian source in /etc/apt (a 'main' component of bookworm, trixie or stable)"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -f "$keyring" ] || die "needs the package debian-archive-keyring"

work=$root/.tools/shader-compiler.work
rm -rf "$work"
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/root" "$work/bin"
trap 'rm -rf "$work"' EXIT
: > "$work/status"
printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" > "$work/sources.list"

# An empty status file makes apt think that nothing is installed, so that it downloads every library down to libc.
apt_options=(
    -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status" -o "Dir::State::extended_states=$work/extended_states"
    -o "Dir::Cache::Archives=$work/archives" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
    -o Debug::NoLocking=1 -o APT::Install-Recommends=false -o APT::Sandbox::User= -o Acquire::Languages=none
    -o APT::Get::List-Cleanup=false
)
quietly() { "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }; }

say "reading the package lists of Debian 13"
quietly apt-get "${apt_options[@]}" update || die "apt could not read the package lists (see above)"
say "downloading glslc, spirv-tools and their libraries"
quietly apt-get "${apt_options[@]}" --yes --download-only install glslc spirv-tools || die "apt could not download the packages (see above)"

for package in "$work"/archives/*.deb; do
    dpkg-deb --extract "$package" "$work/root"
done

loader=$(find "$work/root" -name 'ld-linux-*.so.*' | sed -n 1p)
[ -n "$loader" ] || die "the packages hold no dynamic loader"
multiarch=$(basename "$(dirname "$(find "$work/root/usr/lib" -name 'libshaderc.so.1' -o -name 'libshaderc_shared.so.1' | sed -n 1p)")")
cat > "$work/run" <<'RUN'
#!/bin/sh
# Runs the program of the same name under ../root with the libraries and the dynamic loader that came with it.
here=$(cd "$(dirname "$0")/.." && pwd)
libraries=$here/root/usr/lib/@MULTIARCH@:$here/root/lib/@MULTIARCH@
exec "$here/root/@LOADER@" --library-path "$libraries" "$here/root/usr/bin/$(basename "$0")" "$@"
RUN
sed -i "s|@LOADER@|${loader#"$work/root/"}|; s|@MULTIARCH@|$multiarch|g" "$work/run"
for program in glslc spirv-val spirv-dis spirv-opt; do
    cp "$work/run" "$work/bin/$program"
    chmod +x "$work/bin/$program"
done

"$work/bin/glslc" --version >/dev/null || die "the fetched glslc does not run on this machine"
rm -rf "$work/root/usr/share" "$target"
mkdir -p "$target"
mv "$work/root" "$work/bin" "$target/"
say "ready: $("$target/bin/glslc" --version | head -n 1) in .tools/shader-compiler"
