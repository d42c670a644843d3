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
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of Autobahn's WebSocket test suite, under their numbers, against the endpoint itself. Autobahn wants an echo; here a message of some size is made of
 * {@code ping} requests, and its echo are their answers. {@code deploy/autobahn.sh} runs the suite itself against the same decoder; categories 12 and 13 are about
 * compression, which is not offered.
 */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class AutobahnTest {
    private static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int NO_CODE = 1005;
    private static final int BAD_DATA = 1007;
    private static final int TOO_LARGE = 1009;
    private static final int FRAME_MAX = 256 * 1024;

    /** Of one request in a large message. */
    private static final int REQUEST = 2048;

    @TestHTTPResource("/")
    URI root;

    private RawSocket socket;
    private int ids;

    /** What is done in a case, and then holds. */
    private interface Script {
        void run(AutobahnTest on);
    }

    private record Case(String number, String what, Script script) {
        @Override
        public String toString() {
            return number + " " + what;
        }
    }

    @BeforeEach
    void connect() {
        socket = RawSocket.open(root);
        socket.text(Say.hello().encode());
        assertThat(new JsonObject(socket.read().text()).getString("type")).isEqualTo("welcome");
    }

    @AfterEach
    void hangUp() {
        socket.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"framing", "pings", "reserved", "opcodes", "fragments", "utf8", "closing", "limits"})
    void behavesAsTheSuiteAsks(Case its) {
        its.script.run(this);
    }

    static Stream<Case> framing() {
        List<Case> cases = new ArrayList<>();
        int[] sizes = {0, 125, 126, 127, 128, 65_535, 65_536};
        for (int i = 0; i < sizes.length; i++) {
            int size = sizes[i];
            cases.add(new Case("1.1." + (i + 1), "a text of " + size, on -> {
                on.message(size, Integer.MAX_VALUE);
                on.closesNormally();
            }));
            cases.add(new Case("1.2." + (i + 1), "a binary message of " + size, on -> {
                on.socket.frame(true, BINARY, new byte[size]);
                on.assertUnsupported();
                on.closesNormally();
            }));
        }
        cases.add(new Case("1.1.8", "a text in pieces of 997", on -> {
            on.message(65_536, 997);
            on.closesNormally();
        }));
        cases.add(new Case("1.2.8", "a binary message in pieces of 997", on -> {
            on.chopped(997, RawFrame.of(true, BINARY, new byte[65_536]));
            on.assertUnsupported();
            on.closesNormally();
        }));
        return cases.stream();
    }

    static Stream<Case> pings() {
        byte[] noText = {0, (byte) 0xFF, (byte) 0xFE, (byte) 0xFD, (byte) 0xFC, (byte) 0xFB, 0, (byte) 0xFF};
        byte[] most = filled(125, 0xFE);
        return Stream.of(
                new Case("2.1", "a ping without payload", on -> on.pinged()),
                new Case("2.2", "a ping with text", on -> on.pinged(utf8("Hello, world!"))),
                new Case("2.3", "a ping with what is no text", on -> on.pinged(noText)),
                new Case("2.4", "a ping of 125", on -> on.pinged(most)),
                new Case("2.5", "a ping of 126", on -> {
                    on.socket.frame(true, PING, filled(126, 0xFE));
                    on.failsWith(PROTOCOL_ERROR);
                }),
                new Case("2.6", "a ping byte by byte", on -> {
                    on.chopped(1, RawFrame.of(true, PING, most));
                    on.hears(PONG, most);
                    on.closesNormally();
                }),
                new Case("2.7", "a pong unasked for", on -> {
                    on.socket.frame(true, PONG);
                    on.closesNormally();
                }),
                new Case("2.8", "a pong with payload unasked for", on -> {
                    on.socket.frame(true, PONG, utf8("unsolicited"));
                    on.closesNormally();
                }),
                new Case("2.9", "a pong unasked for, and a ping", on -> {
                    on.socket.frame(true, PONG, utf8("unsolicited"));
                    on.pinged(utf8("ping"));
                }),
                new Case("2.10", "ten pings", on -> on.tenPings(Integer.MAX_VALUE)),
                new Case("2.11", "ten pings byte by byte", on -> on.tenPings(1)));
    }

    static Stream<Case> reserved() {
        return Stream.of(
                new Case(
                        "3.1",
                        "RSV 1",
                        on -> on.failsAfter(0, false, RawFrame.first(0x90 | TEXT, utf8("Hello, world!")))),
                new Case(
                        "3.2",
                        "RSV 2 after a message",
                        on -> on.failsAfter(1, true, RawFrame.first(0xA0 | TEXT, utf8("Hello, world!")))),
                new Case(
                        "3.3",
                        "RSV 3 after a message",
                        on -> on.failsAfter(1, true, RawFrame.first(0xB0 | TEXT, utf8("Hello, world!")))),
                new Case("3.4", "RSV 4 after a message, byte by byte", on -> {
                    on.message(100, 1);
                    on.chopped(1, RawFrame.first(0xC0 | TEXT, utf8("Hello, world!")), RawFrame.of(true, PING));
                    on.failsWith(PROTOCOL_ERROR);
                }),
                new Case(
                        "3.5",
                        "RSV 5, binary",
                        on -> on.failsAfter(0, false, RawFrame.first(0xD0 | BINARY, filled(8, 0xFF)))),
                new Case(
                        "3.6",
                        "RSV 6, a ping",
                        on -> on.failsAfter(0, false, RawFrame.first(0xE0 | PING, utf8("Hello, world!")))),
                new Case(
                        "3.7",
                        "RSV 7, a close",
                        on -> on.failsAfter(0, false, RawFrame.first(0xF0 | CLOSE, code(NORMAL)))));
    }

    static Stream<Case> opcodes() {
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int before = i < 2 ? 0 : 1;
            byte[] payload = i % 2 == 0 ? new byte[0] : utf8("reserved opcode payload");
            RawFrame data = RawFrame.of(true, 3 + i, payload);
            RawFrame control = RawFrame.of(true, 11 + i, payload);
            cases.add(new Case("4.1." + (i + 1), "opcode " + (3 + i), on -> on.failsAfter(before, before > 0, data)));
            cases.add(
                    new Case("4.2." + (i + 1), "opcode " + (11 + i), on -> on.failsAfter(before, before > 0, control)));
        }
        return cases.stream();
    }

    static Stream<Case> fragments() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case(
                        "5.1",
                        "a ping in fragments",
                        on -> on.failsAfter(
                                0,
                                false,
                                RawFrame.of(false, PING, utf8("a")),
                                RawFrame.of(true, CONTINUATION, utf8("b")))),
                new Case(
                        "5.2",
                        "a pong in fragments",
                        on -> on.failsAfter(
                                0,
                                false,
                                RawFrame.of(false, PONG, utf8("a")),
                                RawFrame.of(true, CONTINUATION, utf8("b"))))));
        int[] chops = {Integer.MAX_VALUE, 0, 1};
        for (int i = 0; i < chops.length; i++) {
            int chop = chops[i];
            cases.add(new Case("5." + (3 + i), "a text in two fragments" + in(chop), on -> {
                on.inTwo(chop, null);
                on.closesNormally();
            }));
            cases.add(new Case("5." + (6 + i), "a ping between two fragments" + in(chop), on -> {
                on.inTwo(chop, utf8("ping payload"));
                on.closesNormally();
            }));
            for (boolean last : new boolean[] {true, false}) {
                cases.add(new Case(
                        "5." + ((last ? 9 : 12) + i), "a continuation of nothing, FIN " + last + in(chop), on -> {
                            on.chopped(
                                    chop,
                                    RawFrame.of(last, CONTINUATION, utf8("non-continuation payload")),
                                    RawFrame.of(true, TEXT, utf8("{}")));
                            on.failsWith(PROTOCOL_ERROR);
                        }));
            }
        }
        cases.add(new Case("5.15", "a continuation of nothing after a whole message", on -> {
            on.inTwo(Integer.MAX_VALUE, null);
            on.chopped(
                    Integer.MAX_VALUE,
                    RawFrame.of(false, CONTINUATION, utf8("x")),
                    RawFrame.of(true, TEXT, utf8("{}")));
            on.failsWith(PROTOCOL_ERROR);
        }));
        for (boolean last : new boolean[] {false, true}) {
            cases.add(new Case(last ? "5.17" : "5.16", "twice a continuation of nothing and two fragments", on -> {
                RawFrame[] once = {
                    RawFrame.of(last, CONTINUATION, utf8("x")),
                    RawFrame.of(false, TEXT, utf8("a")),
                    RawFrame.of(true, CONTINUATION, utf8("b")),
                };
                on.chopped(Integer.MAX_VALUE, once);
                on.failsWith(PROTOCOL_ERROR);
            }));
        }
        cases.add(new Case(
                "5.18",
                "both fragments begin a text",
                on -> on.failsAfter(
                        0, false, RawFrame.of(false, TEXT, utf8("a")), RawFrame.of(true, TEXT, utf8("b")))));
        cases.add(new Case(
                "5.19", "pings between five fragments, with a pause", on -> on.pingsBetween(Integer.MAX_VALUE)));
        cases.add(new Case("5.20", "pings between five fragments, byte by byte", on -> on.pingsBetween(1)));
        return cases.stream();
    }

    static Stream<Case> utf8() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("6.1.1", "a text of nothing", on -> on.takes(RawFrame.of(true, TEXT))),
                new Case(
                        "6.1.2",
                        "three fragments of nothing",
                        on -> on.takes(
                                RawFrame.of(false, TEXT),
                                RawFrame.of(false, CONTINUATION),
                                RawFrame.of(true, CONTINUATION))),
                new Case("6.1.3", "three fragments, something in the middle", on -> {
                    on.chopped(
                            0,
                            RawFrame.of(false, TEXT),
                            RawFrame.of(false, CONTINUATION, on.request(60)),
                            RawFrame.of(true, CONTINUATION));
                    on.hearsPong();
                    on.closesNormally();
                }),
                new Case(
                        "6.2.1",
                        "UTF-8 in one frame",
                        on -> on.valid("Hello-µ@ßöäüàá-UTF-8!!".getBytes(StandardCharsets.UTF_8), 0)),
                new Case(
                        "6.2.2",
                        "UTF-8 in two fragments between characters",
                        on -> on.valid("Hello-µ@ßöäüàá-UTF-8!!".getBytes(StandardCharsets.UTF_8), 9)),
                new Case(
                        "6.2.3",
                        "UTF-8 in fragments of a byte",
                        on -> on.valid("Hello-µ@ßöäüàá-UTF-8!!".getBytes(StandardCharsets.UTF_8), 1)),
                new Case("6.2.4", "UTF-8 in fragments of a byte", on -> on.valid(hex("cebae1bdb9cf83cebcceb5"), 1)),
                new Case(
                        "6.3.1",
                        "no UTF-8 in one frame",
                        on -> on.invalid(hex("cebae1bdb9cf83cebcceb5eda080656469746564"), 0)),
                new Case(
                        "6.3.2",
                        "no UTF-8 in fragments of a byte",
                        on -> on.invalid(hex("cebae1bdb9cf83cebcceb5eda080656469746564"), 1)),
                // The suite calls it strict to fail with the second part already, and lawful to fail when all is there.
                new Case(
                        "6.4.1",
                        "no UTF-8, in the second of three fragments",
                        on -> on.failsAsText(
                                RawFrame.of(false, TEXT, hex("cebae1bdb9cf83cebcceb5")),
                                RawFrame.of(false, CONTINUATION, hex("f4908080")),
                                RawFrame.of(true, CONTINUATION, utf8("edited")))),
                new Case(
                        "6.4.2",
                        "no UTF-8, with the last byte of the second of three fragments",
                        on -> on.failsAsText(
                                RawFrame.of(false, TEXT, hex("cebae1bdb9cf83cebcceb5f4")),
                                RawFrame.of(false, CONTINUATION, hex("90")),
                                RawFrame.of(true, CONTINUATION, utf8("edited")))),
                new Case("6.4.3", "no UTF-8, in three pieces of a frame", on -> {
                    on.chopped(11, RawFrame.of(true, TEXT, hex("cebae1bdb9cf83cebcceb5f4908080656469746564")));
                    on.failsWith(BAD_DATA);
                }),
                new Case("6.4.4", "no UTF-8, in more pieces of a frame", on -> {
                    on.chopped(4, RawFrame.of(true, TEXT, hex("cebae1bdb9cf83cebcceb5f4908080656469746564")));
                    on.failsWith(BAD_DATA);
                })));
        for (int category = 0; category < SEQUENCES.length; category++) {
            String[] sequences = SEQUENCES[category].split(" ");
            for (int i = 0; i < sequences.length; i++) {
                boolean valid = !sequences[i].startsWith("!");
                byte[] bytes = hex(sequences[i].replace("!", ""));
                cases.add(new Case(
                        "6." + (5 + category) + "." + (i + 1),
                        (valid ? "UTF-8 " : "no UTF-8 ") + sequences[i],
                        valid ? on -> on.valid(bytes, 0) : on -> on.invalid(bytes, 0)));
            }
        }
        return cases.stream();
    }

    /** Of the suite's categories 6.5 to 6.23, which follow Markus Kuhn's stress test for decoders; with ! what is no UTF-8. */
    private static final String[] SEQUENCES = {
        "68656c6c6f24776f726c64 68656c6c6fc2a2776f726c64 68656c6c6fe282ac776f726c64 68656c6c6ff0a4ada2776f726c64 cebae1bdb9cf83cebcceb5",
        "!ce ceba !cebae1 !cebae1bd cebae1bdb9 !cebae1bdb9cf cebae1bdb9cf83 !cebae1bdb9cf83ce cebae1bdb9cf83cebc !cebae1bdb9cf83cebcce cebae1bdb9cf83cebcceb5",
        "00 c280 e0a080 f0908080",
        "!f888808080 !fc8480808080",
        "7f dfbf efbfbf f48fbfbf",
        "!f7bfbfbf !fbbfbfbfbf !fdbfbfbfbfbf",
        "ed9fbf ee8080 efbfbd f48fbfbf !f4908080",
        "!80 !bf !80bf !80bf80 !80bf80bf !80bf80bf80 !80bf80bf80bf "
                + "!808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbe",
        "!c020c120c220c320c420c520c620c720c820c920ca20cb20cc20cd20ce20cf20d020d120d220d320d420d520d620d720d820d920da20db20dc20dd20de20 "
                + "!e020e120e220e320e420e520e620e720e820e920ea20eb20ec20ed20ee20 !f020f120f220f320f420f520f620 !f820f920fa20 !fc20",
        "!c0 !e080 !f08080 !f8808080 !fc80808080 !df !efbf !f7bfbf !fbbfbfbf !fdbfbfbfbf",
        "!c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf",
        "!fe !ff !fefeffff",
        "!c0af !e080af !f08080af !f8808080af !fc80808080af",
        "!c1bf !e09fbf !f08fbfbf !f887bfbfbf !fc83bfbfbfbf",
        "!c080 !e08080 !f0808080 !f880808080 !fc8080808080",
        "!eda080 !edadbf !edae80 !edafbf !edb080 !edbe80 !edbfbf",
        "!eda080edb080 !eda080edbfbf !edadbfedb080 !edadbfedbfbf !edae80edb080 !edae80edbfbf !edafbfedb080 !edafbfedbfbf",
        "efbfbe efbfbf f09fbfbe f09fbfbf f0afbfbe f0afbfbf f0bfbfbe f0bfbfbf f18fbfbe f18fbfbf f19fbfbe f19fbfbf f1afbfbe f1afbfbf f1bfbfbe f1bfbfbf f28fbfbe "
                + "f28fbfbf f29fbfbe f29fbfbf f2afbfbe f2afbfbf f2bfbfbe f2bfbfbf f38fbfbe f38fbfbf f39fbfbe f39fbfbf f3afbfbe f3afbfbf f3bfbfbe f3bfbfbf f48fbfbe f48fbfbf",
        "efbfb9 efbfba efbfbb efbfbc efbfbd efbfbe efbfbf",
    };

    static Stream<Case> closing() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("7.1.1", "a message, then a close", on -> {
                    on.message(100, Integer.MAX_VALUE);
                    on.closesNormally();
                }),
                new Case("7.1.2", "two closes", on -> on.closesBefore(RawFrame.of(true, CLOSE, code(NORMAL)))),
                new Case("7.1.3", "a ping after a close", on -> on.closesBefore(RawFrame.of(true, PING))),
                new Case(
                        "7.1.4",
                        "a text after a close",
                        on -> on.closesBefore(RawFrame.of(true, TEXT, on.request(60)))),
                new Case("7.1.5", "a close between two fragments", on -> {
                    on.chopped(Integer.MAX_VALUE, RawFrame.of(false, TEXT, utf8("{\"type\":")));
                    on.closesBefore(RawFrame.of(true, CONTINUATION, utf8("\"ping\"}")));
                }),
                new Case("7.1.6", "256 KiB, a close and a ping", on -> {
                    on.send(FRAME_MAX, Integer.MAX_VALUE);
                    on.chopped(Integer.MAX_VALUE, RawFrame.of(true, CLOSE, code(NORMAL)), RawFrame.of(true, PING));
                    assertThat(on.socket.awaitClose()).isEqualTo(NORMAL);
                }),
                new Case("7.3.1", "a close without payload", on -> on.closes(NO_CODE)),
                new Case("7.3.2", "a close of one byte", on -> on.closes(PROTOCOL_ERROR, (byte) 'a')),
                new Case("7.3.3", "a close with a code", on -> on.closes(NORMAL, code(NORMAL))),
                new Case(
                        "7.3.4",
                        "a close with a reason",
                        on -> on.closes(NORMAL, join(code(NORMAL), utf8("Hello World!")))),
                new Case(
                        "7.3.5",
                        "a close with a reason of 123",
                        on -> on.closes(NORMAL, join(code(NORMAL), filled(123, '*')))),
                new Case(
                        "7.3.6",
                        "a close with a reason of 124",
                        on -> on.closes(PROTOCOL_ERROR, join(code(NORMAL), filled(124, '*')))),
                new Case(
                        "7.5.1",
                        "a close with a reason that is no UTF-8",
                        on -> on.closes(
                                BAD_DATA, join(code(NORMAL), hex("cebae1bdb9cf83cebcceb5eda080656469746564"))))));
        int[] good = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
        for (int i = 0; i < good.length; i++) {
            int code = good[i];
            cases.add(new Case("7.7." + (i + 1), "a close with " + code, on -> on.closes(code, code(code))));
        }
        int[] bad = {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999};
        for (int i = 0; i < bad.length; i++) {
            int code = bad[i];
            cases.add(new Case("7.9." + (i + 1), "a close with " + code, on -> on.closes(PROTOCOL_ERROR, code(code))));
        }
        // The RFC leaves these open.
        cases.add(new Case("7.13.1", "a close with 5000", on -> on.closes(5000, code(5000))));
        cases.add(new Case("7.13.2", "a close with 65535", on -> on.closes(65_535, code(65_535))));
        return cases.stream();
    }

    /** As far as our limits go; the suite's sizes go on to 16 MiB, where 1009 is the answer. */
    static Stream<Case> limits() {
        List<Case> cases = new ArrayList<>();
        int[] sizes = {64 * 1024, FRAME_MAX, 1 << 20, 4 << 20, 8 << 20, 16 << 20};
        for (int i = 0; i < sizes.length; i++) {
            int size = sizes[i];
            boolean taken = size <= FRAME_MAX;
            cases.add(new Case("9.1." + (i + 1), "a text of " + size, on -> {
                if (taken) {
                    on.message(size, Integer.MAX_VALUE);
                } else {
                    on.socket.frame(true, TEXT, new byte[size]);
                    on.failsWith(TOO_LARGE);
                }
            }));
            cases.add(new Case("9.2." + (i + 1), "a binary message of " + size, on -> {
                on.socket.frame(true, BINARY, new byte[size]);
                if (taken) {
                    on.assertUnsupported();
                } else {
                    on.failsWith(TOO_LARGE);
                }
            }));
        }
        for (int i = 0; i < 7; i++) {
            int fragment = 64 << 2 * i;
            cases.add(new Case(
                    "9.3." + (i + 1), "256 KiB in fragments of " + fragment, on -> on.inFragments(TEXT, fragment)));
            cases.add(new Case(
                    "9.4." + (i + 1),
                    "256 KiB, binary, in fragments of " + fragment,
                    on -> on.inFragments(BINARY, fragment)));
        }
        for (int i = 0; i < 6; i++) {
            int chop = 64 << i;
            cases.add(new Case("9.5." + (i + 1), "256 KiB in pieces of " + chop, on -> on.message(FRAME_MAX, chop)));
            cases.add(new Case("9.6." + (i + 1), "256 KiB, binary, in pieces of " + chop, on -> {
                on.chopped(chop, RawFrame.of(true, BINARY, new byte[FRAME_MAX]));
                on.assertUnsupported();
            }));
        }
        int[] payloads = {0, 16, 64, 256, 1024, 4096};
        for (int i = 0; i < payloads.length; i++) {
            int size = payloads[i];
            cases.add(new Case("9.7." + (i + 1), "a thousand texts of " + size, on -> {
                for (int n = 0; n < 1000; n++) {
                    on.message(size, Integer.MAX_VALUE);
                }
            }));
            cases.add(new Case("9.8." + (i + 1), "a thousand binary messages of " + size, on -> {
                for (int n = 0; n < 1000; n++) {
                    on.socket.frame(true, BINARY, new byte[size]);
                    on.assertUnsupported();
                }
            }));
        }
        cases.add(new Case("10.1.1", "65,536 in fragments of 1,300", on -> on.inFragments(TEXT, 1300, 65_536)));
        return cases.stream();
    }

    // What is sent

    /** A request that takes so many bytes, whose answer {@link #hearsPong} awaits. */
    private byte[] request(int size) {
        String json = "{\"type\":\"ping\",\"id\":" + ++ids + ",\"pad\":\"\"}";
        if (json.length() > size) {
            return utf8("{\"type\":\"ping\",\"id\":" + ids + "}");
        }
        return utf8(json.replace("\"\"", "\"" + "x".repeat(size - json.length()) + "\""));
    }

    /** A message of exactly that size, as far as a request fits into it, and how many requests are in it. */
    private byte[] payload(int size) {
        ByteBuffer payload = ByteBuffer.allocate(size);
        byte[] least = request(0);
        ids--;
        while (payload.remaining() >= least.length + 1) {
            int rest = payload.remaining();
            payload.put(request(rest < 2 * REQUEST ? rest - 1 : REQUEST));
            payload.put((byte) '\n');
            if (rest < 2 * REQUEST) {
                break;
            }
        }
        while (payload.hasRemaining()) {
            payload.put((byte) '\n');
        }
        return payload.array();
    }

    private void send(int size, int chop) {
        chopped(chop, RawFrame.of(true, TEXT, payload(size)));
    }

    /** Sends a text of that size, and hears the answer to each request in it, or that nothing was said where none fits in. */
    private void message(int size, int chop) {
        int before = ids;
        send(size, chop);
        hearsPongsFrom(before);
    }

    private void hearsPongsFrom(int before) {
        for (int id = before + 1; id <= ids; id++) {
            assertThat(new JsonObject(socket.read().text())).isEqualTo(JsonObject.of("type", "pong", "id", id));
        }
    }

    private void hearsPong() {
        hearsPongsFrom(ids - 1);
    }

    private void inFragments(int opcode, int fragment) {
        inFragments(opcode, fragment, FRAME_MAX);
    }

    private void inFragments(int opcode, int fragment, int size) {
        int before = ids;
        byte[] payload = opcode == TEXT ? payload(size) : new byte[size];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < size; at += fragment) {
            int to = Math.min(size, at + fragment);
            out.writeBytes(new RawFrame(
                            (to == size ? 0x80 : 0) | (at == 0 ? opcode : CONTINUATION),
                            Arrays.copyOfRange(payload, at, to))
                    .bytes());
        }
        socket.bytes(out.toByteArray());
        if (opcode == TEXT) {
            hearsPongsFrom(before);
        } else {
            assertUnsupported();
        }
        closesNormally();
    }

    private void inTwo(int chop, byte[] ping) {
        byte[] request = request(60);
        RawFrame first = RawFrame.of(false, TEXT, Arrays.copyOf(request, 20));
        RawFrame second = RawFrame.of(true, CONTINUATION, Arrays.copyOfRange(request, 20, request.length));
        if (ping == null) {
            chopped(chop, first, second);
        } else {
            chopped(chop, first, RawFrame.of(true, PING, ping), second);
            hears(PONG, ping);
        }
        hearsPong();
    }

    private void pingsBetween(int chop) {
        byte[] request = request(100);
        for (int i = 0; i < 5; i++) {
            chopped(
                    chop,
                    new RawFrame(
                            (i == 4 ? 0x80 : 0) | (i == 0 ? TEXT : CONTINUATION),
                            Arrays.copyOfRange(request, 20 * i, 20 * i + 20)));
            if (i == 1 || i == 3) {
                byte[] ping = utf8("pongme " + i);
                chopped(chop, RawFrame.of(true, PING, ping));
                hears(PONG, ping);
            }
        }
        hearsPong();
        closesNormally();
    }

    /** @param chop bytes at once; 0 for a frame at once */
    private void chopped(int chop, RawFrame... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (RawFrame frame : frames) {
            if (chop == 0) {
                socket.bytes(frame.bytes());
            } else {
                all.writeBytes(frame.bytes());
            }
        }
        byte[] bytes = all.toByteArray();
        int piece = Math.min(chop, bytes.length);
        for (int at = 0; at < bytes.length; at += piece) {
            socket.bytes(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
        }
    }

    // What holds then

    private void pinged(byte... payload) {
        socket.frame(true, PING, payload);
        hears(PONG, payload);
        closesNormally();
    }

    private void tenPings(int chop) {
        for (int i = 0; i < 10; i++) {
            chopped(chop, RawFrame.of(true, PING, utf8("payload-" + i)));
        }
        for (int i = 0; i < 10; i++) {
            hears(PONG, utf8("payload-" + i));
        }
        closesNormally();
    }

    private void hears(int opcode, byte[] payload) {
        Frame frame = socket.read();
        assertThat(frame).isNotNull();
        assertThat(frame.opcode()).isEqualTo(opcode);
        assertThat(frame.payload()).isEqualTo(payload);
    }

    /** Sends good messages and then something that ends the connection; the ping behind it is not answered. */
    private void failsAfter(int messages, boolean andPing, RawFrame... bad) {
        for (int i = 0; i < messages; i++) {
            message(60, Integer.MAX_VALUE);
        }
        chopped(Integer.MAX_VALUE, bad);
        if (andPing) {
            pingUnheard();
        }
        failsWith(PROTOCOL_ERROR);
    }

    /** The server may have hung up by then. */
    private void pingUnheard() {
        try {
            socket.frame(true, PING);
        } catch (UncheckedIOException gone) {
            // As it may.
        }
    }

    /** Three fragments of what is no UTF-8 as a whole. */
    private void failsAsText(RawFrame first, RawFrame second, RawFrame third) {
        chopped(0, first, second, third);
        failsWith(BAD_DATA);
    }

    private void failsWith(int code) {
        Frame frame = socket.read();
        assertThat(frame).isNotNull();
        assertThat(frame.opcode()).as(frame.text()).isEqualTo(CLOSE);
        assertThat(frame.closeCode()).isEqualTo(code);
    }

    /** Sends what is no request and is no error of framing either. */
    private void takes(RawFrame... frames) {
        chopped(Integer.MAX_VALUE, frames);
        message(60, Integer.MAX_VALUE);
        closesNormally();
    }

    /** Text in the middle of a request; where it has control characters, which JSON forbids, the answer is an error. */
    private void valid(byte[] text, int fragment) {
        byte[] request = join(join(utf8("{\"type\":\"ping\",\"id\":" + ++ids + ",\"pad\":\""), text), utf8("\"}"));
        inPieces(request, fragment);
        JsonObject answer = new JsonObject(socket.read().text());
        if (text.length == 1 && text[0] == 0) {
            assertThat(answer.getString("code")).isEqualTo("bad_frame");
        } else {
            assertThat(answer).isEqualTo(JsonObject.of("type", "pong", "id", ids));
        }
        closesNormally();
    }

    private void invalid(byte[] text, int fragment) {
        inPieces(join(join(utf8("{\"type\":\"ping\",\"pad\":\""), text), utf8("\"}")), fragment);
        failsWith(BAD_DATA);
    }

    private void inPieces(byte[] text, int fragment) {
        if (fragment == 0) {
            socket.frame(true, TEXT, text);
            return;
        }
        for (int at = 0; at < text.length; at += fragment) {
            int to = Math.min(text.length, at + fragment);
            try {
                socket.frame(to == text.length, at == 0 ? TEXT : CONTINUATION, Arrays.copyOfRange(text, at, to));
            } catch (UncheckedIOException failedEarly) {
                return;
            }
        }
    }

    private void assertUnsupported() {
        assertThat(new JsonObject(socket.read().text()).getString("code")).isEqualTo("unsupported");
    }

    private void closesNormally() {
        closes(NORMAL, code(NORMAL));
    }

    /** Sends a close frame; exactly one comes back, and then the end. */
    private void closes(int code, byte... payload) {
        socket.frame(true, CLOSE, payload);
        assertThat(socket.awaitClose()).isEqualTo(code);
    }

    private void closesBefore(RawFrame more) {
        chopped(Integer.MAX_VALUE, RawFrame.of(true, CLOSE, code(NORMAL)), more);
        Frame frame = socket.read();
        assertThat(frame.opcode()).isEqualTo(CLOSE);
        assertThat(frame.closeCode()).isEqualTo(NORMAL);
        assertThat(socket.read()).as("nothing comes after a close frame").isNull();
    }

    /** A frame to be sent, masked. */
    private record RawFrame(int first, byte[] payload) {
        static RawFrame of(boolean last, int opcode, byte... payload) {
            return new RawFrame((last ? 0x80 : 0) | opcode, payload);
        }

        static RawFrame first(int first, byte... payload) {
            return new RawFrame(first, payload);
        }

        byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(payload.length + 14).put((byte) first);
            if (payload.length < 126) {
                out.put((byte) (0x80 | payload.length));
            } else if (payload.length <= 0xFFFF) {
                out.put((byte) (0x80 | 126)).putShort((short) payload.length);
            } else {
                out.put((byte) (0x80 | 127)).putLong(payload.length);
            }
            byte[] mask = {0x37, (byte) 0xFA, 0x21, 0x3D};
            out.put(mask);
            for (int i = 0; i < payload.length; i++) {
                out.put((byte) (payload[i] ^ mask[i % 4]));
            }
            return Arrays.copyOf(out.array(), out.position());
        }
    }

    private static String in(int chop) {
        return chop == 0 ? ", frame by frame" : chop == 1 ? ", byte by byte" : "";
    }

    private static byte[] code(int code) {
        return ByteBuffer.allocate(2).putShort((short) code).array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
