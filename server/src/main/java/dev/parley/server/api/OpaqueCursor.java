package dev.parley.server.api;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Places of pages as callers get them and give them back, without a meaning of their own to them. Any thread. */
final class OpaqueCursor {
    private static final int LENGTH_MAX = 256;

    private OpaqueCursor() {}

    /**
     * A page of a history goes on at a place.
     *
     * @param at the place, exclusive
     * @param older towards older entries, else newer ones
     */
    record Page(Cursor at, boolean older) {}

    static String of(Page page) {
        return encode((page.older ? "b." : "a.") + page.at.seq() + '.' + page.at.epoch());
    }

    static Page page(String cursor) {
        String[] parts = decode(cursor).split("\\.", 3);
        boolean wellFormed = parts.length == 3
                && (parts[0].equals("a") || parts[0].equals("b"))
                && parts[1].matches("[0-9]{1,16}")
                && !parts[2].isEmpty();
        if (!wellFormed) {
            throw malformed();
        }
        return new Page(new Cursor(parts[2], Long.parseLong(parts[1])), parts[0].equals("b"));
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            if (cursor.length() <= LENGTH_MAX) {
                return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw malformed();
    }

    private static ProtocolException malformed() {
        return new ProtocolException(ErrorCode.BAD_FRAME, "cursor is none that a page before gave as next");
    }
}
