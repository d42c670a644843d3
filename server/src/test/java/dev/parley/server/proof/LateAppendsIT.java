package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parley.server.testing.Proxy.Link;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis takes longer to answer than a sender waits: the sender is told to try again, and the retry settles what became of the first try. */
class LateAppendsIT {

    @RegisterExtension
    static final Hub HUB = new Hub(2).behindProxies().with("parley.limits.send-timeout", "PT3S");

    @AfterEach
    void linksAreWell() {
        HUB.redis().resume();
        HUB.redisLink(0).heal();
    }

    @ParameterizedTest(name = "http: {0}")
    @ValueSource(booleans = {false, true})
    void whatWasAppendedUnheardIsARepeatAfterwards(boolean http) {
        Retries retries = new Retries(HUB, http);
        Attempt first = retries.at(HUB.server(0));
        HUB.redisLink(0).mute(true, Link.COMMANDS);
        assertMayTryAgain(first.begin());
        HUB.redisLink(0).heal();
        awaitReached();

        retries.assertRepeatsAreToldTheFirst();
    }

    @ParameterizedTest(name = "http: {0}")
    @ValueSource(booleans = {false, true})
    void whatReachesTheLogAfterItsSenderGaveUpIsNotTaken(boolean http) {
        Retries retries = new Retries(HUB, http);
        Attempt first = retries.at(HUB.server(0));
        Attempt retry = retries.at(HUB.server(1));
        HUB.redis().stall();
        CompletableFuture<JsonObject> answer = retries.passing(0, first);
        assertMayTryAgain(answer);
        HUB.redis().resume();
        awaitReached();

        String other = retries.other();
        JsonObject taken = RawClient.await(retry.begin());

        assertThat(taken.getBoolean("duplicate")).isFalse();
        assertThat(taken.getLong("seq")).isEqualTo(2);
        retries.assertTellsOf(retries.delivered(), taken);
        retries.assertAllSaw(List.of(other, taken.getString("messageId")));
    }

    /** Both instances have given their links up and need new ones. */
    private static void awaitReached() {
        for (int i = 0; i < 2; i++) {
            ServerProcess server = HUB.server(i);
            JsonObject probe = new JsonObject().put("to", To.group("probe")).put("data", "probe");
            Awaitility.await(server.name() + " reaches Redis")
                    .atMost(RawClient.PATIENCE)
                    .until(() -> server.post("/v1/messages", probe, Map.of()).status() == 202);
        }
    }

    private static void assertMayTryAgain(CompletableFuture<JsonObject> answer) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> RawClient.await(answer))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo("unavailable");
                    assertThat(refusal.retryable()).isTrue();
                });
    }
}
