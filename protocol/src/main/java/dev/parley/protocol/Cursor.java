package dev.parley.protocol;

/**
 * A place in a channel's log: everything up to and including {@code seq} has been seen.
 *
 * @param epoch the log's life, opaque and compared only for equality; never empty
 * @param seq the last entry seen, 0 for none; below 2<sup>53</sup>
 */
public record Cursor(String epoch, long seq) {
    public Cursor {
        if (epoch.isEmpty() || epoch.length() > Names.ID_MAX || seq < 0 || seq > Limits.COUNT_MAX) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "a cursor has an epoch and a seq from 0 to 2^53-1");
        }
    }
}
