# shellcheck shell=bash disable=SC2154
# Finds out whether a Vulkan loader and a driver are here and, on Debian and its relatives, installs Mesa's where there is none.


# Every folder of the Vulkan loader's search path that may hold the given kind of manifest: icd.d, explicit_layer.d or implicit_layer.d.
manifest_folders() {
    local list=${XDG_CONFIG_HOME:-${HOME:-}/.config}:${XDG_CONFIG_DIRS:-/etc/xdg}:/usr/local/etc:/etc
    list=$list:${XDG_DATA_HOME:-${HOME:-}/.local/share}:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}:/usr/local/share:/usr/share
    printf '%s\n' "$list" | tr ':' '\n' | sed "s|\$|/vulkan/$1|"
}

has_manifest() {
    local kind=$1 pattern=$2 folder
    while IFS= read -r folder; do
        if compgen -G "$folder/$pattern" >/dev/null; then return 0; fi
    done < <(manifest_folders "$kind")
    return 1
}

has_loader() {
    local folder ldconfig
    while IFS= read -r folder; do
        if [ -n "$folder" ] && [ -e "$folder/libvulkan.so.1" ]; then return 0; fi
    done < <(printf '%s\n' "${LD_LIBRARY_PATH:-}" | tr ':' '\n')
    for ldconfig in "$(command -v ldconfig || true)" /sbin/ldconfig /usr/sbin/ldconfig; do
        if [ -n "$ldconfig" ] && [ -x "$ldconfig" ]; then
            case $("$ldconfig" -p 2>/dev/null) in *libvulkan.so.1*) return 0 ;; esac
            return 1
        fi
    done
    compgen -G "/usr/lib*/libvulkan.so.1" >/dev/null || compgen -G "/usr/lib/*/libvulkan.so.1" >/dev/null
}

has_driver() {
    [ -n "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}${VK_ADD_DRIVER_FILES:-}" ] || has_manifest icd.d '*.json'
}

has_validation() {
    [ -n "${VK_LAYER_PATH:-}${VK_ADD_LAYER_PATH:-}" ] || has_manifest explicit_layer.d '*khronos_validation*.json'
}

apt_quietly() {
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get -qq \
        -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o DPkg::Lock::Timeout=60 "$@"
}

update_and_install() {
    # An index that is only partly there may still have what is needed, so a failed update is no reason to stop.
    apt_quietly update || true
    apt_quietly install --yes --no-install-recommends "$@"
}

# Sets as_root to what makes a command run as root; fails where nothing does.
find_root() {
    as_root=()
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null || return 1
    if sudo -n true 2>/dev/null; then
        as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
    elif [ -t 2 ] && { : </dev/tty; } 2>/dev/null; then
        say "sudo asks for your password, to install $*"
        sudo -v || return 1
        as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
    else
        return 1
    fi
}

install_packages() {
    if ! command -v apt-get >/dev/null; then
        say "install the Vulkan loader and a driver with your package manager (Debian calls them: $*)"
        return
    fi
    if ! find_root "$@"; then
        say "to install what is missing, type: sudo apt-get install --no-install-recommends $*"
        return
    fi
    run_logged "installing $*" update_and_install "$@" || say "the packages could not be installed; you need: $*"
}

# ensure_compilers: what the native library is linked with, and its samples are compiled by. Never fatal: the tests say what they lacked.
ensure_compilers() {
    local missing=() program
    [ "$(uname -s)" = Linux ] || return 0
    for program in gcc g++; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}

# ensure_driver [with_validation]: never fatal, because the program knows better than a search for files whether it found a device.
ensure_driver() {
    local missing=()
    if [ "$(uname -s)" = Darwin ]; then
        if ! compgen -G "/usr/local/lib/libvulkan*.dylib" >/dev/null && ! compgen -G "/opt/homebrew/lib/libvulkan*.dylib" >/dev/null; then
            say "no Vulkan loader here; type: brew install vulkan-loader molten-vk"
        fi
        return
    fi
    has_loader || missing+=(libvulkan1)
    if ! has_driver; then
        say "there is no Vulkan driver here"
        missing+=(mesa-vulkan-drivers)
    fi
    if [ "${1:-}" = with_validation ] && ! has_validation; then
        missing+=(vulkan-validationlayers)
    fi
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}
