package dev.parley.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A conversation whose bytes were tampered with on their way, headers of frames included. Nothing need be answered, but what is must be well-formed, and who
 * hangs up is hung up on.
 */
final class FramingAttack implements Attack {
    private static final int QUIET_MILLIS = 60;
    private static final int[] LENGTHS = {0, 1, 125, 126, 127, 0xFFFF, 0x10000, 262_144, 262_145, Integer.MAX_VALUE};

    private final Corpus corpus;

    FramingAttack(Corpus corpus) {
        this.corpus = corpus;
    }

    @Override
    public String name() {
        return "framing";
    }

    @Override
    public void once(URI server, Random chance, Told say) throws IOException {
        Mutator mutator = new Mutator(chance, corpus.frames);
        try (Peer peer = Peer.connect(server)) {
            byte[] talk = talk(chance, mutator);
            byte[] sent = chance.nextInt(8) == 0 ? talk : mutator.bytes(talk);
            say.sent(sent);
            peer.sendChopped(sent, chance);
            hear(peer, say);
            if (chance.nextInt(3) == 0) {
                peer.reset();
            } else {
                peer.awaitEnd();
            }
        }
    }

    private byte[] talk(Random chance, Mutator mutator) {
        ByteArrayOutputStream talk = new ByteArrayOutputStream();
        if (chance.nextInt(3) > 0) {
            String hello = "{\"type\":\"hello\",\"token\":\"" + mutator.any(corpus.tokens) + "\"}";
            talk.writeBytes(Peer.frame(0x81, hello.getBytes(StandardCharsets.UTF_8), chance.nextInt()));
        }
        for (int frames = 1 + chance.nextInt(6); frames > 0; frames--) {
            byte[] payload = mutator.any(corpus.frames).getBytes(StandardCharsets.UTF_8);
            talk.writeBytes(
                    switch (chance.nextInt(7)) {
                        case 0 -> Peer.frame(chance.nextInt(256), payload, chance.nextInt());
                        case 1 -> Peer.frame(0x89, new byte[chance.nextInt(130)], chance.nextInt());
                        case 2 -> Peer.frame(0x88, close(chance), chance.nextInt());
                        case 3 -> Peer.frame(0x01, payload, chance.nextInt());
                        case 4 -> Peer.frame(0x80, payload, chance.nextInt());
                        case 5 -> lying(chance, payload);
                        default -> Peer.frame(0x81, payload, chance.nextInt());
                    });
        }
        return talk.toByteArray();
    }

    private static byte[] close(Random chance) {
        byte[] payload = new byte[chance.nextInt(20)];
        chance.nextBytes(payload);
        if (payload.length > 1) {
            ByteBuffer.wrap(payload)
                    .putShort((short) (chance.nextInt(6) == 0 ? chance.nextInt() : 998 + chance.nextInt(20)));
        }
        return payload;
    }

    /** A frame that says another length than it has. */
    private static byte[] lying(Random chance, byte[] payload) {
        long said = LENGTHS[chance.nextInt(LENGTHS.length)];
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) (0x80 | chance.nextInt(3)));
        switch (chance.nextInt(3)) {
            case 0 -> frame.put((byte) (0x80 | (int) said & 0x7F));
            case 1 -> frame.put((byte) (0x80 | 126)).putShort((short) said);
            default -> frame.put((byte) (0x80 | 127)).putLong(chance.nextInt(4) == 0 ? chance.nextLong() : said);
        }
        frame.putInt(chance.nextInt()).put(payload);
        byte[] made = new byte[frame.position()];
        frame.flip().get(made);
        return made;
    }

    private static void hear(Peer peer, Told say) throws IOException {
        try {
            while (true) {
                Peer.Frame frame = peer.readFrame(QUIET_MILLIS);
                if (frame == null) {
                    say.happened("hung up");
                    return;
                }
                if ((frame.first() & 0x70) != 0 || (frame.first() & 0x80) == 0) {
                    say.wrong("answered with a frame that begins with " + Integer.toHexString(frame.first()));
                }
                if (frame.opcode() == Peer.CLOSE) {
                    say.happened("close " + frame.closeCode());
                    if (frame.closeCode() == 1006 || frame.closeCode() < 1000) {
                        say.wrong("closed with " + frame.closeCode());
                    }
                    return;
                }
                String text = new String(frame.payload(), StandardCharsets.UTF_8);
                say.happened("opcode " + frame.opcode());
                if (text.contains("\"code\":\"internal\"")) {
                    say.wrong("a fault of the server's: " + text);
                }
            }
        } catch (SocketTimeoutException quiet) {
            say.happened("quiet");
        }
    }
}
