# Sourced by ./test, ./quickstart and the comparisons: installs Debian packages without starting what is in them.
# shellcheck shell=bash

# need TEST PACKAGE…: remembers the packages unless the shell command TEST succeeds.
missing_packages=()
need() {
  local found=$1
  shift
  eval "$found" >/dev/null 2>&1 || missing_packages+=("$@")
}

# Installs what need() has found missing; where that takes root and we are not, says what to install and ends with 1.
install_missing() {
  ((${#missing_packages[@]} > 0)) || return 0
  if ((EUID != 0)); then
    printf 'Missing Debian packages. As root:\n\n  apt-get install --no-install-recommends %s\n\n' "${missing_packages[*]}" >&2
    exit 1
  fi
  printf 'Installing %s\n' "${missing_packages[*]}" >&2
  local policy='' cluster=/etc/postgresql-common/createcluster.d/wireguardian.conf
  # No service may start because its package came: invoke-rc.d and deb-systemd-invoke both ask this file.
  if [[ ! -e /usr/sbin/policy-rc.d ]]; then
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  # Nor is a database cluster wanted: the tests make their own.
  mkdir -p "${cluster%/*}"
  echo 'create_main_cluster = false' >"$cluster"
  local result=0
  {
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing_packages[@]}"
  } >&2 || result=$?
  rm -f "$cluster" ${policy:+"$policy"}
  local package
  if [[ -d /run/systemd/system ]]; then
    for package in prometheus haproxy pgbouncer; do
      [[ " ${missing_packages[*]} " != *" $package "* ]] || systemctl disable --quiet "$package" >&2 || true
    done
    [[ " ${missing_packages[*]} " != *' mariadb-server '* ]] || systemctl disable --quiet mariadb >&2 || true
  fi
  ((result == 0)) || { echo "apt-get failed with $result" >&2; exit 1; }
}

need_dotnet() {
  command -v dotnet >/dev/null || { echo 'The .NET 10 SDK is missing: https://dotnet.microsoft.com/download' >&2; exit 1; }
}
