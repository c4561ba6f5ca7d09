#!/bin/sh
# Generates what compose.yaml needs to know and nobody else: sh docker/make-secrets.sh DIRECTORY
# Files that are there stay as they are, since the database and the data depend on them.
set -eu

directory=${1:?Usage: sh docker/make-secrets.sh DIRECTORY}
mkdir -p -m 700 "$directory"
cd "$directory"

# The directory keeps others on this machine out; the files are readable because containers read them as other users.
write() {
  [ -e "$1" ] || (umask 022 && printf '%s\n' "$2" >"$1.new" && mv "$1.new" "$1" && echo "$1")
}

# 256 bits in characters that need no escaping in a URL.
random() {
  head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'
}

for name in postgres_password owner_password app_password secret_key metrics_token; do
  write "$name" "$(random)"
done
write database_url "postgres://reeve_app:$(cat app_password)@postgres:5432/reeve"
write migration_database_url "postgres://reeve_owner:$(cat owner_password)@postgres:5432/reeve"
