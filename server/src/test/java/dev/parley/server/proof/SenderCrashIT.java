package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.Proxy.Link;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sender or its instance goes between the send and the ack: whoever sends again with the same id, anywhere, is told what became of the first try, and followers
 * see one message.
 */
class SenderCrashIT {

    @RegisterExtension
    static final Hub HUB = new Hub(2)
            .behindProxies()
            .with("parley.limits.send-timeout", "PT30S")
            // A Redis that is stalled for a while must not be given up meanwhile.
            .with("parley.redis.probe", "PT30S");

    @AfterEach
    void redisGoesOn() {
        HUB.redis().resume();
    }

    @ParameterizedTest(name = "http: {0}")
    @ValueSource(booleans = {false, true})
    void theSenderGoesBeforeItsAck(boolean http) {
        Retries retries = new Retries(HUB, http);
        Attempt first = retries.at(HUB.server(0));
        HUB.clientLink(0).mute(true);
        first.begin();
        retries.awaitOnSecond();
        first.vanish();
        HUB.clientLink(0).heal();

        retries.assertRepeatsAreToldTheFirst();
    }

    @ParameterizedTest(name = "http: {0}")
    @ValueSource(booleans = {false, true})
    void theSenderGoesWhileRedisStalls(boolean http) {
        Retries retries = new Retries(HUB, http);
        Attempt first = retries.at(HUB.server(0));
        HUB.redis().stall();
        retries.passing(0, first);
        first.vanish();
        HUB.redis().resume();

        retries.assertRepeatsAreToldTheFirst();
    }

    @ParameterizedTest(name = "http: {0}")
    @ValueSource(booleans = {false, true})
    void theInstanceIsKilledWhileRedisStalls(boolean http) {
        ServerProcess victim = HUB.add();
        Retries retries = new Retries(HUB, http);
        Attempt first = retries.at(victim);
        HUB.redis().stall();
        retries.passing(HUB.size() - 1, first);
        victim.kill();
        HUB.redis().resume();

        retries.assertRepeatsAreToldTheFirst();
    }

    @ParameterizedTest(name = "http: {0}")
    @ValueSource(booleans = {false, true})
    void theInstanceIsKilledBetweenAppendAndAck(boolean http) {
        ServerProcess victim = HUB.add();
        Retries retries = new Retries(HUB, http);
        Attempt first = retries.at(victim);
        HUB.redisLink(HUB.size() - 1).mute(true, Link.COMMANDS);
        CompletableFuture<JsonObject> answer = first.begin();
        retries.delivered();
        assertThat(answer).as("the answer before the end").isNotDone();
        victim.kill();

        retries.assertRepeatsAreToldTheFirst();
    }

    @ParameterizedTest(name = "http: {0}")
    @ValueSource(booleans = {false, true})
    void theRetryRacesTheFirstOnAnotherInstance(boolean http) {
        Retries retries = new Retries(HUB, http);
        Attempt one = retries.at(HUB.server(0));
        Attempt two = retries.at(HUB.server(1));
        HUB.redis().stall();
        List<CompletableFuture<JsonObject>> answers = List.of(retries.passing(0, one), retries.passing(1, two));
        HUB.redis().resume();

        JsonObject message = retries.delivered();
        List<JsonObject> told = answers.stream().map(RawClient::await).toList();
        assertThat(told).allSatisfy(answer -> retries.assertTellsOf(message, answer));
        assertThat(told).extracting(answer -> answer.getBoolean("duplicate")).containsExactlyInAnyOrder(false, true);
        retries.assertAllSawItOnceAndFirst();
    }
}
