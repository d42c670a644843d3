package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An instance to which more come than it takes. */
@QuarkusTest
@TestProfile(CrowdedTest.Profile.class)
class CrowdedTest {
    private static final int TOO_MANY_CONNECTIONS = 4202;
    private static final int CONNECTIONS = 12;

    /** Few connections, and few hellos a second. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.guests.secret",
                    TestToken.SECRET,
                    "parley.limits.connections",
                    Integer.toString(CONNECTIONS),
                    "parley.limits.handshakes",
                    "1");
        }
    }

    @TestHTTPResource("/")
    URI root;

    @Inject
    Exceeded exceeded;

    @Test
    void oneTooManyIsClosedAndWhoComeAllAtOnceAreToldWhenToComeBack() {
        List<RawSocket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                crowd.add(RawSocket.open(root));
            }
            try (RawSocket tooMany = RawSocket.open(root)) {
                assertThat(tooMany.read().closeCode()).isEqualTo(TOO_MANY_CONNECTIONS);
            }
            assertThat(exceeded.of(Limit.CONNECTIONS)).isEqualTo(1);

            for (int i = 0; i < CONNECTIONS; i++) {
                crowd.get(i).text(Say.hello(TestToken.of("crowd-" + i)).encode());
            }
            int welcome = 0;
            for (RawSocket socket : crowd) {
                JsonObject answer = new JsonObject(socket.read().text());
                if (answer.getString("type").equals("welcome")) {
                    welcome++;
                } else {
                    assertThat(answer.getString("code")).isEqualTo("unavailable");
                    assertThat(answer.getLong("retryAfter")).isPositive();
                }
            }
            assertThat(welcome).isBetween(1, CONNECTIONS - 1);
            assertThat(exceeded.of(Limit.HANDSHAKES)).isEqualTo(CONNECTIONS - welcome);
        } finally {
            crowd.forEach(RawSocket::close);
        }
    }
}
