#!/usr/bin/env bash
# Fetches Godot 4, its export template and a software Vulkan driver from Debian's suite sid into .tools/godot, for the tests of the Godot
# extension. The packages are unpacked there and nowhere else, and the programs made to use the libraries and the dynamic loader that came
# with them, so they also run on Debian 12. People who use the extension have Godot from its makers and do not need this.
set -euo pipefail

suite=sid
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
force=no

usage() {
    cat <<TEXT
Usage: tools/fetch-godot.sh [--force]

Fetches Godot 4 of Debian's suite $suite into .tools/godot: about 200 MB to download, 750 MB on disk. Needs a Debian machine whose apt
reaches a Debian mirror; needs no root. --force fetches again where it is there already.
  .tools/godot/bin/godot              the engine, with the software Vulkan driver
  .tools/godot/bin/export-template    the program of exported games
TEXT
}

say() { printf '%s\n' "fetch-godot: $*" >&2; }
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

# Programs name their loader by its whole path, so links on the way are followed now.
mkdir -p "$root/.tools"
tools=$(cd "$root/.tools" && pwd -P)
target=$tools/godot

if [ "$force" = no ] && [ -x "$target/bin/godot" ] && "$target/bin/godot" --version >/dev/null 2>&1; then
    say "already there: $("$target/bin/godot" --version) (--force fetches it again)"
    exit 0
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    die "needs apt-get and dpkg-deb; on other systems install Godot 4.4 or newer and name it in the variable ENGINELLM_GODOT"
fi

work=$tools/godot.work
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
drivers=(libvulkan1 mesa-vulkan-drivers libgl1 libgl1-mesa-dri libglx-mesa0 libegl1)
fetch_packages "$suite" "$work" godot godot-template-release "${drivers[@]}" patchelf

libraries=$(dirname "$(find "$work/root/usr/lib" -name 'libvulkan.so.1' | sed -n 1p)")
loader=$(find "$libraries" -name 'ld-linux-*.so.*' | sed -n 1p)
[ -n "$loader" ] || die "the packages hold no dynamic loader"
driver=$(find "$work/root/usr/share/vulkan/icd.d" -name 'lvp_icd*.json' | sed -n 1p)
[ -n "$driver" ] || die "the packages hold no software Vulkan driver"

# A search path in the programs, not in the environment: what they start in turn must find the machine's own libraries.
final() { printf '%s' "$target/root${1#"$work/root"}"; }
search=$(final "$libraries"):$(final "$libraries/pulseaudio"):$(final "$libraries/blas"):$(final "$libraries/lapack")
patchelf() { "$loader" --library-path "$libraries" "$work/root/usr/bin/patchelf" "$@"; }
for program in godot godot-template-release; do
    patchelf --set-interpreter "$(final "$loader")" --force-rpath --set-rpath "$search" "$work/root/usr/bin/$program"
done
# A library with a search path of its own would not look along that of the program.
for library in "$libraries"/libpulse*.so.* "$libraries"/libLLVM*.so.*; do
    [ -L "$library" ] || patchelf --remove-rpath "$library"
done
mkdir -p "$work/bin"
cat > "$work/bin/godot" <<RUN
#!/bin/sh
# Godot with the software Vulkan driver that was fetched with it.
export VK_DRIVER_FILES=\${VK_DRIVER_FILES:-$(final "$driver")}
exec "$target/root/usr/bin/godot" "\$@"
RUN
chmod +x "$work/bin/godot"
ln -s ../root/usr/bin/godot-template-release "$work/bin/export-template"
ln -s "../root${driver#"$work/root"}" "$work/bin/software-driver.json"

find "$work/root/usr/share" -mindepth 1 -maxdepth 1 ! -name vulkan ! -name glvnd ! -name drirc.d ! -name X11 -exec rm -rf {} +
rm -rf "$target"
mkdir -p "$target"
mv "$work/root" "$work/bin" "$target/"
"$target/bin/godot" --version >/dev/null || die "the fetched Godot does not run on this machine"
say "ready: $("$target/bin/godot" --version) in .tools/godot"
