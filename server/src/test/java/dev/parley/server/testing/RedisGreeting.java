package dev.parley.server.testing;

import dev.parley.server.testing.Proxy.Link;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Tells from the first commands of a connection to Redis what it is for. Called by a {@link Proxy}, on its loop. */
final class RedisGreeting {
    private static final Set<String> GREETINGS = Set.of(
            "HELLO", "AUTH", "CLIENT", "SELECT", "PING", "INFO", "ROLE", "COMMAND", "CLUSTER", "READONLY", "SENTINEL");
    private static final Set<String> SUBSCRIBES = Set.of("SUBSCRIBE", "SSUBSCRIBE", "PSUBSCRIBE");
    private static final int LONGEST = 16 * 1024;

    private final ByteBuf bytes;
    private int at;

    private RedisGreeting(ByteBuf bytes) {
        this.bytes = bytes;
        this.at = bytes.readerIndex();
    }

    /** What kind it is by all that it said so far; null while it only greets. */
    static Link linkOf(ByteBuf said) {
        RedisGreeting greeting = new RedisGreeting(said);
        for (String command = greeting.next(); command != null; command = greeting.next()) {
            if (SUBSCRIBES.contains(command)) {
                return Link.SUBSCRIPTIONS;
            }
            if (!GREETINGS.contains(command)) {
                return Link.COMMANDS;
            }
        }
        return said.readableBytes() > LONGEST ? Link.COMMANDS : null;
    }

    /** The next command's name, in capitals; null when it has not come in full. */
    private String next() {
        int words = number('*');
        String command = "";
        for (int i = 0; i < words; i++) {
            int length = number('$');
            if (length < 0 || at + length + 2 > bytes.writerIndex()) {
                return i == 0 ? null : complete(command);
            }
            if (i == 0) {
                command = bytes.toString(at, length, StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
            }
            at += length + 2;
        }
        return words < 0 ? null : command;
    }

    /** A command is known by its name: only of a greeting must the rest have come before the next one can be found. */
    private static String complete(String command) {
        return GREETINGS.contains(command) ? null : command;
    }

    /** The number in a line that begins with this sign; -1 when the line has not come in full. */
    private int number(char sign) {
        int end = bytes.indexOf(at, bytes.writerIndex(), (byte) '\r');
        if (end < 0 || end + 2 > bytes.writerIndex() || bytes.getByte(at) != sign) {
            return -1;
        }
        int number = Integer.parseInt(bytes.toString(at + 1, end - at - 1, StandardCharsets.US_ASCII));
        at = end + 2;
        return number;
    }
}
