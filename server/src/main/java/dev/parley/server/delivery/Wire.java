package dev.parley.server.delivery;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.json.FrameLines;
import dev.parley.protocol.json.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * WebSocket frames as a server sends them (RFC 6455, section 5.2): never masked, never fragmented, so that the bytes of one serve every recipient.
 *
 * <p>Without state; used on any thread.
 */
final class Wire {
    private static final int FINAL_TEXT = 0x81;
    private static final int FINAL_CLOSE = 0x88;
    private static final int FINAL_PONG = 0x8A;

    /** The most bytes a frame's header takes. */
    static final int HEADER_MAX = 10;

    private Wire() {}

    static ByteBuf text(ByteBufAllocator allocator, byte[] json) {
        ByteBuf out = allocator.directBuffer(HEADER_MAX + json.length);
        text(out, json);
        return out;
    }

    static void text(ByteBuf out, byte[] json) {
        text(out, json, 0, json.length);
    }

    private static void text(ByteBuf out, byte[] json, int offset, int length) {
        header(out, FINAL_TEXT, length);
        out.writeBytes(json, offset, length);
    }

    /** A frame for each line, as sockets and streams take them apart. */
    static ByteBuf texts(ByteBufAllocator allocator, byte[] lines) {
        ByteBuf out = allocator.directBuffer(HEADER_MAX + lines.length);
        FrameLines.forEach(lines, 0, lines.length, (json, offset, length) -> text(out, json, offset, length));
        return out;
    }

    /** A {@code message} frame, put together from its place and the envelope's bytes as they lie in the log. */
    static void message(ByteBuf out, String channel, Cursor at, byte[] entry) {
        byte[] head = FrameWriter.messageHead(channel, at);
        int fields = Stored.envelopeAt(entry) + 1;
        header(out, FINAL_TEXT, head.length + entry.length - fields);
        out.writeBytes(head).writeBytes(entry, fields, entry.length - fields);
    }

    static ByteBuf close(ByteBufAllocator allocator, int code, String text) {
        byte[] reason = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = allocator.directBuffer(HEADER_MAX + 2 + reason.length);
        header(out, FINAL_CLOSE, 2 + reason.length);
        return out.writeShort(code).writeBytes(reason);
    }

    static ByteBuf close(ByteBufAllocator allocator, CloseReason reason) {
        return close(allocator, reason.code(), reason.text());
    }

    /** The answer to a close frame without a code. */
    static ByteBuf closeWithoutCode(ByteBufAllocator allocator) {
        ByteBuf out = allocator.directBuffer(2);
        header(out, FINAL_CLOSE, 0);
        return out;
    }

    /** The answer to a ping whose payload is {@code bytes}' first {@code length}. */
    static ByteBuf pong(ByteBufAllocator allocator, byte[] bytes, int length) {
        ByteBuf out = allocator.directBuffer(HEADER_MAX + length);
        header(out, FINAL_PONG, length);
        return out.writeBytes(bytes, 0, length);
    }

    /** Takes apart what {@link #text} and {@link #message} wrote, one after the other, and gives the JSON of each. */
    static void forEachText(ByteBuf frames, IntFunction<byte[]> scratch, Text each) {
        while (frames.isReadable()) {
            frames.skipBytes(1);
            int length = frames.readByte();
            if (length == 126) {
                length = frames.readUnsignedShort();
            } else if (length == 127) {
                length = (int) frames.readLong();
            }
            byte[] json = scratch.apply(length);
            frames.readBytes(json, 0, length);
            each.text(json, length);
        }
    }

    /** A frame's JSON at the beginning of an array, whose contents last as long as the call. */
    @FunctionalInterface
    interface Text {
        void text(byte[] json, int length);
    }

    private static void header(ByteBuf out, int opcode, int length) {
        out.writeByte(opcode);
        if (length < 126) {
            out.writeByte(length);
        } else if (length <= 0xFFFF) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
    }
}
