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

# shellcheck source=tools/debian-packages.sh
. "$root/tools/debian-packages.sh"

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

work=$root/.tools/shader-compiler.work
rm -rf "$work"
mkdir -p "$work/bin"
trap 'rm -rf "$work"' EXIT
fetch_packages "$suite" "$work" glslc spirv-tools

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
