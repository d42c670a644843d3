package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Address;
import dev.parley.protocol.CloseReason;
import dev.parley.server.security.Grants;
import dev.parley.server.security.Identity;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Connections that are closed in the midst of something. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class ClosingTest {
    private static final int BY_OPERATOR = 4201;

    @TestHTTPResource("/")
    URI root;

    @Inject
    Sessions sessions;

    private final String id = UUID.randomUUID().toString();

    @Test
    void aUserIsDisconnectedWhileTheHelloIsBeingAnswered() {
        Set<Session> others = Set.copyOf(sessions.all());
        try (Person arriving = Person.silent(root);
                Person there = Person.of(root, "closing-ada-" + id);
                Person bob = Person.of(root, "closing-bob-" + id)) {
            Session session = sessions.all().stream()
                    .filter(each -> !others.contains(each) && each.state() == Session.State.NEW)
                    .collect(Collectors.toList())
                    .get(0);
            String ada = "closing-ada-" + id;
            session.claim(new Identity(ada, ada, Set.of(), Grants.UNSAID, null, null, null, false));

            assertThat(sessions.closeAll("closing-ada-" + id, CloseReason.DISCONNECTED))
                    .isEqualTo(2);

            assertThat(arriving.awaitClose()).isEqualTo(BY_OPERATOR);
            assertThat(there.awaitClose()).isEqualTo(BY_OPERATOR);
            bob.join("closing");
        }
    }

    /** A token may end in the very turn in which the hello is answered; nobody would ever say that it left. */
    @Test
    void whoIsGoneEntersNoGroup() {
        Address.Group group = new Address.Group("closing-" + id);
        try (Person bob = Person.of(root, "closing-bob-" + id)) {
            bob.join(group.name());
            Person ada = Person.of(root, "closing-ada-" + id);
            Session session = sessions.all().stream()
                    .filter(each -> each.connection.equals(ada.connection()))
                    .findAny()
                    .orElseThrow();
            ada.close();
            Awaitility.await().until(() -> session.state() == Session.State.CLOSED);

            CompletableFuture.runAsync(() -> session.enter(group, null), session.socket.loop())
                    .join();

            JsonObject present = bob.accepted(JsonObject.of("type", "presence", "group", group.name()));
            assertThat(present.getLong("count")).isEqualTo(1);
        }
    }
}
