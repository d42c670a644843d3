package dev.parley.protocol.json;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Reads one JSON object at a time: the gateway those of clients, clients those of the server, the log its envelopes. Immutable; may be used from any
 * thread, event loops included.
 *
 * <p>All methods take UTF-8 in a range of an array, leave the array as it is and keep no reference to it. They throw nothing but
 * {@link ProtocolException}, whose detail names the field and whose id is the request's wherever one stands in the object, before or after the fault.
 */
public final class FrameReader {
    private final int maxMessageBytes;
    private final int maxHelloBytes;

    /**
     * A reader.
     *
     * @param maxMessageBytes the largest object taken from a client, in bytes; a larger one is {@code too_large}. What comes from the server or the log
     *     is larger than what was sent, and is not measured
     */
    public FrameReader(int maxMessageBytes) {
        this(maxMessageBytes, maxMessageBytes);
    }

    /**
     * A reader that takes larger hellos: one has a cursor for each channel that its sender followed.
     *
     * @param maxMessageBytes the largest object taken from a client, in bytes
     * @param maxHelloBytes the largest hello, in bytes
     */
    public FrameReader(int maxMessageBytes, int maxHelloBytes) {
        this.maxMessageBytes = maxMessageBytes;
        this.maxHelloBytes = maxHelloBytes;
    }

    /**
     * Reads a client's frame.
     *
     * @param utf8 holds one JSON object, perhaps with white space around it
     * @param offset where it begins
     * @param length its bytes
     * @return the frame
     * @throws ProtocolException {@code bad_frame}, {@code unknown_type} or {@code too_large}
     */
    public ClientFrame readClient(byte[] utf8, int offset, int length) {
        if (length > maxMessageBytes && (length > maxHelloBytes || !isHello(utf8, offset, length))) {
            throw new ProtocolException(ErrorCode.TOO_LARGE, tooLarge(length), Ids.find(utf8, offset, maxMessageBytes));
        }
        try {
            return readTyped(Rules.FRAMES, utf8, offset, length, ClientFrames::read);
        } catch (ProtocolException e) {
            throw new ProtocolException(e.code(), e.detail(), Ids.find(utf8, offset, length));
        }
    }

    /**
     * Reads a server's frame. Acks do not say which request they answer, so their fields tell: {@code messages} a page, {@code users} a presence list,
     * {@code group} a join, {@code messageId} a send, {@code expires} (even null) a refresh.
     *
     * @param utf8 holds one JSON object, perhaps with white space around it
     * @param offset where it begins
     * @param length its bytes
     * @return the frame
     * @throws ProtocolException {@code bad_frame}, or {@code unknown_type} for a frame of a newer server, which a client passes over
     */
    public ServerFrame readServer(byte[] utf8, int offset, int length) {
        try {
            return readTyped(Rules.PAGES, utf8, offset, length, ServerFrames::read);
        } catch (ProtocolException e) {
            throw new ProtocolException(e.code(), e.detail(), Ids.find(utf8, offset, length));
        }
    }

    /**
     * Reads of a {@code message} that {@link FrameWriter} wrote no more than what stands before its envelope: for who passes the frame on to many as it is.
     *
     * @param utf8 holds one JSON object
     * @param offset where it begins
     * @param length its bytes
     * @return the head, or null for a frame of another type
     * @throws ProtocolException ({@code bad_frame}) when it is no frame
     */
    public static MessageHead readMessageHead(byte[] utf8, int offset, int length) {
        Fields fields = Fields.open(Rules.PAGES, utf8, offset, length);
        return "message".equals(fields.leadingType()) ? ServerFrames.messageHead(fields) : null;
    }

    /**
     * Reads the body of {@code POST /v1/messages}: a send without {@code type} and {@code id}, whatever line breaks it is laid out with.
     *
     * @param utf8 holds one JSON object, perhaps with white space around it
     * @param offset where it begins
     * @param length its bytes
     * @return the send, without an id
     * @throws ProtocolException {@code bad_frame} or {@code too_large}
     */
    public ClientFrame.Send readMessageBody(byte[] utf8, int offset, int length) {
        if (length > maxMessageBytes) {
            throw new ProtocolException(ErrorCode.TOO_LARGE, tooLarge(length));
        }
        return read(Rules.FRAMES, utf8, offset, length, ClientFrames::messageBody);
    }

    /**
     * Reads what {@link FrameWriter#envelope} wrote.
     *
     * @param utf8 holds one JSON object
     * @param offset where it begins
     * @param length its bytes
     * @return the envelope
     * @throws ProtocolException ({@code bad_frame}) when it is none
     */
    public Envelope readEnvelope(byte[] utf8, int offset, int length) {
        return read(Rules.FRAMES, utf8, offset, length, EnvelopeFields::readAll);
    }

    private static boolean isHello(byte[] utf8, int offset, int length) {
        try {
            return Utf8.isValid(utf8, offset, length)
                    && findType(Rules.FRAMES, utf8, offset, length).equals("hello");
        } catch (ProtocolException e) {
            return false; // refused for its size, whatever else is wrong with it
        }
    }

    private String tooLarge(int length) {
        return "the object has " + length + " bytes, more than the " + maxMessageBytes + " of limits.message";
    }

    private static <T> T readTyped(
            Rules rules, byte[] utf8, int offset, int length, BiFunction<String, Fields, T> frames) {
        return read(rules, utf8, offset, length, fields -> {
            String leading = fields.leadingType();
            return frames.apply(leading != null ? leading : findType(rules, utf8, offset, length), fields);
        });
    }

    private static <T> T read(Rules rules, byte[] utf8, int offset, int length, Function<Fields, T> form) {
        if (!Utf8.isValid(utf8, offset, length)) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "not UTF-8");
        }
        Fields fields = Fields.open(rules, utf8, offset, length);
        T result = form.apply(fields);
        fields.end();
        return result;
    }

    /** The way taken only when {@code type} is not the first field: a walk of its own, so that fields can be read by type in either order. */
    private static String findType(Rules rules, byte[] utf8, int offset, int length) {
        Fields fields = Fields.open(rules, utf8, offset, length);
        while (fields.next()) {
            if (fields.name().equals("type")) {
                return fields.require(fields.text(), "type");
            }
            fields.skip();
        }
        return fields.require(null, "type");
    }
}
