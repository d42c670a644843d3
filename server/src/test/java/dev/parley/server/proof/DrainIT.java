package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * SIGTERM, with the pause and the window that are the default: an instance leaves in order and is gone with status 0 within the 30 seconds that Kubernetes
 * gives it. {@link ServerProcess#awaitEnd} waits no longer.
 *
 * <p>{@code ./mvnw verify -pl server -am -Dit.test=DrainIT -Dparley.proof.connections=10000} does it with ten thousand connections.
 */
class DrainIT {
    private static final int CONNECTIONS = Integer.getInteger("parley.proof.connections", 1000);
    private static final int PAUSE_MILLIS = 3000;
    private static final int WINDOW_MILLIS = Math.min(15_000, CONNECTIONS * 10);

    private static final int BUCKET_MILLIS = 500;

    /** A machine that stands still for some seconds puts what was due in them, a third of the window, into one bucket. */
    private static final double STANDSTILL = 0.3;

    @RegisterExtension
    final Hub hub = new Hub(2);

    @Test
    void connectionsAreSentAwaySpreadOverTheWindow() {
        ServerProcess leaving = hub.server(0);
        try (Swarm swarm = new Swarm(
                        CONNECTIONS, () -> leaving.isServing() ? leaving : hub.server(1), i -> List.of("g"))
                .arrive()) {
            long asked = System.nanoTime();
            leaving.terminate();
            Awaitility.await("it is not ready at once")
                    .atMost(RawClient.PATIENCE)
                    .until(() -> leaving.get("/q/health/ready").status() == 503);
            assertThat(swarm.closings())
                    .as("load balancers know before anybody is sent away")
                    .isEmpty();
            assertThat(leaving.get("/q/health/live").status()).isEqualTo(200);
            Awaitility.await("it takes nobody any more")
                    .atMost(RawClient.PATIENCE)
                    .until(() -> upgrade(leaving) == 503);

            assertThat(leaving.awaitEnd()).as("exit status").isZero();
            long gone = System.nanoTime();
            swarm.await("all are back", () -> swarm.count(Swarm.Member::isOpen) == CONNECTIONS);

            assertThat(swarm.closings()).isEqualTo(Map.of(1012, CONNECTIONS));
            assertThat(swarm.drainings()).isEqualTo(CONNECTIONS);
            Histogram sent = new Histogram(BUCKET_MILLIS);
            Histogram back = new Histogram(BUCKET_MILLIS);
            swarm.members().forEach(member -> {
                sent.add(member.lostAt() - asked);
                back.add(member.triedAt() - asked);
            });
            System.out.printf(
                    "%d connections: gone after %.1f s; sent away by half second %s; tried to come back %s%n",
                    CONNECTIONS, Swarm.seconds(gone - asked), sent, back);
            assertThat(sent.first()).as("the first is sent away").isGreaterThanOrEqualTo(PAUSE_MILLIS - BUCKET_MILLIS);
            assertThat(back.largestShare())
                    .as("share of all who try to come back within the same half second")
                    .isLessThanOrEqualTo(4.0 * BUCKET_MILLIS / WINDOW_MILLIS + STANDSTILL);
        }
    }

    @Test
    void neitherADeadRedisNorASecondSignalNorMuteClientsHoldItUp() {
        ServerProcess leaving = hub.server(0);
        List<Mute> mutes = new ArrayList<>();
        try (Swarm swarm = new Swarm(20, () -> leaving, i -> List.of("g")).arrive()) {
            for (int i = 0; i < 5; i++) {
                mutes.add(new Mute(leaving));
                mutes.add(new Mute(leaving).say("{\"type\":\"hello\"}").say("{\"type\":\"join\",\"group\":\"flood\"}"));
            }
            Awaitility.await("all mutes are there")
                    .atMost(RawClient.PATIENCE)
                    .until(() -> leaving.metric("parley_connections ") == swarm.size() + mutes.size());
            JsonObject large = new JsonObject().put("to", To.group("flood")).put("data", "x".repeat(60_000));
            Awaitility.await("mutes are full").atMost(RawClient.PATIENCE).until(() -> {
                for (int i = 0; i < 20; i++) {
                    leaving.post("/v1/messages", large, Map.of());
                }
                return leaving.metric("parley_delivery_behind_total") > 0;
            });
            hub.redis().kill();

            leaving.terminate();
            Awaitility.await("it drains")
                    .atMost(RawClient.PATIENCE)
                    .until(() -> leaving.log().contains("Draining"));
            leaving.terminate();

            assertThat(leaving.awaitEnd()).as("exit status").isZero();
            swarm.await("all are sent away", () -> swarm.count(Swarm.Member::isOpen) == 0);
            assertThat(swarm.closings()).isEqualTo(Map.of(1012, swarm.size()));
        } finally {
            mutes.forEach(Mute::close);
        }
    }

    @Test
    void aCallThatIsUnderWayGetsItsAnswer() {
        ServerProcess leaving = hub.with("parley.drain.pause", "PT0.1S").add();
        leaving.post("/v1/messages", push(), Map.of());
        hub.redis().stall();
        CompletableFuture<HttpResponse<String>> call = Wire.HTTP.sendAsync(
                ServerProcess.request(leaving.uri(), "/v1/messages")
                        .POST(BodyPublishers.ofString(push().encode()))
                        .build(),
                BodyHandlers.ofString());

        leaving.terminate();
        Awaitility.await("it takes nobody any more").until(() -> upgrade(leaving) == 503);
        assertThat(call).isNotDone();
        hub.redis().resume();

        HttpResponse<String> answer = call.join();
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(leaving.awaitEnd()).as("exit status").isZero();
    }

    private static int upgrade(ServerProcess server) {
        try (Mute mute = new Mute(server)) {
            return mute.status();
        }
    }

    private static JsonObject push() {
        return new JsonObject().put("to", To.group("g")).put("data", 1);
    }
}
