package dev.parley.server.delivery;

import dev.parley.protocol.json.Utf8;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Takes what comes in on one connection apart into WebSocket messages (RFC 6455), as strictly as the RFC asks of a server. Called by {@link Socket} on its event
 * loop.
 *
 * <p>Our own in place of Netty's decoder, because between two reads it keeps nothing but what is incomplete: a copy of just those bytes. And a whole frame, which is
 * what nearly every read brings, becomes the bytes of its message in one copy, without an object in between.
 */
final class FrameDecoder {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int FINAL = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CONTROL = 8;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int CONTROL_MAX = 125;
    private static final int SHORT = 126;
    private static final int LONG = 127;
    private static final int MASK_BYTES = 4;

    static final int PROTOCOL_ERROR = 1002;
    static final int BAD_DATA = 1007;
    static final int TOO_LARGE = 1009;
    static final int NO_CODE = 1005;

    private final Fanout fanout;
    private final int max;
    private final Listener listener;
    /** The beginning of a frame that is not here yet as a whole, or null. */
    private ByteBuf rest;
    /** The fragments of a message so far, without their masks, or null. */
    private ByteBuf fragments;

    private boolean fragmentsAreText;

    /** What is made of the frames. Each call may end the connection: {@link #isOver} is asked before the next. */
    interface Listener {
        /** A text message, well-formed, at the beginning of {@code utf8}, whose contents last as long as the call. */
        void text(byte[] utf8, int length);

        void binary();

        /** A ping, whose payload is {@code bytes}' first {@code length}. */
        void ping(byte[] bytes, int length);

        /** A close frame with its code, or {@link #NO_CODE}. */
        void closed(int code);

        /** What came breaks the rules; nothing after it is looked at. */
        void violated(int code);

        /** Whether nothing more is to be made of what comes. */
        boolean isOver();
    }

    /**
     * A decoder.
     *
     * @param fanout of the connection's loop
     * @param max the largest message, in bytes
     * @param listener hears of the messages
     */
    FrameDecoder(Fanout fanout, int max, Listener listener) {
        this.fanout = fanout;
        this.max = max;
        this.listener = listener;
    }

    /** Takes what was read, and the reference to it. Gives how many frames were whole by that. What the listener throws is thrown on, and nothing is held then. */
    int read(ByteBuf in) {
        ByteBuf all = in;
        if (rest != null) {
            all = rest.writeBytes(in);
            rest = null;
            in.release();
        }
        int frames = 0;
        try {
            while (!listener.isOver() && frame(all)) {
                frames++;
            }
        } catch (RuntimeException | OutOfMemoryError fault) {
            all.release();
            throw fault;
        }
        if (listener.isOver() || !all.isReadable()) {
            all.release();
        } else if (all == in) {
            // What was read into is as large as the loop's reads are, and its size is not to be held while nothing
            // comes.
            rest = in.alloc().buffer(in.readableBytes()).writeBytes(in);
            in.release();
        } else {
            rest = all.discardSomeReadBytes();
        }
        return frames;
    }

    /** Gives back what is held. */
    void release() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
        dropFragments();
    }

    /** Takes one frame; false when it is not here as a whole. */
    private boolean frame(ByteBuf in) {
        int readable = in.readableBytes();
        if (readable < 2) {
            return false;
        }
        int at = in.readerIndex();
        int first = in.getUnsignedByte(at);
        int second = in.getUnsignedByte(at + 1);
        int violation = check(first, second);
        if (violation != 0) {
            listener.violated(violation);
            return true;
        }
        int header = 2 + MASK_BYTES;
        long length = second & ~MASKED;
        if (length >= SHORT) {
            int lengthBytes = length == SHORT ? Short.BYTES : Long.BYTES;
            header += lengthBytes;
            if (readable < header) {
                return false;
            }
            int least = lengthBytes == Short.BYTES ? SHORT : 0x10000;
            length = lengthBytes == Short.BYTES ? in.getUnsignedShort(at + 2) : in.getLong(at + 2);
            if (length < least) {
                listener.violated(PROTOCOL_ERROR); // negative, or not in the shortest form
                return true;
            }
        }
        int opcode = first & OPCODE;
        long held = opcode == CONTINUATION ? fragments.readableBytes() : 0;
        if (held + length > max) {
            listener.violated(TOO_LARGE);
            return true;
        }
        int whole = header + (int) length;
        if (readable < whole) {
            return false;
        }
        byte[] bytes = payload(in, at + header, (int) length);
        in.skipBytes(whole);
        take(opcode, (first & FINAL) != 0, bytes, (int) length);
        return true;
    }

    /** Whether the first two bytes of a frame break a rule, and with which code the connection ends then; 0 if not. */
    private int check(int first, int second) {
        int opcode = first & OPCODE;
        boolean broken = (first & RESERVED) != 0 || (second & MASKED) == 0;
        if (opcode >= CONTROL) {
            int length = second & ~MASKED;
            broken |= opcode > PONG || (first & FINAL) == 0 || length > CONTROL_MAX || opcode == CLOSE && length == 1;
        } else {
            broken |= opcode > BINARY || opcode == CONTINUATION == (fragments == null);
        }
        return broken ? PROTOCOL_ERROR : 0;
    }

    /** The payload without its mask, in bytes shared by all connections of the loop. */
    private byte[] payload(ByteBuf in, int at, int length) {
        byte[] bytes = fanout.scratch(length);
        in.getBytes(at, bytes, 0, length);
        int mask = in.getInt(at - MASK_BYTES);
        long masks = (long) mask << Integer.SIZE | mask & 0xFFFF_FFFFL;
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            WORDS.set(bytes, i, (long) WORDS.get(bytes, i) ^ masks);
        }
        for (; i < length; i++) {
            bytes[i] ^= (byte) (mask >> 8 * (3 - i % MASK_BYTES));
        }
        return bytes;
    }

    private void take(int opcode, boolean last, byte[] bytes, int length) {
        switch (opcode) {
            case PING -> listener.ping(bytes, length);
            case PONG -> {
                // It was heard, which is all it is for.
            }
            case CLOSE -> close(bytes, length);
            case CONTINUATION -> {
                fragments.writeBytes(bytes, 0, length);
                if (last) {
                    int size = fragments.readableBytes();
                    byte[] message = fanout.scratch(size);
                    fragments.readBytes(message, 0, size);
                    dropFragments();
                    message(fragmentsAreText, message, size);
                }
            }
            default -> {
                if (last) {
                    message(opcode == TEXT, bytes, length);
                } else {
                    fragmentsAreText = opcode == TEXT;
                    fragments = PooledByteBufAllocator.DEFAULT.buffer(length).writeBytes(bytes, 0, length);
                }
            }
        }
    }

    private void message(boolean text, byte[] bytes, int length) {
        if (!text) {
            listener.binary();
        } else if (Utf8.isValid(bytes, 0, length)) {
            listener.text(bytes, length);
        } else {
            listener.violated(BAD_DATA);
        }
    }

    private void close(byte[] bytes, int length) {
        if (length == 0) {
            listener.closed(NO_CODE);
            return;
        }
        int code = (bytes[0] & 0xFF) << Byte.SIZE | bytes[1] & 0xFF;
        boolean sendable = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000;
        if (!sendable) {
            listener.violated(PROTOCOL_ERROR);
        } else if (!Utf8.isValid(bytes, 2, length - 2)) {
            listener.violated(BAD_DATA);
        } else {
            listener.closed(code);
        }
    }

    private void dropFragments() {
        if (fragments != null) {
            fragments.release();
            fragments = null;
        }
    }
}
