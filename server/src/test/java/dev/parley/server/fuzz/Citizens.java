package dev.parley.server.fuzz;

import dev.parley.server.proof.Acked;
import dev.parley.server.proof.Checker;
import dev.parley.server.proof.Place;
import dev.parley.server.proof.RawClient;
import dev.parley.server.proof.Seen;
import dev.parley.server.proof.ServerProcess;
import dev.parley.server.proof.To;
import dev.parley.server.proof.Witness;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;

/** Two who talk with each other all the while, in a group of each kind, and must not notice anything. Driven by one thread. */
final class Citizens implements Witness, AutoCloseable {
    private static final String SESSION = "citizens-" + UUID.randomUUID();
    private static final String DURABLE = "chat:" + SESSION;

    private final Checker checker = new Checker();
    private final List<RawClient> pair;
    private final Map<String, Place> heads = new HashMap<>();
    private long said;

    Citizens(ServerProcess server) {
        pair = List.of(
                RawClient.guest("ada").watchedBy(this), RawClient.guest("bea").watchedBy(this));
        for (RawClient client : pair) {
            client.connect(server);
            client.join(SESSION);
            client.join(DURABLE);
        }
    }

    /** Each says something in one of the groups, and waits for the ack. */
    void talk() {
        for (RawClient client : pair) {
            JsonObject ack = client.say(To.group(said % 2 == 0 ? SESSION : DURABLE), said);
            heads.put(ack.getString("channel"), new Place(ack.getString("epoch"), ack.getLong("seq")));
            said++;
        }
    }

    /** How many messages they sent. */
    long said() {
        return said;
    }

    /** How many came to them, of whoever. */
    long heard() {
        return checker.deliveries();
    }

    /** Waits for what is still to come, and says what was wrong. */
    List<String> faults() {
        for (RawClient client : pair) {
            Awaitility.await("the last messages come")
                    .until(() -> heads.entrySet().stream()
                            .allMatch(head ->
                                    client.record().cursors().get(head.getKey()).equals(head.getValue())));
        }
        List<String> faults = new ArrayList<>();
        pair.forEach(client -> client.violations().forEach(violation -> faults.add(client + ": " + violation)));
        pair.forEach(client -> client.closings().forEach(code -> faults.add(client + " was closed with " + code)));
        checker.faults(heads).forEach(fault -> faults.add(fault.toString()));
        return faults;
    }

    @Override
    public void saw(RawClient client, Seen seen) {
        checker.saw(client.name(), client.user(), seen);
    }

    @Override
    public void acked(RawClient client, Acked ack) {
        checker.acked(ack);
    }

    @Override
    public void close() {
        pair.forEach(RawClient::close);
    }
}
