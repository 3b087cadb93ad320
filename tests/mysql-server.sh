# Sourced by ./test, ./quickstart and the comparisons: Oracle's MySQL server beside the machine's own packages, in .work/mysql-9.7.
# shellcheck shell=bash

mysql_version=9.7
mysql_home=.work/mysql-$mysql_version

# Downloads the server and its command lines from Debian's unstable suite, with an apt of its own, and unpacks them. The machine's packages
# and sources stay as they are. Returns 1, with the reason on stderr and in $mysql_home.problem, where the version cannot be had.
install_mysql() {
  mkdir -p .work
  (
    flock 9
    rm -f "$mysql_home.problem"
    # The last thing written, so that a broken install is not taken for a whole one.
    [[ -e $mysql_home/version ]] && exit 0
    rm -rf "$mysql_home" "$mysql_home.partial"
    mkdir -p "$mysql_home.partial"
    if problem=$(unpack_mysql "$mysql_home.partial" 2>&1 >"$mysql_home.partial/log"); then
      mv "$mysql_home.partial" "$mysql_home"
    else
      rm -rf "$mysql_home.partial"
      printf 'MySQL %s cannot be had: %s\n' "$mysql_version" "${problem##*$'\n'}" | tee "$mysql_home.problem" >&2
      exit 1
    fi
  ) 9>"$mysql_home.lock"
}

# unpack_mysql FOLDER: the last line on stderr says why it failed.
unpack_mysql() {
  local folder apt package
  folder=$(readlink -f "$1")
  mkdir -p "$folder"/apt/{lists/partial,archives/partial,etc,dpkg} "$folder/root"
  : >"$folder/apt/dpkg/status"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s unstable main\n' "$(debian_mirror)" >"$folder/apt/etc/sources.list"
  apt=(
    -o "Dir::Etc=$folder/apt/etc" -o "Dir::Etc::SourceList=$folder/apt/etc/sources.list" -o 'Dir::Etc::SourceParts=/nonexistent'
    -o "Dir::State=$folder/apt" -o "Dir::State::Lists=$folder/apt/lists" -o "Dir::State::Status=$folder/apt/dpkg/status"
    -o "Dir::Cache=$folder/apt" -o "Dir::Cache::Archives=$folder/apt/archives"
    -o 'APT::Sandbox::User=root' -o 'Debug::NoLocking=1' -o 'APT::Install-Recommends=false'
  )
  apt-get "${apt[@]}" update -q || { echo 'the package list of the unstable suite could not be read' >&2; return 1; }
  apt-get "${apt[@]}" install -q -y --download-only mysql-server-core mysql-client-core ||
    { echo 'the packages could not be downloaded' >&2; return 1; }
  for package in "$folder"/apt/archives/*.deb; do
    dpkg-deb -x "$package" "$folder/root" || { echo "${package##*/} could not be unpacked" >&2; return 1; }
  done
  rm -rf "$folder/apt"
  chmod -R a+rX "$folder"
  local version
  version=$(run_unpacked "$folder" sbin/mysqld --no-defaults --version) || { echo 'its mysqld does not run' >&2; return 1; }
  [[ $version == *" $mysql_version."* ]] || { echo "the suite holds another one: ${version#*Ver }" >&2; return 1; }
  rm -f "$folder/log"
  printf '%s\n' "${version#* Ver }" >"$folder/version"
}

# run_unpacked FOLDER PROGRAM ARGUMENT…: by the loader and the libraries that came with it, which are newer than the machine's.
run_unpacked() {
  local root=$1/root program=$2
  shift 2
  "$root"/usr/lib*/ld-linux-*.so.2 --library-path "$root/usr/lib/$(uname -m)-linux-gnu:$root/lib/$(uname -m)-linux-gnu" "$root/usr/$program" "$@"
}

# Where the machine gets its own packages.
debian_mirror() {
  local mirrors
  mirrors=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*debian* 2>/dev/null |
    sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +(\S*\/debian)\/?( .*|$)/\3/p') || true
  mirrors=${mirrors%%$'\n'*}
  printf '%s\n' "${mirrors:-http://deb.debian.org/debian}"
}
