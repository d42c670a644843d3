package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ServerFrame.Receipt;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.delivery.Publisher;
import dev.parley.server.delivery.Stored;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells groups who has read how far: a first receipt at once, and what follows within a second together, each user's last. In a group of a thousand each
 * message is read a thousand times, and each receipt goes to a thousand. Called by connections, on any thread; nothing blocks.
 */
@Singleton
final class Receipts {
    private static final long PAUSE_MILLIS = 1000;

    private final Publisher publisher;
    private final Vertx vertx;

    /** The groups that were told less than a pause ago, and what they are to be told next, by whose and what receipt it is. */
    private final Map<Address.Group, Map<String, Receipt>> waiting = new ConcurrentHashMap<>();

    Receipts(Publisher publisher, Vertx vertx) {
        this.publisher = publisher;
        this.vertx = vertx;
    }

    /** Tells the followers of a group, now or soon. One that is lost, with its instance or its way, is made up for by the next. */
    void tell(Address.Group group, Receipt receipt) {
        boolean[] first = {false};
        waiting.compute(group, (key, before) -> {
            first[0] = before == null;
            Map<String, Receipt> next = before == null ? new LinkedHashMap<>() : before;
            if (before != null) {
                next.put((receipt.delivered() == null ? 'r' : 'd') + receipt.user(), receipt);
            }
            return next;
        });
        if (first[0]) {
            ring(group, List.of(receipt));
            pause(group);
        }
    }

    private void pause(Address.Group group) {
        vertx.setTimer(PAUSE_MILLIS, timer -> {
            List<Receipt> due = new ArrayList<>();
            waiting.compute(group, (key, held) -> {
                due.addAll(held.values());
                return due.isEmpty() ? null : new LinkedHashMap<>();
            });
            if (!due.isEmpty()) {
                ring(group, due);
                pause(group);
            }
        });
    }

    private void ring(Address.Group group, List<Receipt> receipts) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Receipt receipt : receipts) {
            if (lines.size() > 0) {
                lines.write('\n');
            }
            lines.writeBytes(FrameWriter.write(receipt));
        }
        // The user's own devices are told otherwise, with what is left.
        List<String> own = receipts.size() == 1 ? List.of(receipts.get(0).user()) : List.of();
        publisher.ring(group, lines.toByteArray(), new Stored(null, own, null));
    }
}
