package dev.parley.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** HTTP/2 without TLS, which the server does not take, though what it is built on could: a few frames of it, most of them wrong. Whoever hangs up is hung up on. */
final class Http2Attack implements Attack {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A request for /, in fields of HPACK's static table: GET, http, /. */
    private static final byte[] GET_ROOT = {(byte) 0x82, (byte) 0x86, (byte) 0x84};

    private static final int QUIET_MILLIS = 60;
    private static final int MOST = 64 * 1024;

    private final Corpus corpus;

    Http2Attack(Corpus corpus) {
        this.corpus = corpus;
    }

    @Override
    public String name() {
        return "http2";
    }

    @Override
    public void once(URI server, Random chance, Told say) throws IOException {
        ByteArrayOutputStream talk = new ByteArrayOutputStream();
        talk.writeBytes(PREFACE);
        talk.writeBytes(frame(4, 0, 0, new byte[0]));
        for (int frames = 1 + chance.nextInt(5); frames > 0; frames--) {
            int stream = chance.nextInt(5) == 0 ? chance.nextInt() & Integer.MAX_VALUE : 1 + 2 * chance.nextInt(3);
            byte[] noise = new byte[chance.nextInt(40)];
            chance.nextBytes(noise);
            talk.writeBytes(
                    switch (chance.nextInt(6)) {
                        case 0 -> frame(chance.nextInt(12), chance.nextInt(256), stream, noise);
                        case 1 -> frame(6, 0, 0, new byte[8]);
                        case 2 ->
                            frame(
                                    8,
                                    0,
                                    0,
                                    ByteBuffer.allocate(4)
                                            .putInt(chance.nextInt())
                                            .array());
                        case 3 -> frame(3, 0, stream, new byte[4]);
                        default -> frame(1, 5, stream, GET_ROOT);
                    });
        }
        Mutator mutator = new Mutator(chance, corpus.frames);
        byte[] sent = chance.nextBoolean() ? mutator.bytes(talk.toByteArray()) : talk.toByteArray();
        say.sent(sent);
        try (Peer peer = new Peer(server)) {
            peer.sendChopped(sent, chance);
            say.happened(peer.readQuiet(QUIET_MILLIS, MOST).isEmpty() ? "quiet" : "answered");
            if (chance.nextBoolean()) {
                peer.reset();
            } else {
                peer.awaitEnd();
            }
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) 0)
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }
}
