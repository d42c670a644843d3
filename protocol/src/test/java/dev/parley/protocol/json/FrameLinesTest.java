package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A WebSocket frame is taken apart at its line feeds. */
class FrameLinesTest {

    @Test
    void everyLineComesInOrder() {
        assertThat(linesOf("{1}\n{2}\n{3}")).containsExactly("{1}", "{2}", "{3}");
    }

    @Test
    void emptyAndBlankLinesAreLeftOut() {
        assertThat(linesOf("\n\n{1}\n \t\r\n{2}\r\n\n")).containsExactly("{1}", "{2}\r");
        assertThat(linesOf("")).isEmpty();
        assertThat(linesOf("\n")).isEmpty();
        assertThat(linesOf(" ")).isEmpty();
    }

    @Test
    void aLineEndsWhereItEndsHoweverItLiesInWordsOfEight() {
        for (int length = 1; length < 40; length++) {
            String line = "x".repeat(length);
            assertThat(linesOf(line + "\n\u000b\n" + line)).containsExactly(line, "\u000b", line);
        }
    }

    @Test
    void onlyTheGivenRangeIsLookedAt() {
        byte[] utf8 = "{0}\n{1}\n{2}\n{3}".getBytes(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();

        FrameLines.forEach(utf8, 4, 7, (array, offset, length) -> lines.add(text(array, offset, length)));

        assertThat(lines).containsExactly("{1}", "{2}");
    }

    private static List<String> linesOf(String frame) {
        byte[] utf8 = frame.getBytes(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        FrameLines.forEach(utf8, 0, utf8.length, (array, offset, length) -> lines.add(text(array, offset, length)));
        return lines;
    }

    private static String text(byte[] utf8, int offset, int length) {
        return new String(utf8, offset, length, StandardCharsets.UTF_8);
    }
}
