FROM node:22-slim AS build
WORKDIR /allim

# Dependencies first: they stay cached as long as the lock file does.
COPY package.json package-lock.json ./
COPY scripts/setup.mjs scripts/
RUN node --input-type=module --eval 'import { install } from "./scripts/setup.mjs"; install()'

COPY . .
RUN npm run build && node_modules/.bin/bun scripts/image.ts /image

# Nothing but the executable and the parts of glibc it is linked against.
FROM scratch
COPY --from=build /image/ /
COPY --from=build --chown=65532:65532 /image/data /data
ENV DATA_DIR=/data
WORKDIR /data
VOLUME /data
USER 65532:65532
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/allim", "health"]
ENTRYPOINT ["/allim"]
