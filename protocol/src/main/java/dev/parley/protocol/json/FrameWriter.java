package dev.parley.protocol.json;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ServerFrame;

/**
 * Writes frames and envelopes as JSON in UTF-8. Stateless; may be used from any thread, event loops included.
 *
 * <p>Nothing it writes has a raw line break, so frames can be joined by line feeds. What is null, or what the reader takes for granted, is left out. Half
 * a surrogate pair in a string is written as its escape.
 */
public final class FrameWriter {

    private static final byte[] NOTHING = {};

    private FrameWriter() {}

    /**
     * Writes a server's frame.
     *
     * @param frame any
     * @return one JSON object without a line break, a new array
     */
    public static byte[] write(ServerFrame frame) {
        return ServerJson.write(frame);
    }

    /**
     * Writes a client's frame.
     *
     * @param frame any
     * @return one JSON object without a line break, a new array
     */
    public static byte[] write(ClientFrame frame) {
        return ClientJson.write(frame);
    }

    /**
     * Writes what an ack carries, by itself: the body of an answer over HTTP.
     *
     * @param result any
     * @return one JSON object without a line break, a new array
     */
    public static byte[] result(ServerFrame.Result result) {
        JsonBytes json = new JsonBytes(512).open('{');
        ServerJson.result(json, result);
        return json.close('}').toBytes();
    }

    /**
     * Writes what the log keeps, as {@link FrameReader#readEnvelope} reads it.
     *
     * @param envelope any
     * @return {@code {"to":…,"from":…,"messageId":…,"event":…,"time":…,"data":…,"ref":…}}, a new array
     */
    public static byte[] envelope(Envelope envelope) {
        return envelope(NOTHING, envelope);
    }

    /**
     * Writes an envelope behind bytes that the log keeps with it.
     *
     * @param before any bytes
     * @param envelope any
     * @return {@code before}, and then what {@link #envelope(Envelope)} writes, a new array
     */
    public static byte[] envelope(byte[] before, Envelope envelope) {
        JsonBytes json = new JsonBytes(256 + before.length + envelope.data().length())
                .raw(before)
                .ascii('{');
        ServerJson.envelope(json, envelope);
        return json.close('}').toBytes();
    }

    /**
     * Writes the start of a {@code message} up to and including the comma before its envelope's fields, so that an envelope from the log becomes a frame
     * without being read: this, and then {@link #envelope} without its first byte, is what {@link #write(ServerFrame)} writes.
     *
     * @param channel where the message was sent
     * @param at its place, or null for a message kept nowhere
     * @return {@code {"type":"message","channel":"group/x","epoch":"k3","seq":42,}, a new array
     */
    public static byte[] messageHead(String channel, Cursor at) {
        JsonBytes json = JsonBytes.frame("message", 128);
        return json.text("channel", channel).cursor(at).ascii(',').toBytes();
    }
}
