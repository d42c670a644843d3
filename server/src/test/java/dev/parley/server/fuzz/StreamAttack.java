package dev.parley.server.fuzz;

import dev.parley.server.proof.ServerProcess;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Streams of events, with channels, places and tokens that are right or not, whose readers go at any moment. */
final class StreamAttack implements Attack {
    private static final List<String> CHANNELS = List.of(
            "all",
            "group/lobby",
            "group/fuzz",
            "group/chat:fuzz",
            "group/dm:x~y",
            "user/nobody",
            "connection/x",
            "group/",
            "group/a b",
            "",
            "ALL",
            "all,all",
            "\u0000");

    private static final List<String> PLACES = List.of(
            "",
            "x",
            "all=x@1",
            "all@x,1",
            "all=k3@99999999999999999999",
            "group/lobby=e@0,all=e@1",
            "a".repeat(3000),
            "=@=@",
            "%",
            "-1");

    private static final int QUIET_MILLIS = 80;
    private static final int MOST = 64 * 1024;

    private final Corpus corpus;

    StreamAttack(Corpus corpus) {
        this.corpus = corpus;
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public void once(URI server, Random chance, Told say) throws IOException {
        Mutator mutator = new Mutator(chance, corpus.frames);
        try (Peer peer = new Peer(server)) {
            byte[] request = request(chance, mutator, peer.host);
            say.sent(request);
            peer.sendChopped(request, chance);
            Peer.Answer answer = peer.answer("GET");
            if (answer == null) {
                say.happened("hung up");
                return;
            }
            HttpAttack.judge(answer, say);
            if (answer.headers().getOrDefault("content-type", "").startsWith("text/event-stream")) {
                String events = peer.readQuiet(QUIET_MILLIS, MOST);
                say.happened(
                        events.contains("event: welcome") || events.contains("event:welcome")
                                ? "welcome"
                                : "no welcome");
                if (events.contains("\"internal\"")) {
                    say.wrong("a fault of the server's: " + events);
                }
            }
            if (chance.nextBoolean()) {
                peer.reset();
            } else {
                peer.awaitEnd();
            }
        } catch (SocketTimeoutException silent) {
            throw new IOException("a stream is not answered", silent);
        }
    }

    private byte[] request(Random chance, Mutator mutator, String host) {
        List<String> query = new ArrayList<>();
        for (int channels = chance.nextInt(4) == 0 ? chance.nextInt(40) : 1; channels > 0; channels--) {
            query.add("channel=" + encoded(mutator.any(CHANNELS)));
        }
        if (chance.nextInt(4) == 0) {
            query.add("last=" + mutator.any(List.of("0", "5", "200", "201", "-1", "x", "")));
        }
        if (chance.nextInt(5) == 0) {
            query.add("lastEventId=" + encoded(mutator.any(PLACES)));
        }
        if (chance.nextInt(8) == 0) {
            query.add("access_token=" + mutator.any(corpus.tokens));
        }
        List<String> head =
                new ArrayList<>(List.of("GET /v1/stream?" + String.join("&", query) + " HTTP/1.1", "Host: " + host));
        if (chance.nextInt(8) > 0) {
            head.add("Authorization: Bearer "
                    + (chance.nextBoolean() ? ServerProcess.SERVICE_KEY : mutator.any(corpus.tokens)));
        }
        if (chance.nextInt(3) > 0) {
            head.add("Accept: text/event-stream");
        }
        if (chance.nextInt(4) == 0) {
            head.add("Last-Event-ID: " + mutator.any(PLACES));
        }
        if (chance.nextInt(10) == 0) {
            head.add("Origin: https://evil.example");
        }
        return (String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
