package dev.parley.server.security;

import dev.parley.protocol.Names;
import dev.parley.server.config.ParleyConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The keys of backends, from {@code parley.api.keys}; read at the start, asked by the HTTP API on any thread. A malformed list stops the start.
 *
 * <p>A key may be written as its SHA-256, so that who reads the configuration cannot use it. Keys are random and long, so no salt and no slow hash would add to that.
 */
@Startup
@ApplicationScoped
public class ServiceKeys {
    private static final Logger LOG = Logger.getLogger(ServiceKeys.class);
    private static final String PROPERTY = "parley.api.keys";
    private static final String UNNAMED = "default";

    /** What a key that is hashed in the configuration begins with. */
    private static final String HASHED = "sha256:";

    /** The name under which the hub itself sends. */
    private static final String RESERVED = "parley";

    private static final int HASH_BYTES = 32;

    private final List<Service> services;

    /** Several keys may have one name, so that a key can be changed without a moment in which neither works. */
    private record Service(String name, byte[] digest, boolean hashed) {}

    @Inject
    ServiceKeys(ParleyConfig config) {
        this(config.api().keys().orElse(List.of()));
        boolean production = LaunchMode.current() == LaunchMode.NORMAL;
        if (production && services.stream().anyMatch(service -> !service.hashed)) {
            LOG.warn(PROPERTY + " has a key that can be read there. Set its SHA-256 instead, as name=sha256:<hex>:"
                    + " printf %s \"$KEY\" | sha256sum");
        }
        if (services.isEmpty() && production) {
            LOG.info("The HTTP API takes no service key until one is set in " + PROPERTY
                    + " (for example orders=<random text>).");
        }
    }

    ServiceKeys(List<String> keys) {
        services = keys.stream().map(ServiceKeys::parse).toList();
    }

    /** Whether there is any key. */
    public boolean any() {
        return !services.isEmpty();
    }

    /**
     * The service a key belongs to. Takes the same time whether much, little or nothing of the key is right.
     *
     * @param bearer what stood after {@code Bearer}
     * @return the service's name
     */
    public Optional<String> service(String bearer) {
        byte[] digest = digest(bearer);
        String found = null;
        for (Service service : services) {
            if (MessageDigest.isEqual(service.digest, digest) && found == null) {
                found = service.name;
            }
        }
        return Optional.ofNullable(found);
    }

    private static Service parse(String setting) {
        int equals = setting.indexOf('=');
        String name = equals < 0 ? UNNAMED : setting.substring(0, equals).strip();
        String key = setting.substring(equals + 1).strip();
        if (!Names.isUser(name) || name.equals(RESERVED)) {
            throw new ConfigurationException(PROPERTY + " has an entry whose name (before the '=') is not 1 to "
                    + Names.USER_MAX + " of A-Z a-z 0-9 . _ : @ -, or is '" + RESERVED
                    + "': write each entry as name=key, or as a key without '='.");
        }
        boolean printable = key.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (key.isEmpty() || key.startsWith("=") || !printable) {
            throw new ConfigurationException(PROPERTY + " has an entry '" + name
                    + "=…' whose key is empty, begins with '=' or has other than printable ASCII characters:"
                    + " write each entry as name=key; a key that itself contains '=' needs a name.");
        }
        return key.startsWith(HASHED)
                ? new Service(name, hash(name, key.substring(HASHED.length())), true)
                : new Service(name, digest(key), false);
    }

    private static byte[] hash(String name, String hex) {
        try {
            byte[] hash = HexFormat.of().parseHex(hex.toLowerCase(Locale.ROOT));
            if (hash.length == HASH_BYTES) {
                return hash;
            }
        } catch (IllegalArgumentException e) {
            // Told below, together with a hash that is too short or too long.
        }
        throw new ConfigurationException(PROPERTY + " has an entry '" + name + "=sha256:…' that is no SHA-256 of 64"
                + " hexadecimal digits: make it with printf %s \"$KEY\" | sha256sum.");
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
