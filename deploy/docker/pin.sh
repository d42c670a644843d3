#!/bin/sh
# Pins the bases of the images by the digests that their tags have now, in the Dockerfiles beside this; again and again, to renew them. Needs docker with buildx,
# and a way to the registries. The digests are of the lists for all platforms. Look at the difference, build, test, commit.
set -eu

cd "$(dirname "$0")"
for file in Dockerfile.jvm Dockerfile.native; do
  base=$(sed -n 's/^ARG BASE=//p' "$file")
  tag=${base%@*}
  digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$tag")
  case $digest in
    sha256:*) ;;
    *)
      echo "pin.sh: no digest of $tag: $digest" >&2
      exit 1
      ;;
  esac
  sed -i "s|^ARG BASE=.*|ARG BASE=$tag@$digest|" "$file"
  echo "$file: $tag@$digest"
done
