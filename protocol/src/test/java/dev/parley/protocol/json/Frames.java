package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;

/** Short ways to read text, for tests. */
final class Frames {
    static final int MESSAGE_MAX = 64 * 1024;
    private static final FrameReader READER = new FrameReader(MESSAGE_MAX);

    private Frames() {}

    static ClientFrame read(String json) {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    static ClientFrame read(byte[] utf8) {
        return READER.readClient(utf8, 0, utf8.length);
    }

    static ClientFrame.Send readBody(String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        return READER.readMessageBody(utf8, 0, utf8.length);
    }

    /** How the frame is refused, or null where it is not. */
    static ProtocolException refusalOf(String json) {
        return refusalOf(json.getBytes(StandardCharsets.UTF_8));
    }

    static ProtocolException refusalOf(byte[] utf8) {
        return catchThrowableOfType(ProtocolException.class, () -> read(utf8));
    }
}
