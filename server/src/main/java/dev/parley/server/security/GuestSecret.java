package dev.parley.server.security;

import dev.parley.server.config.ParleyConfig;
import dev.parley.server.redis.RedisLink;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Optional;
import org.jose4j.keys.HmacKey;

/** The key that signs and verifies HS256 tokens; made at the start, used by {@link Tokens} only. A setting that cannot work stops the start. */
@Startup
@Singleton
public final class GuestSecret {
    static final int BYTES_MIN = 32;
    private static final String PROPERTY = "parley.guests.secret";

    private final Key key;

    @Inject
    GuestSecret(ParleyConfig config, RedisLink redis) {
        this(config, redis.configured() && LaunchMode.current() == LaunchMode.NORMAL);
    }

    /**
     * Checks and takes the secret.
     *
     * @param shared whether other instances must be able to verify what this one signs
     */
    GuestSecret(ParleyConfig config, boolean shared) {
        Optional<String> secret = config.guests().secret();
        if (secret.isEmpty() && shared && config.guests().enabled()) {
            throw new ConfigurationException(
                    "Guests are on (parley.guests.enabled) and several instances may share Redis, so all need one key:"
                            + " set " + PROPERTY + " to the same random text of at least " + BYTES_MIN
                            + " bytes on each, for example the output of 'openssl rand -base64 32'.");
        }
        key = new HmacKey(secret.map(GuestSecret::bytes).orElseGet(GuestSecret::random));
    }

    Key key() {
        return key;
    }

    private static byte[] bytes(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < BYTES_MIN) {
            throw new ConfigurationException(PROPERTY + " has " + bytes.length + " bytes, but HS256 needs at least "
                    + BYTES_MIN + ": set it to a longer random text, for example the output of"
                    + " 'openssl rand -base64 32'.");
        }
        return bytes;
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES_MIN];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
