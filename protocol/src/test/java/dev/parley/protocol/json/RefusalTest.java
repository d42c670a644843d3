package dev.parley.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RequestId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told when its frame cannot be taken. */
class RefusalTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":7}                                                    | type is missing
            {"id":7,"type":null}                                        | type is missing
            {"id":7,"type":1}                                           | type is not a string
            {"id":7,"type":"ping","type":"ping"}                        | type is given twice
            {"type":"ping","id":7,"type":"ping"}                        | type is given twice
            {"id":7,"type":"send","to":{"all":true}}                    | data is missing
            {"id":7,"type":"send","data":1}                             | to is missing
            {"id":7,"type":"send","data":1,"to":null}                   | to is missing
            {"id":7,"type":"send","data":1,"to":{}}                     | to is not exactly one of all, group, user and connection
            {"id":7,"type":"send","data":1,"to":{"all":false}}          | to.all can only be true
            {"id":7,"type":"send","data":1,"to":{"all":true,"user":"u"}} | to is not exactly one of all, group, user and connection
            {"id":7,"type":"send","data":1,"to":{"group":5}}            | to.group is not a string
            {"id":7,"type":"send","data":1,"to":{"group":"a/b"}}        | a group's name has 1 to 128 of A-Z a-z 0-9 . _ : ~ @ -
            {"id":7,"type":"send","data":1,"to":{"user":"a~b"}}         | a user id has 1 to 60 of A-Z a-z 0-9 . _ : @ -
            {"id":7,"type":"send","data":1,"data":2,"to":{"all":true}}  | data is given twice
            {"id":7,"type":"send","data":1,"to":{"all":true},"event":""} | event is empty
            {"id":7,"type":"send","data":1,"to":{"all":true},"messageId":"a\\u0007"} | messageId has a control character
            {"id":7,"type":"send","data":1,"to":{"all":true},"except":["a b"]} | except has an element that is no user id
            {"id":7,"type":"send","data":1,"to":{"all":true},"except":[null]} | except has an element that is null
            {"id":7,"type":"send","data":1,"to":{"all":true},"echo":"no"} | echo is neither true nor false
            {"id":7,"type":"send","data":1,"to":{"all":true},"ref":{"messageId":"a","kind":"like"}} | ref.kind is none of the values there are
            {"id":7,"type":"join","group":"g","since":{"seq":1}}        | since.epoch is missing
            {"id":7,"type":"join","group":"g","since":{"last":1,"seq":1}} | since has either epoch and seq, or last
            {"id":7,"type":"join","group":"g","since":{"last":-1}}      | since.last is not an integer from 0 to 2^53-1
            {"id":7,"type":"history","channel":"group/g","before":1,"after":2} | give either before or after, not both
            {"id":7,"type":"history","channel":"group/g","limit":1.0}   | limit is not an integer from 0 to 2^53-1
            {"id":7,"type":"read","channel":"group/g","seq":1e2}        | seq is not an integer from 0 to 2^53-1
            {"id":7,"type":"read","channel":"group/g","seq":9007199254740992} | seq is not an integer from 0 to 2^53-1
            {"id":7,"type":"read","channel":"room/g","seq":1}           | no such kind of channel
            {"id":7,"type":"hello","client":"x"}                        | client is not an object
            {"id":7,"type":"hello","token":"\\ud800"}                   | token has half of a surrogate pair
            {"type":"join","group":1,"id":7}                            | group is not a string
            """)
    void saysWhichFieldIsWrongAndWhoseRequestItWas(String json, String detail) {
        ProtocolException refusal = Frames.refusalOf(json);

        assertThat(refusal.detail()).isEqualTo(detail);
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_FRAME);
        assertThat(refusal.id()).isEqualTo(new RequestId.Number(7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":7,\"type\":\"shout\"}",
                "{\"type\":\"\",\"id\":7}",
                "{\"type\":\"SEND\",\"id\":7,\"to\":1}"
            })
    void anUnknownTypeIsNamedSo(String json) {
        ProtocolException refusal = Frames.refusalOf(json);

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_TYPE);
        assertThat(refusal.id()).isEqualTo(new RequestId.Number(7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "\"ping\"",
                "[]",
                "[{\"type\":\"ping\"}]",
                "{\"type\":\"ping\"}}",
                "{\"type\":\"ping\"}{\"type\":\"ping\"}",
                "{\"type\":\"ping\"} x",
                "{\"type\":\"shout\",",
                "{\"type\":\"ping\",}",
                "{'type':'ping'}",
                "{type:\"ping\"}",
                "{\"type\":\"ping\"/* */}",
                "{\"type\":\"ping\",\"x\":NaN}",
                "{\"type\":\"ping\",\"x\":01}",
                "{\"type\":\"ping\",\"x\":+1}",
                "{\"type\":\"ping\",\"x\":\"\t\"}",
                "{\"type\":\"ping\",\"x\":\"\\x\"}",
                "{\"type\":\"ping\",\"x\":\"\0\"}",
                "\uFEFF{\"type\":\"ping\"}",
                "{\"type\":\"ping\"\u00A0}"
            })
    void whatIsNotOneJsonObjectIsBad(String json) {
        assertThat(Frames.refusalOf(json).code()).isEqualTo(ErrorCode.BAD_FRAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C080",
                "E08080",
                "F0808080",
                "EDA080",
                "EDBFBF",
                "EDA0BDEDB880",
                "F4908080",
                "FF",
                "80",
                "C3",
                "E282",
                "F09F98"
            })
    void bytesThatAreNoUtf8AreBadAnywhere(String hex) {
        for (String around : new String[] {
            "{\"id\":7,\"type\":\"send\",\"to\":{\"all\":true},\"data\":\"?\"}",
            "{\"id\":7,\"type\":\"send\",\"to\":{\"all\":true},\"data\":{\"?\":1}}",
            "{\"id\":7,\"type\":\"ping\",\"unknown?\":1}",
            "{\"id\":7,\"type\":\"hello\",\"token\":\"?\"}",
        }) {
            byte[] utf8 = replaceQuestionMark(around, hex);

            assertThat(Frames.refusalOf(utf8).detail()).isEqualTo("not UTF-8");
            assertThat(Frames.refusalOf(utf8).id()).isEqualTo(new RequestId.Number(7));
        }
    }

    @Test
    void anIdThatIsNoUtf8IsNotGivenBack() {
        assertThat(Frames.refusalOf(replaceQuestionMark("{\"type\":\"ping\",\"id\":\"a?\"}", "FF"))
                        .id())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e2", "9007199254740992", "-9007199254740992", "true", "{}", "[]", "\"\\ud800\""})
    void anIdThatIsNoneIsBadAndNotGivenBack(String id) {
        ProtocolException refusal = Frames.refusalOf("{\"type\":\"ping\",\"id\":" + id + "}");

        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_FRAME);
        assertThat(refusal.id()).isNull();
    }

    @Test
    void anIdIsFoundBehindWhateverIsWrong() {
        String deep = "[".repeat(5000) + "]".repeat(5000);
        String huge = "1".repeat(5000);
        for (String wrong : new String[] {deep, huge, "\"\\ud800\"", "{\"id\":3}"}) {
            ProtocolException refusal = Frames.refusalOf("{\"type\":\"join\",\"group\":" + wrong + ",\"id\":\"a\"}");

            assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_FRAME);
            assertThat(refusal.id()).isEqualTo(new RequestId.Text("a"));
        }
    }

    @Test
    void nestingEndsAtTwoHundred() {
        assertThat(Frames.read(nested(199))).isInstanceOf(ClientFrame.Send.class);
        assertThat(Frames.refusalOf(nested(200)).detail()).contains("nested deeper than 200");
        assertThat(Frames.refusalOf(nested(30_000)).detail()).contains("nested deeper than 200");
    }

    @Test
    void nestingCountsInUnknownFieldsToo() {
        assertThat(Frames.refusalOf("{\"type\":\"ping\",\"x\":" + "[".repeat(200) + "]".repeat(200) + "}"))
                .isNotNull();
    }

    @Test
    void moreThanTheLimitOfBytesIsTooLarge() {
        String start = "{\"type\":\"send\",\"id\":7,\"to\":{\"all\":true},\"data\":\"";
        String fits = start + "x".repeat(Frames.MESSAGE_MAX - start.length() - 2) + "\"}";
        String tooLarge = start + "x".repeat(Frames.MESSAGE_MAX - start.length() - 1) + "\"}";

        assertThat(Frames.read(fits)).isInstanceOf(ClientFrame.Send.class);
        assertThat(Frames.refusalOf(tooLarge).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(Frames.refusalOf(tooLarge).id()).isEqualTo(new RequestId.Number(7));
    }

    @Test
    void aHelloMayBeLargerThanOtherObjects() {
        FrameReader reader = new FrameReader(100, 200);

        for (String fits : new String[] {
            sized(200, "{\"type\":\"hello\",\"x\":\""), sized(200, "{\"x\":\"\",\"type\":\"hello\",\"y\":\"")
        }) {
            assertThat(reader.readClient(fits.getBytes(UTF_8), 0, 200)).isInstanceOf(ClientFrame.Hello.class);
        }
        for (String tooLarge : new String[] {
            sized(201, "{\"type\":\"hello\",\"x\":\""),
            sized(101, "{\"type\":\"ping\",\"x\":\""),
            sized(101, "{\"type\":7,\"x\":\""),
            "\"".repeat(101)
        }) {
            byte[] utf8 = tooLarge.getBytes(UTF_8);
            assertThat(catchThrowableOfType(ProtocolException.class, () -> reader.readClient(utf8, 0, utf8.length))
                            .code())
                    .as(tooLarge)
                    .isEqualTo(ErrorCode.TOO_LARGE);
        }
    }

    private static String sized(int bytes, String start) {
        return start + "x".repeat(bytes - start.length() - 2) + "\"}";
    }

    @Test
    void listsAndStringsHaveTheirBounds() {
        assertThat(Frames.refusalOf(send("\"except\":[" + "\"u\",".repeat(200) + "\"u\"]"))
                        .detail())
                .isEqualTo("except has more than 200 elements");
        assertThat(Frames.read(send("\"except\":[" + "\"u\",".repeat(199) + "\"u\"]")))
                .isNotNull();
        assertThat(Frames.refusalOf(send("\"messageId\":\"" + "x".repeat(65) + "\""))
                        .detail())
                .isEqualTo("messageId has more than 64 characters");
        assertThat(Frames.read(send("\"messageId\":\"" + "x".repeat(64) + "\"")))
                .isNotNull();
        assertThat(Frames.refusalOf("{\"type\":\"hello\",\"token\":\"" + "x".repeat(8193) + "\"}")
                        .detail())
                .isEqualTo("token has more than 8192 characters");
        assertThat(Frames.refusalOf("{\"type\":\"ping\",\"id\":\"" + "x".repeat(65) + "\"}")
                        .detail())
                .isEqualTo("id has more than 64 characters");
    }

    @Test
    void resumeHasItsBound() {
        StringBuilder entries = new StringBuilder("\"c\":1");
        for (int i = 1; i < 4096; i++) {
            entries.append(",\"").append(i).append("\":1");
        }

        assertThat(((ClientFrame.Hello) Frames.read("{\"type\":\"hello\",\"resume\":{" + entries + "}}")).resume())
                .hasSize(4096);
        assertThat(Frames.refusalOf("{\"type\":\"hello\",\"resume\":{" + entries + ",\"d\":1}}")
                        .detail())
                .isEqualTo("resume has more than 4096 entries");
    }

    private static String nested(int levels) {
        return "{\"type\":\"send\",\"to\":{\"all\":true},\"data\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
    }

    private static String send(String field) {
        return "{\"type\":\"send\",\"to\":{\"all\":true},\"data\":1," + field + "}";
    }

    private static byte[] replaceQuestionMark(String json, String hex) {
        StringBuilder latin1 = new StringBuilder();
        for (int i = 0; i < hex.length(); i += 2) {
            latin1.append((char) Integer.parseInt(hex.substring(i, i + 2), 16));
        }
        return json.replace("?", latin1).getBytes(StandardCharsets.ISO_8859_1);
    }
}
