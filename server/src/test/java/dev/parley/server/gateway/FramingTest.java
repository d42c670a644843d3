package dev.parley.server.gateway;

import static dev.parley.server.gateway.RawSocket.BINARY;
import static dev.parley.server.gateway.RawSocket.CLOSE;
import static dev.parley.server.gateway.RawSocket.CONTINUATION;
import static dev.parley.server.gateway.RawSocket.PING;
import static dev.parley.server.gateway.RawSocket.PONG;
import static dev.parley.server.gateway.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.gateway.RawSocket.Frame;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 on one connection: what well-formed frames do, and with which code ill-formed ones end it. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class FramingTest {
    private static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int NO_CODE = 1005;
    private static final int BAD_DATA = 1007;
    private static final int TOO_LARGE = 1009;
    private static final int FRAME_MAX = 256 * 1024;

    @TestHTTPResource("/")
    URI root;

    private RawSocket socket;

    @BeforeEach
    void connect() {
        socket = RawSocket.open(root);
    }

    @AfterEach
    void hangUp() {
        socket.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125})
    void aPingIsAnsweredWithItsPayload(int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) 0xFE);

        socket.frame(true, PING, payload);

        Frame pong = socket.read();
        assertThat(pong.opcode()).isEqualTo(PONG);
        assertThat(pong.payload()).isEqualTo(payload);
    }

    @Test
    void pingsAreAnsweredInOrder() {
        for (byte i = 0; i < 10; i++) {
            socket.frame(true, PING, i);
        }
        for (byte i = 0; i < 10; i++) {
            assertThat(socket.read().payload()).containsExactly(i);
        }
    }

    @Test
    void aPongNobodyAskedForIsIgnored() {
        socket.frame(true, PONG, bytes("unasked"));

        assertIsHeard();
    }

    @Test
    void fragmentsArePutTogetherAroundAPing() {
        socket.frame(false, TEXT, bytes("{\"type\":"));
        socket.frame(false, CONTINUATION);
        socket.frame(true, PING, bytes("between"));
        assertThat(socket.read().opcode()).isEqualTo(PONG);
        socket.frame(false, CONTINUATION, bytes("\"hel"));
        socket.frame(true, CONTINUATION, bytes("lo\"}"));

        assertThat(json(socket.read()).getString("type")).isEqualTo("welcome");
    }

    @Test
    void aMessageInOneByteFragmentsIsPutTogether() {
        byte[] hello = bytes(Say.hello()
                .put("client", JsonObject.of("name", "ä".repeat(50), "version", "1"))
                .encode());
        for (int i = 0; i < hello.length; i++) {
            socket.frame(i == hello.length - 1, i == 0 ? TEXT : CONTINUATION, hello[i]);
        }

        assertThat(json(socket.read()).getString("type")).isEqualTo("welcome");
    }

    @Test
    void aFrameOfTheLargestSizeIsTaken() {
        socket.text(Say.hello().encode()
                + "\n".repeat(FRAME_MAX - Say.hello().encode().length()));

        assertThat(json(socket.read()).getString("type")).isEqualTo("welcome");
    }

    @Test
    void aFrameOverTheLargestSizeEndsIt() {
        socket.frame(true, TEXT, new byte[FRAME_MAX + 1]);

        assertThat(socket.awaitClose()).isEqualTo(TOO_LARGE);
    }

    /** A connection closed over bytes that nobody read is reset, and its close frame is lost. */
    @Test
    void whoIsStillSendingALargeFrameLearnsWhyItEnds() {
        socket.frame(true, TEXT, new byte[32 * FRAME_MAX]);

        assertThat(socket.awaitClose()).isEqualTo(TOO_LARGE);
    }

    @Test
    void aFrameThatOnlySaysItIsHugeEndsIt() {
        socket.bytes(HexFormat.of().parseHex("81ff7fffffffffffffff00000000"));

        assertThat(socket.awaitClose()).isEqualTo(TOO_LARGE);
    }

    @Test
    void fragmentsOverTheLargestSizeTogetherEndIt() {
        socket.frame(false, TEXT, new byte[FRAME_MAX / 2]);
        socket.frame(false, CONTINUATION, new byte[FRAME_MAX / 2]);
        socket.frame(false, CONTINUATION, (byte) ' ');

        assertThat(socket.awaitClose()).isEqualTo(TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22ff22", // no first byte
                "22c322", // half a character
                "22c0af22", // an overlong slash
                "22eda08022", // half a surrogate pair
                "22f490808022", // beyond the last character
                "22f0908022",
            })
    void textThatIsNotUtf8EndsIt(String hex) {
        socket.frame(true, TEXT, HexFormat.of().parseHex(hex));

        assertThat(socket.awaitClose()).isEqualTo(BAD_DATA);
    }

    @Test
    void textThatIsNotUtf8OverTwoFragmentsEndsIt() {
        socket.frame(false, TEXT, HexFormat.of().parseHex("22e282"));
        socket.frame(true, CONTINUATION, HexFormat.of().parseHex("c322"));

        assertThat(socket.awaitClose()).isEqualTo(BAD_DATA);
    }

    @Test
    void aCharacterSplitOverFragmentsIsWhole() {
        byte[] hello = bytes("{\"type\":\"hello\",\"x\":\"€\"}");
        int inside = "{\"type\":\"hello\",\"x\":\"".length() + 1;
        socket.frame(false, TEXT, Arrays.copyOf(hello, inside));
        socket.frame(true, CONTINUATION, Arrays.copyOfRange(hello, inside, hello.length));

        assertThat(json(socket.read()).getString("type")).isEqualTo("welcome");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x20, 0x10, 0x70})
    void reservedBitsEndIt(int bits) {
        socket.frame(0x80 | bits | TEXT, true, bytes("{}"));

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void reservedOpcodesEndIt(int opcode) {
        socket.frame(true, opcode, bytes("{}"));

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void aFrameWithoutAMaskEndsIt() {
        socket.frame(0x80 | TEXT, false, bytes("{}"));

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void aContinuationOfNothingEndsIt() {
        socket.frame(true, CONTINUATION, bytes("{}"));

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void aSecondStartInsideFragmentsEndsIt() {
        socket.frame(false, TEXT, bytes("{"));
        socket.frame(true, TEXT, bytes("{}"));

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG, CLOSE})
    void aLongControlFrameEndsIt(int opcode) {
        socket.frame(true, opcode, new byte[126]);

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG, CLOSE})
    void aFragmentedControlFrameEndsIt(int opcode) {
        socket.frame(false, opcode);

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 3000, 4999})
    void aCloseIsAnsweredWithItsCode(int code) {
        socket.close(code, "bye");

        assertThat(socket.awaitClose()).isEqualTo(code);
    }

    @Test
    void aCloseWithoutACodeIsAnsweredWithoutOne() {
        socket.frame(true, CLOSE);

        assertThat(socket.awaitClose()).isEqualTo(NO_CODE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1016, 2999})
    void aCloseWithACodeThatMayNotBeSentIsAProtocolError(int code) {
        socket.close(code, "");

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void aCloseWithHalfACodeIsAProtocolError() {
        socket.frame(true, CLOSE, (byte) 3);

        assertThat(socket.awaitClose()).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void nothingIsHeardAfterAClose() {
        socket.close(NORMAL, "");
        socket.text(Say.hello().encode());

        Frame close = socket.read();
        assertThat(close.opcode()).isEqualTo(CLOSE);
        assertThat(close.closeCode()).isEqualTo(NORMAL);
        assertThat(socket.read()).isNull();
    }

    @Test
    void aBinaryFrameIsUnsupportedAndTheConnectionStays() {
        socket.frame(true, BINARY, bytes("{\"type\":\"hello\"}"));

        assertThat(json(socket.read()).getString("code")).isEqualTo("unsupported");
        assertIsHeard();
    }

    @Test
    void aFragmentedBinaryFrameIsUnsupportedAndTheConnectionStays() {
        socket.frame(false, BINARY, (byte) 1);
        socket.frame(true, CONTINUATION, (byte) 0xFF);

        assertThat(json(socket.read()).getString("code")).isEqualTo("unsupported");
        assertIsHeard();
    }

    private void assertIsHeard() {
        socket.text(Say.hello().encode());
        assertThat(json(socket.read()).getString("type")).isEqualTo("welcome");
    }

    private static JsonObject json(Frame frame) {
        assertThat(frame).isNotNull();
        assertThat(frame.opcode()).isEqualTo(TEXT);
        return new JsonObject(frame.text());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
