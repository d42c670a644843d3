package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.EventReader;
import dev.parley.server.testing.EventReader.Event;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers of streams while instances die and leave: with the id of the last event they saw they go on at another one, and in the end they have what the log has. */
class StreamsIT {
    private static final int MESSAGES = 600;
    /** Both sides wait a lot, and from Java 25 on the common pool of a machine with two processors has one thread for both. */
    private static final Executor THREADS = task -> new Thread(task).start();

    @RegisterExtension
    final Hub hub = new Hub(2);

    private final String group = "g-" + UUID.randomUUID();
    private final List<Event> received = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean told = new AtomicBoolean();

    /** The last quarter is sent once the second instance has been told to leave, however long the one that takes its place needs to start. */
    private final CountDownLatch leaving = new CountDownLatch(1);

    @Test
    void aReaderGoesOnWhereItWasWhenInstancesDieAndLeave() {
        EventReader first = open(hub.server(0), "Last-Event-ID: ");
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> read(first), THREADS);
        CompletableFuture<Map<Long, String>> sent = CompletableFuture.supplyAsync(this::push, THREADS);

        awaitReceived(MESSAGES / 4);
        hub.server(0).kill();
        awaitReceived(MESSAGES / 2);
        hub.add();
        hub.server(1).terminate();
        leaving.countDown();
        assertThat(hub.server(1).awaitEnd()).isZero();
        reading.join();

        Map<Long, String> log = sent.join();
        assertThat(received).extracting(event -> event.data().getLong("seq")).containsExactlyElementsOf(log.keySet());
        assertThat(received)
                .extracting(event -> event.data().getString("data"))
                .containsExactlyElementsOf(log.values());
        assertThat(told).as("told that the instance leaves").isTrue();
    }

    private void read(EventReader first) {
        EventReader reader = first;
        while (received.size() < MESSAGES) {
            Event event = nextOf(reader);
            if (event == null) {
                reader.close();
                reader = again(reader.comeBack());
            } else if (event.name().equals("message")) {
                received.add(event);
            } else {
                assertThat(event.name()).isIn("welcome", "draining", "close");
                told.compareAndSet(false, event.name().equals("draining"));
            }
        }
        reader.close();
    }

    private static Event nextOf(EventReader reader) {
        try {
            return reader.next();
        } catch (UncheckedIOException broken) {
            return null;
        }
    }

    private EventReader again(String lastEventId) {
        return Awaitility.await("a stream")
                .atMost(RawClient.PATIENCE)
                .ignoreExceptions()
                .until(() -> open(hub.any(), lastEventId), found -> true);
    }

    private EventReader open(ServerProcess server, String lastEventId) {
        return EventReader.open(
                server.uri(),
                "?channel=group/" + group,
                lastEventId,
                "Accept: text/event-stream",
                "Authorization: Bearer " + ServerProcess.SERVICE_KEY);
    }

    /** Pushes until each is acknowledged, and gives the log: by place. */
    private Map<Long, String> push() {
        Map<Long, String> log = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            if (i == MESSAGES * 3 / 4) {
                awaitLeaving();
            }
            String data = "message " + i;
            JsonObject body = new JsonObject()
                    .put("to", new JsonObject().put("group", group))
                    .put("data", data);
            Map<String, String> key = Map.of("Idempotency-Key", group + "-" + i);
            JsonObject answer = Awaitility.await("it is taken")
                    .atMost(RawClient.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> hub.any().post("/v1/messages", body, key), taken -> taken.status() == 202)
                    .body();
            log.put(answer.getLong("seq"), data);
        }
        return log;
    }

    private void awaitLeaving() {
        try {
            leaving.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitReceived(int count) {
        Awaitility.await(count + " messages").atMost(Duration.ofSeconds(180)).until(() -> received.size() >= count);
    }
}
