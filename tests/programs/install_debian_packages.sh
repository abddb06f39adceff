#!/bin/sh
# Installs the Debian packages that `make test-all` needs and this machine lacks: a browser, Node with npm, PSPP and
# LibreOffice Calc.
set -eu

has() { command -v "$1" >/dev/null 2>&1; }

missing=""
has chromium || has chromium-browser || has google-chrome || missing="chromium fonts-dejavu-core"
has node || missing="$missing nodejs"
has npm || missing="$missing npm"
has pspp-convert || missing="$missing pspp"
has Rscript || missing="$missing r-base-core"
has soffice || missing="$missing libreoffice-calc-nogui"
[ -n "$missing" ] || exit 0

if ! has apt-get || [ "$(id -u)" != 0 ]; then
  echo "error: make test-all needs these Debian packages, which only root can install: $missing" >&2
  exit 1
fi
echo "Installing Debian packages: $missing"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# shellcheck disable=SC2086 # one word a package
apt-get -qq install --yes --no-install-recommends $missing >/dev/null
