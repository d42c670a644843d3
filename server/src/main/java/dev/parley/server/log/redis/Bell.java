package dev.parley.server.log.redis;

import dev.parley.server.log.Doorbell;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What is published on a channel's doorbell, by its first byte. One of a {@link Followed}; rung on the link's loop.
 *
 * <ul>
 *   <li>{@code e<epoch> <seq> <previous> <tag>\n<entry>}: an entry, by {@code append.lua} where it goes alone.
 *   <li>{@code p<tag> <number> <length> …\n<entry>…}: entries that are about to be appended, by who has them appended.
 *   <li>{@code b<first> <number> <epoch> <seq> <previous> <tag>}: so many of these, counted from 1, stand here now, by {@code append.lua}.
 *   <li>{@code x<tag>}: the rest of them was not appended.
 *   <li>{@code v<event>}: something that is not kept.
 *   <li>{@code n}: look at the log, since something happened to it that is no entry.
 * </ul>
 *
 * <p>Entries go ahead of their places since the script could not pass them on for less than it takes to append them (docs/adr/0018). Of an unknown kind, from an
 * instance of another version, nothing is lost by ignoring it.
 */
final class Bell {
    static final byte[] LOOK = {'n'};

    private final Doorbell doorbell;

    /** Null while none wait for their place. */
    private Parcels parcels;

    Bell(Doorbell doorbell) {
        this.doorbell = doorbell;
    }

    static byte[] entry(String epoch, String seq, String previous, long tag, byte[] entry) {
        return joined("e" + epoch + ' ' + seq + ' ' + previous + ' ' + tag + '\n', List.of(entry));
    }

    static byte[] parcel(long tag, List<byte[]> entries) {
        StringBuilder header = new StringBuilder("p").append(tag).append(' ').append(entries.size());
        entries.forEach(entry -> header.append(' ').append(entry.length));
        return joined(header.append('\n').toString(), entries);
    }

    static byte[] event(byte[] event) {
        return joined("v", List.of(event));
    }

    /** Hands a message to the doorbell. */
    void ring(byte[] message) {
        if (message.length == 0) {
            return;
        }
        switch (message[0]) {
            case 'e' -> ringEntry(message);
            case 'p' -> {
                parcels = parcels == null ? new Parcels() : parcels;
                parcels.put(message);
            }
            case 'b' -> ringPlace(new Fields(message, 1));
            case 'x' -> forget(new Fields(message, 1).number());
            case 'v' -> doorbell.event(Arrays.copyOfRange(message, 1, message.length));
            case 'n' -> doorbell.interrupted();
            default -> {}
        }
    }

    /** The way here was interrupted: what waited for its place may have missed it. */
    void interrupted() {
        parcels = null;
        doorbell.interrupted();
    }

    private void ringEntry(byte[] message) {
        Fields fields = new Fields(message, 1);
        String epoch = fields.text();
        long seq = fields.number();
        long previous = fields.number();
        long tag = fields.number();
        doorbell.entry(epoch, seq, previous, tag, Arrays.copyOfRange(message, fields.at(), message.length));
    }

    private void ringPlace(Fields fields) {
        int first = (int) fields.number() - 1;
        int number = (int) fields.number();
        String epoch = fields.text();
        long seq = fields.number();
        long previous = fields.number();
        long tag = fields.number();
        Parcels.Parcel parcel = parcels == null ? null : parcels.get(tag);
        if (parcel == null) {
            doorbell.missed();
            return;
        }
        for (int i = 0; i < number; i++) {
            doorbell.entry(epoch, seq + i, i == 0 ? previous : tag, tag, parcel.entry(first + i));
        }
        if (first + number == parcel.size()) {
            forget(tag);
        }
    }

    private void forget(long tag) {
        if (parcels != null && parcels.remove(tag)) {
            parcels = null;
        }
    }

    private static byte[] joined(String header, List<byte[]> parts) {
        byte[] first = header.getBytes(StandardCharsets.US_ASCII);
        int length = first.length;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = Arrays.copyOf(first, length);
        int at = first.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
