package dev.parley.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one JSON object at a time: the gateway those of clients, clients those of the server, the log its envelopes. Immutable; may be used from any
 * thread, event loops included.
 *
 * <p>All methods take UTF-8 in a range of an array, leave the array as it is and keep no reference to it. They throw nothing but
 * {@link ProtocolException}, whose detail names the field and whose id is the request's wherever one stands in the object, before or after the fault.
 *
 * <p>The JDK's strict decoder checks the UTF-8 and Jackson then parses characters, not bytes: its byte parser takes overlong forms, and works only with
 * a table of all names ever met, which outlives the message and which anybody could fill through {@code data}.
 */
public final class FrameReader {
    private static final JsonFactory FRAMES = Rules.frames();
    private static final JsonFactory PAGES = Rules.pages();

    private final int maxMessageBytes;

    /**
     * A reader.
     *
     * @param maxMessageBytes the largest object taken from a client, in bytes; a larger one is {@code too_large}. What comes from the server or the log
     *     is larger than what was sent, and is not measured
     */
    public FrameReader(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
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
        if (length > maxMessageBytes) {
            throw new ProtocolException(ErrorCode.TOO_LARGE, tooLarge(length), Ids.find(utf8, offset, maxMessageBytes));
        }
        try {
            return readTyped(FRAMES, utf8, offset, length, ClientFrames::read);
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
            return readTyped(PAGES, utf8, offset, length, ServerFrames::read);
        } catch (ProtocolException e) {
            throw new ProtocolException(e.code(), e.detail(), Ids.find(utf8, offset, length));
        }
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
        return read(FRAMES, utf8, offset, length, (text, fields) -> ClientFrames.messageBody(fields));
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
        return read(FRAMES, utf8, offset, length, (text, fields) -> EnvelopeFields.readAll(fields));
    }

    private String tooLarge(int length) {
        return "the object has " + length + " bytes, more than the " + maxMessageBytes + " of limits.message";
    }

    /** Makes a frame of a known type from its fields. */
    @FunctionalInterface
    private interface Typed<T> {
        T read(String type, Fields fields) throws IOException;
    }

    /** Makes whatever it makes of an open object; {@code text} is there to be walked a second time. */
    @FunctionalInterface
    private interface Untyped<T> {
        T read(CharBuffer text, Fields fields) throws IOException;
    }

    private static <T> T readTyped(JsonFactory rules, byte[] utf8, int offset, int length, Typed<T> frames) {
        return read(rules, utf8, offset, length, (text, fields) -> {
            String leading = fields.leadingType();
            return frames.read(leading != null ? leading : findType(rules, text), fields);
        });
    }

    private static <T> T read(JsonFactory rules, byte[] utf8, int offset, int length, Untyped<T> form) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8, offset, length));
            try (Fields fields = Fields.open(rules, text)) {
                T result = form.read(text, fields);
                fields.end();
                return result;
            }
        } catch (CharacterCodingException e) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "not UTF-8");
        } catch (JsonProcessingException e) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, Rules.explain(e));
        } catch (IOException e) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "not readable as JSON");
        }
    }

    /** The way taken only when {@code type} is not the first field: a walk of its own, so that fields can be read by type in either order. */
    private static String findType(JsonFactory rules, CharBuffer text) throws IOException {
        try (Fields fields = Fields.open(rules, text)) {
            while (fields.next()) {
                if (fields.name().equals("type")) {
                    return fields.require(fields.text(), "type");
                }
                fields.skip();
            }
            return fields.require(null, "type");
        }
    }
}
