package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RequestId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken beyond the golden frames: defaults, what is ignored, and payloads as they are. */
class FrameReaderTest {

    @Test
    void whatASendLeavesOutHasItsDefault() {
        ClientFrame.Send send = (ClientFrame.Send) Frames.read("{\"type\":\"send\",\"to\":{\"all\":true},\"data\":1}");

        assertThat(send.id()).isNull();
        assertThat(send.event()).isEqualTo("message");
        assertThat(send.messageId()).isNull();
        assertThat(send.echo()).isTrue();
        assertThat(send.isVolatile()).isFalse();
        assertThat(send.except()).isEmpty();
        assertThat(send.ref()).isNull();
    }

    @Test
    void nullInAnOptionalFieldIsAbsence() {
        assertThat(Frames.read("""
                                {"type":"send","id":null,"to":{"all":true,"group":null},"data":1,"event":null,"messageId":null,
                                 "echo":null,"volatile":null,"except":null,"ref":null}""")).isEqualTo(Frames.read("{\"type\":\"send\",\"to\":{\"all\":true},\"data\":1}"));
        assertThat(Frames.read("{\"type\":\"hello\",\"id\":null,\"token\":null,\"client\":null,\"resume\":null}"))
                .isEqualTo(Frames.read("{\"type\":\"hello\"}"));
        assertThat(Frames.read("{\"type\":\"join\",\"group\":\"g\",\"since\":null}"))
                .isEqualTo(Frames.read("{\"type\":\"join\",\"group\":\"g\"}"));
    }

    @Test
    void unknownFieldsAreIgnoredEvenTwice() {
        assertThat(Frames.read("""
                                {"x":[{"type":"send"}],"type":"ping","x":{"id":9},"to":7,"data":1,"id":1,"data":2}""")).isEqualTo(new ClientFrame.Ping(new RequestId.Number(1)));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,1", "200,200", "201,200", "9007199254740991,200"})
    void aHistoryLimitIsBroughtIntoItsRange(String given, int taken) {
        ClientFrame.History history =
                (ClientFrame.History) Frames.read("{\"type\":\"history\",\"channel\":\"all\",\"limit\":" + given + "}");

        assertThat(history.limit()).isEqualTo(taken);
    }

    @Test
    void aMalformedResumeEntrySpoilsOnlyItself() {
        ClientFrame.Hello hello = (ClientFrame.Hello) Frames.read("""
                        {"type":"hello","resume":{
                          "all": {"epoch":"a1","seq":3,"more":[{}]},
                          "number": 7, "nothing": null, "list": [[1]], "empty": {},
                          "no seq": {"epoch":"a1"}, "no epoch": {"seq":3}, "empty epoch": {"epoch":"","seq":3},
                          "fraction": {"epoch":"a1","seq":3.0}, "negative": {"epoch":"a1","seq":-1},
                          "large": {"epoch":"a1","seq":9007199254740992}, "nested": {"epoch":{"epoch":"a1"},"seq":3},
                          "half a pair": {"epoch":"\\ud800","seq":3},
                          "twice": {"epoch":"a1","seq":1}, "twice": {"epoch":"a1","seq":2},
                          "group/g": {"seq":0,"epoch":"k3"}}}""");

        assertThat(hello.resume())
                .filteredOn(entry -> entry.cursor() != null)
                .containsExactly(
                        new ClientFrame.Resume("all", new Cursor("a1", 3)),
                        new ClientFrame.Resume("group/g", new Cursor("k3", 0)));
        assertThat(hello.resume()).hasSize(15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "0",
                "-0",
                "-1.50E+3",
                "1e400",
                "123456789012345678901234567890.12345678901234567890",
                "\"\"",
                "\"\\ud800 \\u0000 \\/ \\\" \\u00fc ü 語 😀 \u2028\"",
                "[]",
                "[ 1 ,\t[ ] , {} ]",
                "{\"a\" : 1, \"a\" : 2, \"data\": null, \"\": \"}\"}"
            })
    void aPayloadStaysAsItWasWritten(String data) {
        for (String frame : new String[] {
            "{\"type\":\"send\",\"to\":{\"all\":true},\"data\":?}",
            "{\"type\":\"send\",\"data\":?,\"to\":{\"all\":true}}",
            "{\"data\":?,\"to\":{\"all\":true},\"type\":\"send\"}",
            "{\"type\":\"send\",\"x\":\"ü😀\",\"to\":{\"all\":true},\"data\" : ? \t ,\"event\":\"e\"}"
        }) {
            ClientFrame.Send send = (ClientFrame.Send) Frames.read(frame.replace("?", data));

            assertThat(send.data()).hasToString(data);
        }
    }

    @Test
    void numbersInAPayloadMayBeLongButNotEndless() {
        String frame = "{\"type\":\"send\",\"to\":{\"all\":true},\"data\":?}";

        assertThat(Frames.read(frame.replace("?", "9".repeat(1000)))).isNotNull();
        assertThat(Frames.refusalOf(frame.replace("?", "9".repeat(1001))).detail())
                .contains("more than 1000 digits");
        assertThat(Frames.refusalOf(frame.replace("?", "0." + "9".repeat(1001))).detail())
                .contains("more than 1000 digits");
        assertThat(Frames.refusalOf("{\"type\":\"ping\",\"x\":" + "9".repeat(1001) + "}"))
                .isNotNull();
    }

    @Test
    void aMessageBodyIsASendOnOneLine() {
        ClientFrame.Send send = Frames.readBody("""
                {
                  "id": {"not": "an id"},
                  "to": { "user": "ada" },\r
                  "data": {\r
                    "text": "line one\\nline two",
                    "list": [
                      1
                    ]
                  },
                  "messageId": "build-815"
                }
                """);

        assertThat(send.id()).isNull();
        assertThat(send.to()).isEqualTo(new Address.User("ada"));
        assertThat(send.messageId()).isEqualTo("build-815");
        assertThat(send.data().toString())
                .isEqualTo("{      \"text\": \"line one\\nline two\",     \"list\": [       1     ]   }")
                .doesNotContain("\n", "\r");
    }

    @Test
    void aMessageBodyIsRefusedWithoutAnId() {
        assertThatThrownBy(() -> Frames.readBody("{\"id\":1,\"to\":{\"all\":true}}"))
                .isInstanceOfSatisfying(ProtocolException.class, e -> {
                    assertThat(e.detail()).isEqualTo("data is missing");
                    assertThat(e.id()).isNull();
                });
    }

    @Test
    void aMessageTooDeepToSendIsNotTooDeepInAPage() {
        String deepest = "[".repeat(199) + "]".repeat(199);
        String page = """
                {"type":"ack","id":1,"messages":[{"type":"message","channel":"all","epoch":"a1","seq":1,"to":{"all":true},
                 "from":{"service":"s"},"messageId":"m","event":"message","time":1,"data":%s}],"more":false}""".formatted(deepest);
        byte[] utf8 = page.getBytes(StandardCharsets.UTF_8);

        assertThat(new FrameReader(0).readServer(utf8, 0, utf8.length)).isNotNull();
    }
}
