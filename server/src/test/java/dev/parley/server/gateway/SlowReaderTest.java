package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.delivery.Counters;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who stops reading: the server keeps little for them, the others do not notice, and reading on they get everything. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class SlowReaderTest {
    private static final int MESSAGES = 4000;
    private static final int RECEIVE_BUFFER = 128 * 1024;

    /** The mark over which a socket counts as slow, and as much again for what was under way. */
    private static final long BOUND = 2 * 256 * 1024;

    private static final String FILLER = "x".repeat(2000);

    @TestHTTPResource("/")
    URI root;

    @Inject
    Counters counters;

    @Inject
    Sessions sessions;

    private final String group = "long:slow-" + UUID.randomUUID();
    private final String channel = "group/" + group;
    private Person ada;
    private Person bob;
    private Person slow;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "slow-ada");
        bob = Person.of(root, "slow-bob");
        slow = Person.with(RawSocket.open(root, RECEIVE_BUFFER), Say.hello(TestToken.of("slow-carl")));
        for (Person each : new Person[] {ada, bob, slow}) {
            each.join(group);
        }
    }

    @AfterEach
    void hangUp() {
        ada.close();
        bob.close();
        slow.close();
    }

    @Test
    void slowReaderCatchesUpFromTheLog() {
        long before = counters.behind.sum();

        flood(MESSAGES);
        bob.catchUp(channel, MESSAGES);

        assertThat(counters.behind.sum())
                .as("batches not written to the slow one")
                .isGreaterThan(before);
        assertThat(waitingFor(slow)).isLessThan(BOUND);
        slow.catchUp(channel, MESSAGES);
        assertThat(slow.all()).noneMatch(frame -> frame.getString("type").equals("gap"));
        ada.send(Say.group(group), "live again");
        slow.await(frame -> "live again".equals(frame.getValue("data")));
    }

    /** It reads while the others go on sending, so that replay and live feed meet again and again. */
    @Test
    void slowReaderCatchesUpWhileMoreComes() {
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> flood(MESSAGES));
        for (int read = 10; read < MESSAGES; read += 10) {
            slow.catchUp(channel, read);
        }
        flood.join();
        slow.catchUp(channel, MESSAGES);

        assertThat(slow.all()).noneMatch(frame -> frame.getString("type").equals("gap"));
    }

    @Test
    void volatileMessagesAreDroppedForTheSlowOneAndCounted() {
        long before = counters.volatileDropped.sum();

        flood(MESSAGES);
        bob.catchUp(channel, MESSAGES);
        ada.say(Say.send(Say.group(group), "gone").put("volatile", true));
        ada.send(Say.group(group), "kept");
        bob.await(frame -> "kept".equals(frame.getValue("data")));

        assertThat(counters.volatileDropped.sum()).isGreaterThan(before);
        slow.catchUp(channel, MESSAGES + 1);
        assertThat(slow.all())
                .noneMatch(frame -> "gone".equals(frame.getValue("data")))
                .anyMatch(frame -> "kept".equals(frame.getValue("data")));
    }

    @Test
    void whatTheLogLostMeanwhileIsAGap() {
        String brief = "brief:" + group;
        ada.join(brief);
        slow.join(brief);
        flood(brief, MESSAGES);

        slow.catchUp("group/" + brief, MESSAGES);

        assertThat(slow.next("gap").getString("reason")).isEqualTo("expired");
    }

    /** The answers to its own requests are what cannot be skipped. */
    @Test
    void whoAsksAndDoesNotReadIsNotRead() {
        flood(100);
        JsonObject[] greedy = IntStream.range(0, 500)
                .mapToObj(i -> slow.numbered(Say.history(channel).put("limit", 100)))
                .toArray(JsonObject[]::new);
        slow.say(greedy);

        ada.send(Say.group(group), "still here");
        bob.await(frame -> "still here".equals(frame.getValue("data")));
        assertThat(waitingFor(slow)).isLessThan(BOUND);
        assertThat(slow.answerTo(greedy[greedy.length - 1]).getString("type")).isEqualTo("ack");
    }

    /** Bytes that the server holds for a connection. */
    private long waitingFor(Person person) {
        Session session = sessions.all().stream()
                .filter(each -> each.connection.equals(person.connection()))
                .findAny()
                .orElseThrow();
        return CompletableFuture.supplyAsync(
                        () -> session.socket.queuedBytes() - session.socket.drainedBytes(), session.socket.loop())
                .join();
    }

    /** Ada sends so many messages of about 2 kB, and reads hers on the way: who does not read is not read. */
    private void flood(int messages) {
        flood(group, messages);
    }

    private void flood(String where, int messages) {
        for (int sent = 0; sent < messages; sent += 20) {
            ada.say(IntStream.range(0, 20)
                    .mapToObj(n -> Say.send(Say.group(where), FILLER))
                    .toArray(JsonObject[]::new));
            ada.catchUp("group/" + where, ada.places.of("group/" + where).seq() + 20);
        }
    }
}
