package dev.parley.server.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A server with a service key, a known secret and guests. */
public final class WithKeys implements QuarkusTestProfile {
    static final String SECRET = "the-secret-of-the-tests-0123456789";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "parley.api.keys", "tests=" + Api.KEY, "parley.guests.enabled", "true", "parley.guests.secret", SECRET);
    }
}
