#!/bin/sh
# Installs what the product needs on Debian and its kin, and only what is missing.
# `setup.sh demo` is enough to run it; `setup.sh test` adds what the tests drive.
set -eu
want=${1:-demo}

missing=
need() { # program, package
	command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

need ffmpeg ffmpeg
if ! command -v valkey-server >/dev/null 2>&1; then need redis-server redis-server; fi
if ! command -v initdb >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then missing="$missing postgresql"; fi
if [ "$want" = test ]; then
	need chromium chromium
	need pdftotext poppler-utils
	# Beside ffmpeg and the like it lies where ordinary users do not look.
	[ -x /usr/sbin/nginx ] || need nginx nginx-light
	# Headless Chromium draws Chinese only with a font that has it.
	fc-list 2>/dev/null | grep -qi "cjk" || missing="$missing fonts-noto-cjk"
fi

[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
	echo "please install:$missing" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || { echo "please install as root:$missing" >&2; exit 1; }
	sudo=sudo
fi
echo "installing:$missing" >&2
# A package of PostgreSQL makes and starts a cluster of its own: not wanted, the program starts one itself.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
	$sudo mkdir -p /etc/postgresql-common
	echo "create_main_cluster = false" | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq >&2
# shellcheck disable=SC2086 # a list of packages
$sudo apt-get install -y -qq --no-install-recommends $missing >&2
