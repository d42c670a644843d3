#!/bin/sh
# Pins the images that others make (the bases of ours, the builder of the native executable, Redis and nginx of compose and of the overlay dev) by the digests that their
# tags have now, wherever they are named; again and again, to renew them. Needs docker with buildx, and a way to the registries. The digests are of the lists for all
# platforms. Look at the difference, build, test, commit.
set -eu

cd "$(dirname "$0")/../.."
# pin <file> <what stands before the image in its line>
pin() {
  images=$(sed -n "s|^ *$2\([^ <]*\).*|\1|p" "$1" | grep / | sort -u)
  if [ -z "$images" ]; then
    echo "pin.sh: $1 names no image after $2" >&2
    exit 1
  fi
  for image in $images; do
    tag=${image%@*}
    digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$tag")
    case $digest in
      sha256:*) ;;
      *)
        echo "pin.sh: no digest of $tag: $digest" >&2
        exit 1
        ;;
    esac
    sed -i "s|^\( *$2\)$image|\1$tag@$digest|" "$1"
    echo "$1: $tag@$digest"
  done
}
pin deploy/docker/Dockerfile.jvm 'ARG BASE='
pin deploy/docker/Dockerfile.native 'ARG BASE='
pin server/pom.xml '<quarkus.jib.base-jvm-image>'
pin server/src/main/resources/application.properties 'quarkus.native.builder-image='
pin deploy/compose.yaml 'image: '
pin deploy/kubernetes/overlays/dev/redis.yaml 'image: '
