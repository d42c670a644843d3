package dev.parley.server.hook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs calls of webhooks as Standard Webhooks 1.0 says, with each of the secrets, so that a secret can be changed. Immutable; any thread. */
final class Signature {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES_MIN = 24;
    private static final int BYTES_MAX = 64;

    private final List<SecretKeySpec> keys;

    private Signature(List<SecretKeySpec> keys) {
        this.keys = keys;
    }

    /** With these secrets, each {@code whsec_} and 24 to 64 bytes in Base64; empty when one is none. */
    static Optional<Signature> of(List<String> secrets) {
        List<Optional<SecretKeySpec>> keys =
                secrets.stream().map(String::strip).map(Signature::key).toList();
        boolean good = !keys.isEmpty() && keys.stream().allMatch(Optional::isPresent);
        return good ? Optional.of(new Signature(keys.stream().map(Optional::get).toList())) : Optional.empty();
    }

    private static Optional<SecretKeySpec> key(String secret) {
        if (!secret.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            return bytes.length < BYTES_MIN || bytes.length > BYTES_MAX
                    ? Optional.empty()
                    : Optional.of(new SecretKeySpec(bytes, ALGORITHM));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no Base64
        }
    }

    /** What goes into the header {@code webhook-signature}. */
    String of(String id, long timestamp, byte[] body) {
        byte[] head = (id + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8);
        byte[] signed = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, signed, head.length, body.length);
        return keys.stream()
                .map(key -> "v1," + Base64.getEncoder().encodeToString(mac(key, signed)))
                .collect(Collectors.joining(" "));
    }

    private static byte[] mac(SecretKeySpec key, byte[] signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
