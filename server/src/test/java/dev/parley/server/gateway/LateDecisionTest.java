package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.delivery.LiveChannels;
import dev.parley.server.hook.ConnectDecision;
import dev.parley.server.hook.ConnectPolicy;
import dev.parley.server.hook.Connecting;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A decision about a connection that comes after the hello was given up: nothing is begun for who has been sent away. */
@QuarkusTest
@TestProfile(LateDecisionTest.Profile.class)
class LateDecisionTest {
    private static final int OVERLOADED = 1013;

    /** More than there are event loops: connections are spread over all of them in turn. */
    private static final int OTHERS = 4 * Runtime.getRuntime().availableProcessors();

    /** A hello is given up long before its decision. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Ponderer.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.guests.secret", TestToken.SECRET,
                    "parley.hooks.deadline", "1M",
                    "parley.limits.send-timeout", "0.5S");
        }
    }

    /** Lets everybody in at once but those called late. */
    @Alternative
    @Singleton
    public static class Ponderer implements ConnectPolicy {
        private final Queue<CompletableFuture<ConnectDecision>> open = new ConcurrentLinkedQueue<>();

        @Override
        public CompletionStage<ConnectDecision> connecting(Connecting who) {
            if (!who.user().startsWith("late")) {
                return CompletableFuture.completedStage(ConnectDecision.ACCEPT);
            }
            CompletableFuture<ConnectDecision> decision = new CompletableFuture<>();
            open.add(decision);
            return decision;
        }
    }

    @TestHTTPResource("/")
    URI root;

    @Inject
    Ponderer ponderer;

    @Inject
    LiveChannels channels;

    @Test
    void nothingIsFollowedForAHelloThatWasGivenUp() {
        Person late = Person.silent(root);
        late.ask(Say.hello(TestToken.of("late-ada")));
        assertThat(late.awaitClose()).isEqualTo(OVERLOADED);

        decide();

        assertNothingIsFollowed();
        late.close();
    }

    @Test
    void nothingIsFollowedForAStreamThatWasGivenUp() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(root.resolve("/v1/stream?channel=all"))
                                .header("Authorization", "Bearer " + TestToken.of("late-bob"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);

        decide();

        assertNothingIsFollowed();
    }

    private void decide() {
        CompletableFuture<ConnectDecision> decision = ponderer.open.remove();
        decision.complete(ConnectDecision.ACCEPT);
    }

    /** Others come and go on every loop meanwhile, so that what the decision has led to there is done. */
    private void assertNothingIsFollowed() {
        for (int i = 0; i < OTHERS; i++) {
            Person other = Person.of(root, "other-" + i);
            other.join("group-" + i);
            other.close();
        }
        await().untilAsserted(() -> assertThat(channels.count()).isZero());
    }
}
