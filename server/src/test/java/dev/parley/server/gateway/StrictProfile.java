package dev.parley.server.gateway;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A server that takes tokens of one issuer for one audience, signed by a key in a file, and a service key; and guests. */
public final class StrictProfile implements QuarkusTestProfile {
    static final String SERVICE_KEY = "a-service-key-of-the-tests";

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            Path keys = Files.createTempFile("parley-keys", ".pem");
            keys.toFile().deleteOnExit();
            Files.writeString(keys, Signer.TRUSTED.pem());
            return Map.of(
                    "parley.tokens.keys", keys.toString(),
                    "parley.tokens.secret", Signer.SECRET,
                    "parley.tokens.issuer", Signer.ISSUER,
                    "parley.tokens.audience", Signer.AUDIENCE,
                    "parley.guests.secret", TestToken.SECRET,
                    "parley.api.keys", "tests=" + SERVICE_KEY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
