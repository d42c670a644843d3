package dev.parley.protocol.json;

/** Takes a WebSocket text frame apart into its objects, one a line. Called by the gateway and by clients on whatever thread the frame came in. */
public final class FrameLines {

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
        int start = offset;
        while (start < end) {
            int next = start;
            boolean blank = true;
            while (next < end && utf8[next] != '\n') {
                blank &= utf8[next] == ' ' || utf8[next] == '\t' || utf8[next] == '\r';
                next++;
            }
            if (!blank) {
                line.accept(utf8, start, next - start);
            }
            start = next + 1;
        }
    }
}
