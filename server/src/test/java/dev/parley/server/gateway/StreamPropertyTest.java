package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.EventReader;
import dev.parley.server.testing.EventReader.Event;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever happens to its connection, and wherever in an event it breaks, what a reader has received in the end equals the log. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class StreamPropertyTest {
    private static final int CHANNELS = 3;
    private static final int MESSAGES = 1500;
    private static final int RECEIVE_BUFFER = 8 * 1024;

    @TestHTTPResource("/")
    URI root;

    private final String id = UUID.randomUUID().toString();
    private final List<String> groups =
            IntStream.range(0, CHANNELS).mapToObj(n -> "long:" + n + "-" + id).toList();

    @Test
    void whatAReaderReceivesAcrossKillsOfItsConnectionsEqualsTheLog() {
        long seed = Long.getLong("streams.seed", System.nanoTime());
        System.out.println("StreamPropertyTest: -Dstreams.seed=" + seed);
        String query = "?channel="
                + String.join("&channel=", groups.stream().map("group/"::concat).toList());
        Map<String, List<Object>> received = new HashMap<>();
        Map<String, Long> places = new HashMap<>();
        Random random = new Random(seed);
        int connections = 0;

        EventReader reader = EventReader.open(root, RECEIVE_BUFFER, query, TestToken.header("reader-" + id));
        reader.next("welcome");
        CompletableFuture<Map<String, Map<Long, Object>>> sent =
                CompletableFuture.supplyAsync(() -> talk(new Random(seed + 1)));
        while (received.values().stream().mapToInt(List::size).sum() < MESSAGES) {
            int events = random.nextInt(120);
            for (int i = 0;
                    i < events
                            && received.values().stream().mapToInt(List::size).sum() < MESSAGES;
                    i++) {
                Event event = reader.next("message");
                String channel = event.data().getString("channel");
                long seq = event.data().getLong("seq");
                assertThat(seq).as("the next of %s", channel).isEqualTo(places.getOrDefault(channel, 0L) + 1);
                places.put(channel, seq);
                received.computeIfAbsent(channel, key -> new ArrayList<>())
                        .add(event.data().getValue("data"));
            }
            String back = reader.comeBack();
            if (random.nextBoolean()) {
                reader.reset();
            } else {
                reader.close();
            }
            reader = EventReader.open(root, RECEIVE_BUFFER, query, back, TestToken.header("reader-" + id));
            reader.next("welcome");
            connections++;
        }
        reader.close();

        assertThat(connections).isGreaterThan(5);
        sent.join()
                .forEach((channel, log) ->
                        assertThat(received.get(channel)).as(channel).isEqualTo(List.copyOf(log.values())));
    }

    /** Sends to all groups, and gives what was acknowledged: by channel, by place. */
    private Map<String, Map<Long, Object>> talk(Random random) {
        Map<String, Map<Long, Object>> log = new HashMap<>();
        try (Person ada = Person.of(root, "writer-" + id)) {
            groups.forEach(ada::join);
            for (int i = 0; i < MESSAGES; i++) {
                String data = i + " " + "x".repeat(random.nextInt(2000));
                JsonObject ack = ada.send(Say.group(groups.get(random.nextInt(CHANNELS))), data);
                log.computeIfAbsent(ack.getString("channel"), key -> new TreeMap<>())
                        .put(ack.getLong("seq"), data);
            }
        }
        return log;
    }
}
