package dev.parley.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Takes a WebSocket text frame apart into its objects, one a line. Called by the gateway and by clients on whatever thread the frame came in. */
public final class FrameLines {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;

    private FrameLines() {}

    /** Gets one line, as a range of the array it stands in. */
    @FunctionalInterface
    public interface Line {
        /**
         * Called for each line in order.
         *
         * @param utf8 the array given to {@link FrameLines#forEach}
         * @param offset where the line begins
         * @param length its bytes, without the line feed
         */
        void accept(byte[] utf8, int offset, int length);
    }

    /**
     * Calls {@code line} for every line that is not empty and not only white space.
     *
     * @param utf8 holds the frame
     * @param offset where it begins
     * @param length its bytes
     * @param line gets the lines; what it throws ends the walk and goes to the caller
     */
    public static void forEach(byte[] utf8, int offset, int length, Line line) {
        int end = offset + length;
        for (int start = offset; start < end; ) {
            int next = lineEnd(utf8, start, end);
            if (!isBlank(utf8, start, next)) {
                line.accept(utf8, start, next - start);
            }
            start = next + 1;
        }
    }

    /** The place of the next line feed, or the end. Eight bytes at once: nearly every frame is one line. */
    private static int lineEnd(byte[] utf8, int start, int end) {
        int i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long feeds = (long) WORDS.get(utf8, i) ^ '\n' * EACH;
            if ((feeds - EACH & ~feeds & 0x80 * EACH) != 0) {
                break;
            }
        }
        while (i < end && utf8[i] != '\n') {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte[] utf8, int start, int end) {
        for (int i = start; i < end; i++) {
            if (utf8[i] != ' ' && utf8[i] != '\t' && utf8[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
