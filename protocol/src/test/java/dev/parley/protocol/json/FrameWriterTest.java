package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.ServerFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How strings and numbers are written where the golden frames do not show it. */
class FrameWriterTest {

    @Test
    void everyCharacterIsWrittenSoThatItIsReadAgain() {
        StringBuilder all = new StringBuilder();
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x3000 ? 1 : 97) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                all.appendCodePoint(point);
            }
        }
        ServerFrame frame = error(all.toString());
        byte[] utf8 = FrameWriter.write(frame);

        assertThat(new FrameReader(0).readServer(utf8, 0, utf8.length)).isEqualTo(frame);
        assertThat(utf8).doesNotContain('\n', '\r');
    }

    @Test
    void halfASurrogatePairIsWrittenAsItsEscape() {
        assertThat(written(error("a\uD83Db\uDE00c\uD83D"))).contains("\"detail\":\"a\\ud83db\\ude00c\\ud83d\"");
    }

    @Test
    void controlCharactersAreEscaped() {
        assertThat(written(error("\"\\\n\r\t\0\u001f/"))).contains("\"detail\":\"\\\"\\\\\\n\\r\\t\\u0000\\u001f/\"");
    }

    @Test
    void numbersHaveAllTheirDigits() {
        for (long number : new long[] {0, 9, 10, 99, 100, 9007199254740991L, -1, -9007199254740991L, Long.MIN_VALUE}) {
            assertThat(written(new ServerFrame.Pong(new RequestId.Number(number))))
                    .isEqualTo("{\"type\":\"pong\",\"id\":" + number + "}");
        }
    }

    @Test
    void aHeadEndsWhereTheEnvelopeGoesOn() {
        assertThat(new String(FrameWriter.messageHead("group/x", new Cursor("k3", 42)), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"message\",\"channel\":\"group/x\",\"epoch\":\"k3\",\"seq\":42,");
        assertThat(new String(FrameWriter.messageHead("connection/n7.12", null), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"message\",\"channel\":\"connection/n7.12\",");
    }

    private static ServerFrame error(String detail) {
        return new ServerFrame.Error(null, ErrorCode.INTERNAL, detail, null);
    }

    private static String written(ServerFrame frame) {
        return new String(FrameWriter.write(frame), StandardCharsets.UTF_8);
    }
}
