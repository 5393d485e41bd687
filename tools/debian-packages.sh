# shellcheck shell=bash
# Fetches packages of a Debian suite, with every library down to libc, and unpacks them into a folder of their own: nothing is
# installed, and no root is needed. Sourced by the scripts that fetch tools. Needs say and die.

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

# fetch_packages SUITE WORK PACKAGES...: unpacks them into WORK/root.
fetch_packages() {
    local suite=$1 work=$2 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg apt_options package
    shift 2
    mirror=$(find_mirror)
    [ -n "$mirror" ] || die "found no Debian source in /etc/apt (a 'main' component of bookworm, trixie or stable)"
    [ -f "$keyring" ] || die "needs the package debian-archive-keyring"

    mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/root"
    : > "$work/status"
    printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" > "$work/sources.list"

    # An empty status file makes apt think that nothing is installed, so that it downloads every library down to libc.
    # Mirrors that are copied seldom hand out release files that are older than they may be; they are signed all the same.
    apt_options=(
        -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status" -o "Dir::State::extended_states=$work/extended_states"
        -o "Dir::Cache::Archives=$work/archives" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
        -o Debug::NoLocking=1 -o APT::Install-Recommends=false -o APT::Sandbox::User= -o Acquire::Languages=none
        -o APT::Get::List-Cleanup=false -o Acquire::Check-Valid-Until=false
    )
    say "reading the package lists of Debian's suite $suite"
    quietly "$work/log" apt-get "${apt_options[@]}" update || die "apt could not read the package lists (see above)"
    say "downloading $* and their libraries"
    quietly "$work/log" apt-get "${apt_options[@]}" --yes --download-only install "$@" \
        || die "apt could not download the packages (see above)"
    for package in "$work"/archives/*.deb; do
        dpkg-deb --extract "$package" "$work/root"
    done
    rm -rf "$work/archives" "$work/lists"
}

quietly() {
    local log=$1
    shift
    "$@" > "$log" 2>&1 || { cat "$log" >&2; return 1; }
}
