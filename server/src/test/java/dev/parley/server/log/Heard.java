package dev.parley.server.log;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A doorbell that writes down what it hears. */
public final class Heard implements Doorbell {

    /** One ring of an entry. */
    public record Ring(String epoch, long seq, long previous, long tag, String text) {}

    public final List<Ring> entries = new CopyOnWriteArrayList<>();
    public final List<String> events = new CopyOnWriteArrayList<>();
    public final AtomicInteger interruptions = new AtomicInteger();

    @Override
    public void entry(String epoch, long seq, long previous, long tag, byte[] entry) {
        entries.add(new Ring(epoch, seq, previous, tag, new String(entry, StandardCharsets.UTF_8)));
    }

    @Override
    public void event(byte[] event) {
        events.add(new String(event, StandardCharsets.UTF_8));
    }

    @Override
    public void interrupted() {
        interruptions.incrementAndGet();
    }
}
