package dev.parley.server.log.redis;

import dev.parley.server.log.Doorbell;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is published on a channel's doorbell, by its first byte: {@code e<epoch> <seq> <previous> <tag>\n<entry>} for an entry (written by {@code append.lua}),
 * {@code v<event>} for what is not kept, {@code n} to look at the log, since something happened to it that is no entry.
 */
final class Bell {
    static final byte[] LOOK = {'n'};

    private Bell() {}

    static byte[] entry(String epoch, String seq, String previous, long tag, byte[] entry) {
        byte[] header =
                ("e" + epoch + ' ' + seq + ' ' + previous + ' ' + tag + '\n').getBytes(StandardCharsets.US_ASCII);
        return joined(header, entry);
    }

    static byte[] event(byte[] event) {
        return joined(new byte[] {'v'}, event);
    }

    /** Hands a message to the doorbell. Of an unknown kind, from an instance of another version, nothing is lost by ignoring it. */
    static void ring(byte[] message, Doorbell doorbell) {
        if (message.length == 0) {
            return;
        }
        switch (message[0]) {
            case 'e' -> ringEntry(message, doorbell);
            case 'v' -> doorbell.event(Arrays.copyOfRange(message, 1, message.length));
            case 'n' -> doorbell.interrupted();
            default -> {}
        }
    }

    private static void ringEntry(byte[] message, Doorbell doorbell) {
        int space = indexOf(message, 1, ' ');
        String epoch = new String(message, 1, space - 1, StandardCharsets.US_ASCII);
        int afterSeq = indexOf(message, space + 1, ' ');
        int afterPrevious = indexOf(message, afterSeq + 1, ' ');
        int end = indexOf(message, afterPrevious + 1, '\n');
        doorbell.entry(
                epoch,
                number(message, space + 1, afterSeq),
                number(message, afterSeq + 1, afterPrevious),
                number(message, afterPrevious + 1, end),
                Arrays.copyOfRange(message, end + 1, message.length));
    }

    private static int indexOf(byte[] message, int from, char wanted) {
        int at = from;
        while (message[at] != wanted) {
            at++;
        }
        return at;
    }

    private static long number(byte[] digits, int from, int to) {
        long number = 0;
        for (int at = from; at < to; at++) {
            number = number * 10 + digits[at] - '0';
        }
        return number;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
