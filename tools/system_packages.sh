#!/bin/sh
# Installs what the tests need from Debian, when root; otherwise says exactly what to install. Exit code 2 when something is missing.
set -eu
need=""
lacks() { command -v "$1" >/dev/null 2>&1 || [ -e "$1" ]; }
lacks chromium || need="$need chromium"
lacks mariadbd || lacks /usr/sbin/mariadbd || need="$need mariadb-server"
lacks redis-server || need="$need redis-server"
lacks xgettext || need="$need gettext"
lacks pdftotext || need="$need poppler-utils"
lacks gcc || need="$need gcc"
lacks pkg-config || need="$need pkg-config"
lacks mariadb_config || need="$need libmariadb-dev"
lacks /usr/include/python3.11/Python.h || [ ! -x /usr/bin/python3.11 ] || need="$need python3-dev"
lacks /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf || need="$need fonts-noto-core"
[ -n "$need" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  printf 'Installing from Debian:%s …\n' "$need" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2
  # The tests start their services themselves, on ports of their own: Debian's must not start now.
  guard=/usr/sbin/policy-rc.d
  if [ -e "$guard" ]; then guard=""; else printf '#!/bin/sh\nexit 101\n' > "$guard" && chmod +x "$guard"; fi
  trap '[ -z "$guard" ] || rm -f "$guard"' EXIT
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $need >/dev/null || {
    printf 'nassij: Debian packages could not be installed:%s\n' "$need" >&2
    exit 2
  }
  exit 0
fi
printf 'nassij: the tests need these Debian packages; install them as root and try again:\n  apt install%s\n' "$need" >&2
exit 2
