package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Address;
import dev.parley.protocol.CloseReason;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameReader;
import dev.parley.protocol.json.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames taken apart again by a decoder that knows RFC 6455 and nothing of how they were made. */
class WireTest {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PONG = 0x8A;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 300_000})
    void textOfAnyLength(int length) {
        byte[] json = new byte[length];
        Arrays.fill(json, (byte) 'x');

        assertThat(payload(Wire.text(UnpooledByteBufAllocator.DEFAULT, json), TEXT))
                .isEqualTo(json);
    }

    @Test
    void framesFollowEachOtherInOneBuffer() {
        ByteBuf out = Unpooled.buffer();
        Wire.text(out, bytes("one"));
        Wire.text(out, bytes("x".repeat(200)));
        Wire.text(out, bytes("three"));

        assertThat(take(out, TEXT)).isEqualTo(bytes("one"));
        assertThat(take(out, TEXT)).hasSize(200);
        assertThat(take(out, TEXT)).isEqualTo(bytes("three"));
        assertThat(out.isReadable()).isFalse();
        out.release();
    }

    @Test
    void whatWasPutIntoOneBufferIsTakenApartAgain() {
        List<String> texts = List.of("", "x".repeat(125), "x".repeat(126), "x".repeat(65_535), "x".repeat(65_536), "ü");
        ByteBuf out = Unpooled.buffer();
        texts.forEach(text -> Wire.text(out, bytes(text)));
        List<String> found = new ArrayList<>();

        Wire.forEachText(
                out, byte[]::new, (json, length) -> found.add(new String(json, 0, length, StandardCharsets.UTF_8)));

        assertThat(found).isEqualTo(texts);
        out.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-c=n7.12 -u=ada"})
    void aMessageFromTheLogReadsAsItWasSent(String header) {
        Envelope envelope = new Envelope(
                new Address.Group("lobby"),
                new Sender.Person("ada", "Ada", "n7.12"),
                "m-1",
                "message",
                1_760_000_000_000L,
                RawJson.of("{\"text\":\"grüße\"}"),
                null);
        byte[] entry = bytes(header + "\n" + new String(FrameWriter.envelope(envelope), StandardCharsets.UTF_8));
        ByteBuf out = Unpooled.buffer();
        Wire.message(out, "group/lobby", new Cursor("k3", 42), entry);

        byte[] json = payload(out, TEXT);

        assertThat(new FrameReader(json.length).readServer(json, 0, json.length))
                .isEqualTo(new ServerFrame.Message("group/lobby", new Cursor("k3", 42), envelope));
    }

    @ParameterizedTest
    @EnumSource(CloseReason.class)
    void aCloseHasCodeAndReason(CloseReason reason) {
        byte[] payload = payload(Wire.close(UnpooledByteBufAllocator.DEFAULT, reason), CLOSE);

        assertThat((payload[0] & 0xFF) << 8 | payload[1] & 0xFF).isEqualTo(reason.code());
        assertThat(new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8))
                .isEqualTo(reason.text());
        assertThat(payload.length).as("a control frame's most").isLessThanOrEqualTo(125);
    }

    @Test
    void aCloseMayHaveNoCode() {
        assertThat(payload(Wire.closeWithoutCode(UnpooledByteBufAllocator.DEFAULT), CLOSE))
                .isEmpty();
    }

    @Test
    void aPongHasThePingsPayload() {
        byte[] bytes = {1, 2, 3, 4};

        assertThat(payload(Wire.pong(UnpooledByteBufAllocator.DEFAULT, bytes, 3), PONG))
                .containsExactly(1, 2, 3);
    }

    @Test
    void headersTakeNoMoreThanPlanned() {
        for (int length : List.of(0, 126, 70_000)) {
            ByteBuf out = Wire.text(UnpooledByteBufAllocator.DEFAULT, new byte[length]);
            assertThat(out.readableBytes() - length).isLessThanOrEqualTo(Wire.HEADER_MAX);
            out.release();
        }
    }

    private static byte[] payload(ByteBuf frame, int firstByte) {
        byte[] payload = take(frame, firstByte);
        assertThat(frame.isReadable()).as("bytes after the frame").isFalse();
        frame.release();
        return payload;
    }

    private static byte[] take(ByteBuf in, int firstByte) {
        assertThat((int) in.readUnsignedByte()).isEqualTo(firstByte);
        long length = in.readUnsignedByte();
        assertThat(length).as("unmasked").isLessThan(128);
        if (length == 126) {
            length = in.readUnsignedShort();
            assertThat(length).as("shortest form").isGreaterThan(125);
        } else if (length == 127) {
            length = in.readLong();
            assertThat(length).as("shortest form").isGreaterThan(65_535);
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readBytes(payload);
        return payload;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
