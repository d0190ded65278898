# syntax=docker/dockerfile:1
ARG VERSION=18
FROM node:${VERSION} AS build
ENV HOME=/app PATH=/bin
ENV MODE production
ARG VERSION
WORKDIR ${HOME}
COPY package.json $HOME/
RUN npm install && echo $MODE
FROM --platform=linux/amd64 scratch AS final
COPY --from=build /app /app
FROM final
EXPOSE 80
ENTRYPOINT ["/app"]
