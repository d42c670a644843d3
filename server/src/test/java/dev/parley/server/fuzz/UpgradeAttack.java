package dev.parley.server.fuzz;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Handshakes with headers that are missing, doubled, malformed, contradictory or huge, and bytes of handshakes that were tampered with. */
final class UpgradeAttack implements Attack {
    private static final int QUIET_MILLIS = 150;
    private static final List<String> STRANGE = List.of(
            "Upgrade: h2c",
            "Upgrade: websocket, h2c",
            "Upgrade: WEBSOCKET",
            "Upgrade:",
            "Connection: close",
            "Connection: keep-alive, Upgrade",
            "Connection: Upgrade, Upgrade",
            "Sec-WebSocket-Version: 0",
            "Sec-WebSocket-Version: 8",
            "Sec-WebSocket-Version: 13, 8",
            "Sec-WebSocket-Version: thirteen",
            "Sec-WebSocket-Key: short",
            "Sec-WebSocket-Key: " + "A".repeat(9000),
            "Sec-WebSocket-Key:",
            "Sec-WebSocket-Key: \u00ff\u00fe",
            "Sec-WebSocket-Protocol: mqtt, , parley.v1.json",
            "Sec-WebSocket-Protocol: " + "p,".repeat(2000),
            "Sec-WebSocket-Protocol:",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; server_max_window_bits=99",
            "Sec-WebSocket-Extensions: x; y=\"",
            "Sec-WebSocket-Extensions: deflate-frame, x-webkit-deflate-frame",
            "Origin: https://evil.example",
            "Origin: http://127.0.0.1",
            "Origin: ::::",
            "Authorization: Bearer",
            "Authorization: Bearer x",
            "Authorization: Bearer " + "a.".repeat(3000),
            "Authorization: Negotiate x",
            "X-Forwarded-For: ::::1, 999.1.1.1",
            "Forwarded: for=_x;by=;;",
            "Content-Length: 5",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: identity, chunked",
            "Expect: 100-continue",
            "Host:",
            "Host: a\r\nHost: b",
            " folded: yes",
            "NoColon",
            ": empty",
            "Bad Name: x",
            "X: \u0000",
            "X: a\rb",
            "X: " + "x".repeat(9000));

    private final Corpus corpus;

    UpgradeAttack(Corpus corpus) {
        this.corpus = corpus;
    }

    @Override
    public String name() {
        return "upgrades";
    }

    @Override
    public void once(URI server, Random chance, Told say) throws IOException {
        Mutator mutator = new Mutator(chance, corpus.frames);
        try (Peer peer = new Peer(server)) {
            byte[] sent = request(chance, mutator, peer.host);
            say.sent(sent);
            peer.sendChopped(sent, chance);
            if (hear(peer, say)) {
                byte[] hello = FrameAttack.utf8("{\"type\":\"hello\",\"id\":1}");
                peer.send(Peer.frame(0x81, hello, chance.nextInt()));
                Peer.Frame frame = peer.readFrame();
                say.happened(frame == null ? "hung up" : "opcode " + frame.opcode());
            }
            if (chance.nextInt(3) == 0) {
                peer.reset();
            } else {
                peer.awaitEnd();
            }
        }
    }

    private byte[] request(Random chance, Mutator mutator, String host) {
        List<String> head = new ArrayList<>(List.of(Peer.handshake(host).strip().split("\r\n")));
        for (int changes = 1 + chance.nextInt(3); changes > 0; changes--) {
            int at = 1 + chance.nextInt(head.size() - 1);
            switch (chance.nextInt(5)) {
                case 0 -> head.remove(at);
                case 1 -> head.add(at, head.get(at));
                case 2 -> head.set(at, mutator.any(STRANGE));
                default -> head.add(at, mutator.any(STRANGE));
            }
            if (head.size() < 3) {
                break;
            }
        }
        switch (chance.nextInt(8)) {
            case 0 ->
                head.set(
                        0, mutator.any(List.of("POST", "HEAD", "PUT", "OPTIONS", "CONNECT")) + " /v1/connect HTTP/1.1");
            case 1 ->
                head.set(
                        0,
                        "GET /v1/connect"
                                + mutator.any(List.of(
                                        "?ticket=",
                                        "?ticket=x&ticket=y",
                                        "?ticket=%ff",
                                        "/",
                                        "?access_token=x",
                                        "?" + "t".repeat(3000)))
                                + " HTTP/1.1");
            case 2 ->
                head.set(
                        0, "GET /v1/connect " + mutator.any(List.of("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9", "")));
            case 3 -> head.add("Authorization: Bearer " + mutator.any(corpus.tokens));
            default -> {
                // The line as it should be.
            }
        }
        byte[] bytes = (String.join(chance.nextInt(12) == 0 ? "\n" : "\r\n", head) + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        return chance.nextInt(4) == 0 ? mutator.bytes(bytes) : bytes;
    }

    /** Whether there is a WebSocket now. */
    private static boolean hear(Peer peer, Told say) throws IOException {
        try {
            Peer.Answer answer = peer.answer("GET", QUIET_MILLIS);
            if (answer == null) {
                say.happened("hung up");
                return false;
            }
            HttpAttack.judge(answer, say);
            return answer.status() == 101;
        } catch (SocketTimeoutException quiet) {
            say.happened("quiet");
            return false;
        }
    }
}
