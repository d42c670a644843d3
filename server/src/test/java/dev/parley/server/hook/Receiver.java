package dev.parley.server.hook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A team's service behind a webhook. Verifies each call by itself, as the Standard Webhooks specification says and not as the hub's code does; what does not verify is answered with 401.
 */
public final class Receiver implements AutoCloseable {
    public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Call> calls = new ArrayList<>();
    private volatile Function<Call, Answer> answering;

    /** A call that verified. */
    public record Call(String id, JsonObject event) {
        public String type() {
            return event.getString("type");
        }

        public JsonObject data() {
            return event.getJsonObject("data");
        }
    }

    /** What it is answered. */
    public record Answer(int status, String body) {
        public static final Answer OK = new Answer(204, "");
    }

    /** One at this port, 0 for any. */
    public Receiver(int port, Function<Call, Answer> answering) {
        this.answering = answering;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/hook", this::handle);
        server.start();
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/hook";
    }

    public void answer(Function<Call, Answer> other) {
        answering = other;
    }

    /** The calls so far, those included that were not taken. */
    public List<Call> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Answer answer = new Answer(401, "");
        String id = exchange.getRequestHeaders().getFirst("webhook-id");
        String time = exchange.getRequestHeaders().getFirst("webhook-timestamp");
        String signatures = exchange.getRequestHeaders().getFirst("webhook-signature");
        boolean recent = Math.abs(Long.parseLong(time) - System.currentTimeMillis() / 1000) < 300;
        boolean typed =
                exchange.getRequestHeaders().getFirst("Content-Type").startsWith("application/cloudevents+json");
        if (recent && typed && Arrays.asList(signatures.split(" ")).contains("v1," + sign(id, time, body))) {
            Call call = new Call(id, new JsonObject(new String(body, StandardCharsets.UTF_8)));
            synchronized (calls) {
                calls.add(call);
            }
            answer = answering.apply(call);
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static String sign(String id, String time, byte[] body) {
        try {
            byte[] head = (id + "." + time + ".").getBytes(StandardCharsets.UTF_8);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(SECRET.split("_")[1]), "HmacSHA256"));
            mac.update(ByteBuffer.wrap(head));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
