FROM alpine AS first
ARG
ENV =1
ARG GOOD=1
FROM alpine AS good
RUN <<EOF
echo
COPY
