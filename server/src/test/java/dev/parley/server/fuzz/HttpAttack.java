package dev.parley.server.fuzz;

import dev.parley.server.proof.ServerProcess;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** The calls of the OpenAPI document, with other names, bodies and headers, and other calls. What is a request is answered, and never with a fault of the server's. */
final class HttpAttack implements Attack {
    private static final List<String> OTHER_PATHS = List.of(
            "/",
            "/index.html",
            "/live",
            "/chat/app.js",
            "/favicon.svg",
            "/_static/lit/lit.js",
            "/q/health",
            "/q/health/live",
            "/q/metrics",
            "/q/openapi",
            "/q/openapi?format=json",
            "/q/dev",
            "/q/",
            "/v1",
            "/v1/",
            "/v1/nothing",
            "/v1/connect",
            "/v2/messages",
            "/../etc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/chat/..%2f..%2fapplication.properties",
            "/v1/%00",
            "/%",
            "/%zz",
            "//v1/messages",
            "/v1//messages",
            "/v1/messages/",
            "/v1/messages;x=y",
            "/v1/groups/%ff/messages",
            "/v1/groups/a%2fb",
            "*",
            "http://127.0.0.1/v1/cluster",
            "/v1/messages:batch:batch",
            "/" + "a".repeat(3500),
            "/?" + "a=b&".repeat(800));

    private static final List<String> METHODS = List.of(
            "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY", "get", "X".repeat(40));

    private static final List<String> HEADERS = List.of(
            "Origin: https://evil.example",
            "Origin: null",
            "Accept: text/event-stream",
            "Accept: application/xml",
            "Accept: */*;q=x",
            "Accept: ",
            "Accept-Encoding: gzip, br, identity;q=0",
            "Content-Encoding: gzip",
            "Content-Type: text/plain",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: ;;;",
            "Content-Type: multipart/form-data; boundary=x",
            "Idempotency-Key: same",
            "Idempotency-Key: " + "k".repeat(70),
            "Idempotency-Key: \u00ff",
            "Range: bytes=0-1,5-",
            "If-Modified-Since: yesterday",
            "If-None-Match: \"x\"",
            "Expect: 100-continue",
            "Expect: nothing",
            "X-HTTP-Method-Override: DELETE",
            "X-Forwarded-For: 1.2.3.4, x",
            "Forwarded: for=\"[::1",
            "Cookie: " + "c=d; ".repeat(200),
            "Host: other.example",
            "X-Long: " + "y".repeat(6000),
            "Last-Event-ID: " + "z".repeat(2000),
            "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings",
            "Upgrade: websocket\r\nConnection: Upgrade");

    private static final List<String> NAMES = List.of(
            "",
            "-1",
            "0",
            "1",
            "50",
            "200",
            "201",
            "1e3",
            "9007199254740992",
            "99999999999999999999",
            "x",
            "true",
            "\u00e9",
            "%",
            "a b",
            "{}",
            "'",
            "..",
            "\u0000",
            "🙂");

    private static final int QUIET_MILLIS = 150;

    private final Corpus corpus;

    HttpAttack(Corpus corpus) {
        this.corpus = corpus;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public void once(URI server, Random chance, Told say) throws IOException {
        Mutator mutator = new Mutator(chance, corpus.frames);
        try (Peer peer = new Peer(server)) {
            for (int requests = 1 + chance.nextInt(4); requests > 0; requests--) {
                Request request = request(chance, mutator, peer.host);
                boolean tampered = chance.nextInt(8) == 0;
                byte[] sent = tampered ? mutator.bytes(request.bytes) : request.bytes;
                say.sent(sent);
                peer.sendChopped(sent, chance);
                if (!hear(peer, request, tampered, say) || tampered) {
                    break;
                }
            }
            if (chance.nextBoolean()) {
                peer.awaitEnd();
            } else {
                peer.reset();
            }
        }
    }

    private record Request(String method, String target, byte[] bytes) {}

    private Request request(Random chance, Mutator mutator, String host) {
        Corpus.Call call = mutator.any(corpus.calls);
        String method = chance.nextInt(10) == 0 ? mutator.any(METHODS) : call.method();
        String target = chance.nextInt(6) == 0 ? mutator.any(OTHER_PATHS) : target(call, chance, mutator);
        String body = call.body() == null || chance.nextInt(20) == 0 ? mutator.any(corpus.frames) : call.body();
        byte[] content = switch (chance.nextInt(5)) {
            case 0 -> FrameAttack.utf8(body);
            case 1 -> mutator.bytes(FrameAttack.utf8(body));
            default -> FrameAttack.utf8(mutator.json(body));
        };
        if (call.body() == null && chance.nextInt(10) > 0) {
            content = new byte[0];
        }
        List<String> head = new ArrayList<>();
        head.add(method + " " + target + " HTTP/1.1");
        head.add("Host: " + host);
        if (chance.nextInt(12) > 0) {
            head.add("Authorization: Bearer "
                    + (chance.nextInt(3) > 0 ? ServerProcess.SERVICE_KEY : mutator.any(corpus.tokens)));
        } else {
            head.add("Authorization: "
                    + mutator.any(List.of(
                            "Bearer",
                            "Bearer ",
                            "Basic eDp5",
                            "Bearer a.b.c",
                            "Bearer " + "x".repeat(5000),
                            "bearer eyJhbGciOiJub25lIn0.e30.")));
        }
        for (int more = chance.nextInt(3); more > 0; more--) {
            head.add(mutator.any(HEADERS));
        }
        if (content.length > 0) {
            head.add("Content-Type: application/json");
        }
        boolean chunked = content.length > 0 && chance.nextInt(6) == 0;
        head.add(chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + content.length);
        byte[] start = (String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        return new Request(method, target, join(start, chunked ? chunks(content) : content));
    }

    private String target(Corpus.Call call, Random chance, Mutator mutator) {
        boolean takesBack = call.path().endsWith("/tokens");
        String path = call.path()
                .replace(
                        "{group}",
                        chance.nextInt(5) == 0 ? encoded(mutator.any(NAMES)) : encoded(mutator.any(Corpus.GROUPS)))
                // Attackers whose tokens were taken back would not get far.
                .replace(
                        "{user}",
                        takesBack || chance.nextInt(5) == 0 ? encoded(mutator.any(NAMES)) : mutator.any(corpus.users))
                .replace("{connection}", encoded(mutator.any(NAMES)));
        String query = call.query().stream()
                .filter(name -> chance.nextInt(3) > 0)
                .map(name -> name + "=" + encoded(mutator.any(NAMES)))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static byte[] chunks(byte[] content) {
        byte[] first = (Integer.toHexString(content.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return join(join(first, content), "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Whether the connection may be used for another request. */
    private static boolean hear(Peer peer, Request request, boolean tampered, Told say) throws IOException {
        Peer.Answer answer;
        try {
            answer = tampered ? peer.answer(request.method, QUIET_MILLIS) : peer.answer(request.method);
            while (answer != null && answer.status() == 100) {
                answer = peer.answer(request.method);
            }
        } catch (SocketTimeoutException silent) {
            if (tampered) {
                say.happened("quiet");
                return false;
            }
            throw silent;
        } catch (NumberFormatException | IndexOutOfBoundsException notHttp) {
            say.wrong("answered with what is no HTTP: " + notHttp);
            return false;
        }
        if (answer == null) {
            say.happened("hung up");
            return false;
        }
        judge(answer, say);
        boolean streams = answer.headers().getOrDefault("content-type", "").startsWith("text/event-stream");
        return !streams && !"close".equals(answer.headers().get("connection")) && answer.status() != 101;
    }

    /** What holds for every answer over HTTP, whoever asked for whatever. */
    static void judge(Peer.Answer answer, Told say) {
        say.happened("status " + answer.status());
        boolean mayFail = answer.status() == 501
                || answer.status() == 505
                || answer.status() == 503 && answer.body().contains("\"unavailable\"");
        if (answer.status() >= 500 && !mayFail) {
            say.wrong("answered " + answer.status() + " " + answer.body());
        }
        for (String inner : List.of(
                "Exception", "\tat ", "dev.parley", "io.vertx", "io.quarkus", "io.netty", "java.lang", "jakarta.")) {
            if (answer.status() >= 400 && answer.body().contains(inner)) {
                say.wrong("tells of its inside: " + answer.body());
            }
        }
    }
}
