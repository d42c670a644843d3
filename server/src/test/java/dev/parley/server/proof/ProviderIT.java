package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.parley.server.testing.EventReader;
import dev.parley.server.testing.SignedBy;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The packaged server with an identity provider: keys are fetched from it over HTTP, and tokens of every algorithm are verified with them. */
class ProviderIT {
    private static final List<SignedBy> KEYS = List.of(
            SignedBy.fresh("RS256", "rsa"), SignedBy.fresh("ES256", "curve"), SignedBy.fresh("EdDSA", "edwards"));
    private static final HttpServer PROVIDER = provider();

    @RegisterExtension
    static final Hub HUB = Hub.inMemory()
            .with(
                    "parley.tokens.jwks.url",
                    "http://localhost:" + PROVIDER.getAddress().getPort() + "/jwks");

    @AfterAll
    static void stopTheProvider() {
        PROVIDER.stop(0);
    }

    @Test
    void tokensOfEveryPublishedKeyAreTaken() {
        for (SignedBy key : KEYS) {
            try (EventReader stream = open(key.token(SignedBy.claims("ada")))) {
                assertThat(stream.head()).startsWith("HTTP/1.1 200 ");
                JsonObject welcome = stream.next("welcome").data();
                assertThat(welcome.getJsonObject("user").getString("id")).isEqualTo("ada");
            }
        }
    }

    @Test
    void tokensOfOtherKeysOfTheSameNameAreNot() {
        for (SignedBy forged : List.of(SignedBy.fresh("RS256", "rsa"), SignedBy.fresh("EdDSA", "edwards"))) {
            try (EventReader stream = open(forged.token(SignedBy.claims("ada")))) {
                assertThat(stream.head()).startsWith("HTTP/1.1 401 ");
            }
        }
    }

    private static EventReader open(String token) {
        return EventReader.ask(HUB.server(0).uri(), "?channel=all", "Authorization: Bearer " + token);
    }

    private static HttpServer provider() {
        byte[] published = KEYS.stream()
                .map(SignedBy::jwk)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/jwks", call -> {
                call.sendResponseHeaders(200, published.length);
                call.getResponseBody().write(published);
                call.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
