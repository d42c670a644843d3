package dev.parley.server.fuzz;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;

/**
 * Well-formed WebSocket messages with mutated frames in them. Whatever they are, a ping behind them is answered, or the connection is closed with a code of the
 * contract.
 */
final class FrameAttack implements Attack {
    private static final String END = "the end of this case";
    private static final Set<Integer> MAY_CLOSE = Set.of(1007, 1008, 1009, 1013, 4100, 4200, 4201, 4202);
    private static final Set<String> TYPES = Set.of(
            "welcome",
            "ack",
            "error",
            "message",
            "skip",
            "gap",
            "presence",
            "typing",
            "receipt",
            "membership",
            "expiring",
            "ping",
            "pong");

    private final Corpus corpus;

    FrameAttack(Corpus corpus) {
        this.corpus = corpus;
    }

    @Override
    public String name() {
        return "frames";
    }

    @Override
    public void once(URI server, Random chance, Told say) throws IOException {
        Mutator mutator = new Mutator(chance, corpus.frames);
        try (Peer peer = Peer.connect(server)) {
            if (chance.nextInt(10) > 0) {
                peer.send(message(chance, hello(chance, mutator)));
                for (int joins = chance.nextInt(3); joins > 0; joins--) {
                    JsonObject join = new JsonObject().put("type", "join").put("group", mutator.any(Corpus.GROUPS));
                    peer.send(message(chance, utf8(join.encode())));
                }
            }
            for (int messages = 1 + chance.nextInt(12); messages > 0; messages--) {
                byte[] text = text(chance, mutator);
                byte[] frames = message(chance, text);
                say.sent(text);
                peer.sendChopped(frames, chance);
            }
            peer.send(message(
                    chance,
                    utf8(new JsonObject().put("type", "ping").put("id", END).encode())));
            hear(peer, say);
            end(peer, chance);
        }
    }

    private byte[] hello(Random chance, Mutator mutator) {
        JsonObject hello = new JsonObject().put("type", "hello").put("id", 0).put("token", mutator.any(corpus.tokens));
        if (chance.nextInt(3) == 0) {
            hello.put(
                    "resume",
                    new JsonObject()
                            .put(
                                    "group/" + mutator.any(Corpus.GROUPS),
                                    new JsonObject().put("epoch", "x").put("seq", chance.nextInt(9))));
        }
        return utf8(chance.nextInt(8) == 0 ? mutator.json(hello.encode()) : hello.encode());
    }

    private byte[] text(Random chance, Mutator mutator) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int lines = chance.nextInt(5) == 0 ? 1 + chance.nextInt(20) : 1; lines > 0; lines--) {
            String frame = mutator.any(corpus.frames);
            frame = frame.replace("lobby", mutator.any(Corpus.GROUPS))
                    .replace("\"ada\"", "\"" + mutator.any(corpus.users) + "\"");
            text.writeBytes(
                    switch (chance.nextInt(6)) {
                        case 0, 1 -> utf8(frame);
                        case 2 ->
                            lines > 1 || chance.nextInt(3) > 0 ? utf8(mutator.json(frame)) : mutator.bytes(utf8(frame));
                        default -> utf8(mutator.json(frame));
                    });
            text.write('\n');
        }
        return text.toByteArray();
    }

    /** As one frame or in fragments, maybe with a ping between two. */
    private static byte[] message(Random chance, byte[] payload) {
        if (chance.nextInt(4) > 0 || payload.length == 0) {
            return Peer.frame(0x80 | Peer.TEXT, payload, chance.nextInt());
        }
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int at = 0;
        while (at < payload.length) {
            int to = chance.nextInt(4) == 0
                    ? payload.length
                    : Math.min(payload.length, at + chance.nextInt(payload.length));
            int first = (to == payload.length ? 0x80 : 0) | (frames.size() == 0 ? Peer.TEXT : 0);
            frames.writeBytes(Peer.frame(first, Arrays.copyOfRange(payload, at, to), chance.nextInt()));
            if (to < payload.length && chance.nextInt(5) == 0) {
                frames.writeBytes(Peer.frame(0x89, new byte[chance.nextInt(126)], chance.nextInt()));
            }
            at = to;
        }
        return frames.toByteArray();
    }

    /** Reads up to the answer to the last ping. */
    private static void hear(Peer peer, Told say) throws IOException {
        while (true) {
            Peer.Frame frame = peer.readFrame();
            if (frame == null) {
                say.happened("hung up");
                return;
            }
            if (frame.opcode() == Peer.CLOSE) {
                say.happened("close " + frame.closeCode());
                if (!MAY_CLOSE.contains(frame.closeCode())) {
                    say.wrong("closed with " + frame.closeCode());
                }
                return;
            }
            if (frame.opcode() == Peer.TEXT && isEnd(new String(frame.payload(), StandardCharsets.UTF_8), say)) {
                return;
            }
        }
    }

    private static boolean isEnd(String text, Told say) {
        try {
            JsonObject frame = new JsonObject(text);
            say.happened(frame.getString("type")
                    + frame.getString("code", "").replaceFirst("^", " ").stripTrailing());
            if (!TYPES.contains(frame.getString("type"))) {
                say.wrong("answered with " + text);
            }
            if ("internal".equals(frame.getString("code"))) {
                say.wrong("a fault of the server's: " + text);
            }
            return END.equals(frame.getValue("id"));
        } catch (DecodeException e) {
            say.wrong("answered with what is no JSON: " + text);
            return false;
        }
    }

    private static void end(Peer peer, Random chance) throws IOException {
        switch (chance.nextInt(4)) {
            case 0 -> peer.reset();
            case 1 -> peer.awaitEnd();
            case 2 -> {
                peer.send(Peer.frame(0x80 | Peer.CLOSE, new byte[] {0x03, (byte) 0xE8}, chance.nextInt()));
                peer.awaitEnd();
            }
            default -> {
                // The operating system says it.
            }
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
