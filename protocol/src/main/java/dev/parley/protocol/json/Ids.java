package dev.parley.protocol.json;

import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RequestId;
import java.nio.charset.StandardCharsets;

/** Finds the {@code id} of a request that is refused, so that its sender knows which one it was. Used by {@link FrameReader} only. */
final class Ids {

    private Ids() {}

    /** The first top-level {@code id} that can be read, or null. Never throws: the fault in the frame may well come before it. */
    static RequestId find(byte[] utf8, int offset, int length) {
        // Bytes that are no UTF-8 become U+FFFD; an id that has one may not be what was sent, and is not given back.
        byte[] text = new String(utf8, offset, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        try {
            Fields fields = Fields.open(Rules.UNBOUNDED, text, 0, text.length);
            while (fields.next()) {
                if (fields.name().equals("id")) {
                    RequestId id = fields.requestId();
                    return id instanceof RequestId.Text string && string.value().indexOf('\uFFFD') >= 0 ? null : id;
                }
                fields.skip();
            }
            return null;
        } catch (ProtocolException e) {
            return null; // refused already, for a better reason
        }
    }
}
