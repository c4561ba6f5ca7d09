#!/bin/sh
# Run once by the postgres image, on an empty database server: the database of Reeve and its two roles. `reeve_owner`
# owns the schema and migrates it; `reeve_app` serves requests and is given rights on tables by the migrations.
set -eu

# psql reads the passwords itself: arguments can be seen by every process.
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
\\set owner_password \`cat ${OWNER_PASSWORD_FILE:-/run/secrets/owner_password}\`
\\set app_password \`cat ${APP_PASSWORD_FILE:-/run/secrets/app_password}\`
CREATE ROLE reeve_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE reeve_app LOGIN PASSWORD :'app_password';
CREATE DATABASE reeve OWNER reeve_owner;
REVOKE ALL ON DATABASE reeve FROM PUBLIC;
GRANT CONNECT ON DATABASE reeve TO reeve_app;
SQL
